"""Evaluation application."""

from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    """The floor's application."""

    name = "evaluation"
    verbose_name = "évaluation"

    def ready(self) -> None:
        """Register what this floor shows on the pages below it."""
        # Models are not loaded when this module is read.
        from evaluation import navigation, panels

        navigation.register_all()
        panels.register_all()
