"""Beneficiaries application."""

from django.apps import AppConfig


class BeneficiariesConfig(AppConfig):
    """The floor's application."""

    name = "beneficiaries"
    verbose_name = "personnes"
