"""Accounts application."""

from django.apps import AppConfig

from autoprod.core.devices import open_to_devices
from autoprod.core.navigation import ACCOUNT, Entry, register
from autoprod.operating import upkeep

#: Pages without login, no more than what anybody opens; home leads where one starts.
_OPEN_TO_DEVICES = (
    *("accounts:login", "accounts:demo_login", "accounts:logout", "accounts:device_unlock"),
    *("accounts:forgotten", "accounts:link", "accounts:link_password"),
    *("core:home", "core:service_worker", "core:offline", "operating:health"),
)


class AccountsConfig(AppConfig):
    """Users, second factor, one-time links, enrolled devices, sessions."""

    name = "autoprod.accounts"
    label = "accounts"
    verbose_name = "comptes"

    def ready(self) -> None:
        """Add the user's own page to the account menu, and what to throw away."""
        # Models are not loaded when this module is read.
        from autoprod.accounts import devices, lockout, sessions
        from autoprod.operating.backups import count_as

        upkeep.register("tentatives de connexion", lockout.purge_attempts)
        count_as("comptes", "accounts.User")
        upkeep.register("sessions", sessions.purge_sessions)
        upkeep.register("appareils à code", devices.purge_devices)
        open_to_devices(*_OPEN_TO_DEVICES)
        register(Entry(ACCOUNT, "Mon compte", "user-round", "accounts:profile", order=0))
        words = "Entrer avec mon mot de passe"
        register(Entry(ACCOUNT, words, "key-round", "accounts:login", on_devices=True))
