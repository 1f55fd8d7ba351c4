"""Programmes application."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from autoprod.core.devices import open_to_devices

#: What the code of a device opens: the planning to read, and the day to tell.
_OPEN_TO_DEVICES = (
    *("session_list", "session_month", "session_week", "session_detail"),
    *("session_counts", "session_lead", "session_note", "session_photo_create"),
    *("session_photo", "session_photo_delete"),
)


class ProgrammesConfig(AppConfig):
    """The frame: registers its entries and panels, loads the reference lists."""

    name = "programmes"
    verbose_name = "actions"

    def ready(self) -> None:
        """Register what this floor shows on the pages below it."""
        # Models are not loaded when this module is read.
        from autoprod.operating.backups import count_as
        from programmes import navigation, panels
        from programmes.services.references import load_after_migrate

        count_as("territoires", "programmes.Territory")
        count_as("actions", "programmes.Programme")
        count_as("organisations", "programmes.Organisation")
        open_to_devices(*(f"programmes:{name}" for name in _OPEN_TO_DEVICES))
        navigation.register_all()
        panels.register_all()
        post_migrate.connect(
            load_after_migrate,
            sender=self,
            weak=False,
            dispatch_uid="programmes.references",
        )
