"""Accounts application."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, second factor, one-time links, sessions."""

    name = "autoprod.accounts"
    label = "accounts"
    verbose_name = "comptes"
