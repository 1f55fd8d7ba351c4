"""Export of a caseload: one line per stay, with dates and counts; it names persons."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from import_export.fields import Field

from autoprod.core.scoping import Action, Scope
from autoprod.core.spreadsheets import ScopedResource
from beneficiaries.models import Enrolment


class Told(NamedTuple):
    """What a line says beside the enrolment: no note, no agreed hours, nothing of an address."""

    due: str
    next_on: date | None
    last_on: date | None
    steps: int
    barriers: int
    #: How many things are still to ask; None for who is no participant.
    missing: int | None
    minutes_of_month: int
    minutes: int


def _hours(minutes: int) -> Decimal:
    """Return hours to the hundredth, which a spreadsheet adds up."""
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"))


class CaseloadResource(ScopedResource):
    """One line per stay; `told` says of each key of enrolment what its line says."""

    action = Action.EDIT_PATHWAYS
    title = "Suivis"

    last_name = Field("person__last_name", "Nom")
    first_name = Field("person__first_name", "Prénom")
    usual_name = Field("person__usual_name", "Nom d’usage")
    programme = Field("programme__name", "Action")
    level = Field(column_name="Accompagnement")
    referent = Field(column_name="Référent")
    entered_on = Field("entered_on", "Entrée")
    due = Field(column_name="À prévoir")
    next_on = Field(column_name="Prochain rendez-vous")
    last_on = Field(column_name="Dernier entretien")
    steps = Field(column_name="Démarches ouvertes")
    barriers = Field(column_name="Freins non levés")
    missing = Field(column_name="Informations à demander")
    hours_of_month = Field(column_name="Heures du mois")
    hours = Field(column_name="Heures en tout")

    class Meta:
        model = Enrolment
        fields = (
            "last_name",
            "first_name",
            "usual_name",
            "programme",
            "level",
            "referent",
            "entered_on",
            "due",
            "next_on",
            "last_on",
            "steps",
            "barriers",
            "missing",
            "hours_of_month",
            "hours",
        )
        export_order = fields

    def __init__(self, *, scope: Scope, told: Mapping[int, Told]) -> None:
        """Keep what was told of each stay."""
        super().__init__(scope=scope)
        self.told = told

    def get_queryset(self):
        """Return the rows with what the columns read."""
        return super().get_queryset().select_related("person", "programme", "referent")

    def dehydrate_level(self, row: Enrolment) -> str:
        """Return the level in words."""
        return row.get_level_display()

    def dehydrate_referent(self, row: Enrolment) -> str:
        """Return who follows, empty when nobody does."""
        return str(row.referent or "")

    def dehydrate_due(self, row: Enrolment) -> str:
        """Return what is waited for."""
        return self.told[row.pk].due

    def dehydrate_next_on(self, row: Enrolment) -> date | None:
        """Return the day of the next appointment."""
        return self.told[row.pk].next_on

    def dehydrate_last_on(self, row: Enrolment) -> date | None:
        """Return the day of the last interview."""
        return self.told[row.pk].last_on

    def dehydrate_steps(self, row: Enrolment) -> int:
        """Return how many steps are open."""
        return self.told[row.pk].steps

    def dehydrate_barriers(self, row: Enrolment) -> int:
        """Return how many barriers are not lifted."""
        return self.told[row.pk].barriers

    def dehydrate_missing(self, row: Enrolment) -> int | None:
        """Return how many things are still to ask."""
        return self.told[row.pk].missing

    def dehydrate_hours_of_month(self, row: Enrolment) -> Decimal:
        """Return the hours of presence of the month."""
        return _hours(self.told[row.pk].minutes_of_month)

    def dehydrate_hours(self, row: Enrolment) -> Decimal:
        """Return the hours of presence in all."""
        return _hours(self.told[row.pk].minutes)
