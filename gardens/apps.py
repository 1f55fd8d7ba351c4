"""Gardens application."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from autoprod.core.devices import open_to_devices

#: What the code of a device opens: what is done on the spot, hands in the earth.
_OPEN_TO_DEVICES: tuple[str, ...] = (
    *("garden_list", "garden_detail", "plot_detail"),
    *("planting_list", "planting_detail", "planting_tap", "planting_undo"),
    *("week_detail", "week_of_days", "reading_list"),
    *("operation_list", "operation_create", "operation_detail", "operation_done"),
    *("operation_tap", "operation_undo", "operation_photo", "operation_photo_create"),
    "operation_photo_delete",
    *("tool_list", "tool_detail", "tool_photo", "loan_late"),
    *("loan_create", "loan_return", "loan_renew", "repair_create", "repair_end"),
    *("apiary_list", "apiary_detail", "colony_detail", "visit_create", "visit_update"),
    *("treatment_create", "treatment_end", "honey_create"),
    *("stock_list", "lot_detail", "lot_donation", "movement_create", "movement_product"),
    *("harvest_weigh", "harvest_undo", "harvest_share", "harvest_list"),
)


class GardensConfig(AppConfig):
    """The floor's application: from the garden to the plate."""

    name = "gardens"
    verbose_name = "jardins"

    def ready(self) -> None:
        """Register what this floor shows; load what is shipped once the tables are there."""
        # Models are not loaded when this module is read.
        from autoprod.operating.backups import count_as
        from gardens import navigation, panels
        from gardens.services.species import load_after_migrate

        count_as("lots", "gardens.Lot")
        open_to_devices(*(f"gardens:{name}" for name in _OPEN_TO_DEVICES))
        navigation.register_all()
        panels.register_all()
        post_migrate.connect(
            load_after_migrate, sender=self, weak=False, dispatch_uid="gardens.species"
        )
