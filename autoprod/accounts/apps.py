"""Accounts application."""

from django.apps import AppConfig

from autoprod.core.navigation import ACCOUNT, Entry, register
from autoprod.operating import upkeep


class AccountsConfig(AppConfig):
    """Users, second factor, one-time links, sessions."""

    name = "autoprod.accounts"
    label = "accounts"
    verbose_name = "comptes"

    def ready(self) -> None:
        """Add the user's own page to the account menu, and what to throw away."""
        # Models are not loaded when this module is read.
        from autoprod.accounts import lockout, sessions
        from autoprod.operating.backups import count_as

        upkeep.register("tentatives de connexion", lockout.purge_attempts)
        count_as("comptes", "accounts.User")
        upkeep.register("sessions", sessions.purge_sessions)
        register(Entry(ACCOUNT, "Mon compte", "user-round", "accounts:profile", order=0))
