"""Operating application."""

from django.apps import AppConfig


class OperatingConfig(AppConfig):
    """Commands and the health page; knows no business model."""

    name = "autoprod.operating"
    label = "operating"
    verbose_name = "exploitation"
