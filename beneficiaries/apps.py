"""Beneficiaries application."""

from django.apps import AppConfig

from autoprod.core.devices import open_to_devices

#: What the code of a device opens: the roll, its papers, and who took part in a workshop.
_OPEN_TO_DEVICES = (
    *("attendance_list", "attendance_tick", "attendance_tap", "attendance_hours"),
    *("attendance_move", "attendance_all_present", "attendance_like_last", "attendance_undo"),
    *("attendance_add", "attendance_close", "attendance_reopen", "attendance_typing"),
    *("attendance_sheet", "attendance_table", "attendance_collective", "workshop_participants"),
)


class BeneficiariesConfig(AppConfig):
    """The floor's application."""

    name = "beneficiaries"
    verbose_name = "personnes"

    def ready(self) -> None:
        """Register what this floor shows on the pages below it, and what is thrown away."""
        # Models are not loaded when this module is read.
        from autoprod.core import handovers
        from autoprod.operating import upkeep
        from autoprod.operating.backups import count_as
        from beneficiaries import navigation, panels
        from beneficiaries.services import drafts, enrolments, interviews

        count_as("personnes", "beneficiaries.Person")
        count_as("présences", "beneficiaries.Attendance")
        handovers.register(enrolments.pass_on)
        handovers.register(interviews.pass_on)
        upkeep.register("brouillons", drafts.purge_drafts)
        open_to_devices(*(f"beneficiaries:{name}" for name in _OPEN_TO_DEVICES))
        navigation.register_all()
        panels.register_all()
