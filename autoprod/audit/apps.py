"""Audit application."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Bottom of the house: imports nothing of ours."""

    name = "autoprod.audit"
    label = "audit"
    verbose_name = "journal"
