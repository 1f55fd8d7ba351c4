"""Jobs application."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Background jobs behind the standard Tasks interface."""

    name = "autoprod.jobs"
    label = "jobs"
    verbose_name = "travaux"
