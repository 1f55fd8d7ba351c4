"""Gardens application."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class GardensConfig(AppConfig):
    """From the garden to the plate: loads the species, the varieties and the products."""

    name = "gardens"
    verbose_name = "jardins"

    def ready(self) -> None:
        """Load what is shipped once the tables are there."""
        # Models are not loaded when this module is read.
        from autoprod.operating.backups import count_as
        from gardens.services.species import load_after_migrate

        count_as("lots", "gardens.Lot")
        post_migrate.connect(
            load_after_migrate, sender=self, weak=False, dispatch_uid="gardens.species"
        )
