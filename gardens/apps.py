"""Gardens application."""

from django.apps import AppConfig


class GardensConfig(AppConfig):
    """The floor's application."""

    name = "gardens"
    verbose_name = "jardins"
