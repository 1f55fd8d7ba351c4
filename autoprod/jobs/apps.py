"""Jobs application."""

from django.apps import AppConfig

from autoprod.core.navigation import ACCOUNT, Entry, register
from autoprod.operating import upkeep


class JobsConfig(AppConfig):
    """Background jobs behind the standard Tasks interface."""

    name = "autoprod.jobs"
    label = "jobs"
    verbose_name = "travaux"

    def ready(self) -> None:
        """Add the list of one's jobs to the account menu, and what to throw away."""
        # Models are not loaded when this module is read.
        from autoprod.jobs.health import waiting
        from autoprod.jobs.queue import purge_jobs
        from autoprod.operating.health import register_check

        upkeep.register("travaux", purge_jobs)
        register_check("jobs", waiting)
        register(Entry(ACCOUNT, "Mes travaux", "clock", "jobs:list", order=10, for_members=True))
