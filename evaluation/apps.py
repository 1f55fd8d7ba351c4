"""Evaluation application."""

from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    """The floor's application."""

    name = "evaluation"
    verbose_name = "évaluation"
