"""Beneficiaries application."""

from django.apps import AppConfig


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
        navigation.register_all()
        panels.register_all()
