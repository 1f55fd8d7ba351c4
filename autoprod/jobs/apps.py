"""Jobs application."""

from django.apps import AppConfig

from autoprod.core.navigation import ACCOUNT, Entry, register


class JobsConfig(AppConfig):
    """Background jobs behind the standard Tasks interface."""

    name = "autoprod.jobs"
    label = "jobs"
    verbose_name = "travaux"

    def ready(self) -> None:
        """Add the list of one's jobs to the account menu."""
        register(Entry(ACCOUNT, "Mes travaux", "clock", "jobs:list", order=10, for_members=True))
