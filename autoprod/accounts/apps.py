"""Accounts application."""

from django.apps import AppConfig

from autoprod.core.navigation import ACCOUNT, Entry, register


class AccountsConfig(AppConfig):
    """Users, second factor, one-time links, sessions."""

    name = "autoprod.accounts"
    label = "accounts"
    verbose_name = "comptes"

    def ready(self) -> None:
        """Add the user's own page to the account menu."""
        register(Entry(ACCOUNT, "Mon compte", "user-round", "accounts:profile", order=0))
