"""Programmes application."""

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """The floor's application."""

    name = "programmes"
    verbose_name = "actions"
