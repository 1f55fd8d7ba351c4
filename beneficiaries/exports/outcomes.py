"""Export of the outcomes of a programme over a period; it names persons."""

from collections.abc import Callable

from import_export.fields import Field

from autoprod.core.scoping import Action, Scope
from autoprod.core.spreadsheets import ScopedResource
from beneficiaries.enums import ExitCategory
from beneficiaries.models import Outcome


class OutcomeResource(ScopedResource):
    """One line per outcome, with the name of the person; `category_of` says what it counts as."""

    action = Action.VIEW_PATHWAYS
    title = "Orientations"

    last_name = Field("enrolment__person__last_name", "Nom")
    first_name = Field("enrolment__person__first_name", "Prénom")
    usual_name = Field("enrolment__person__usual_name", "Nom d’usage")
    kind = Field("kind__label", "Orientation")
    contract = Field("contract__label", "Contrat")
    employer = Field("employer__name", "Chez")
    label = Field("label", "Précision")
    starts_on = Field("starts_on", "Du")
    ends_on = Field("ends_on", "Au")
    counts_as = Field(column_name="Compte comme")

    class Meta:
        model = Outcome
        fields = (
            "last_name",
            "first_name",
            "usual_name",
            "kind",
            "contract",
            "employer",
            "label",
            "starts_on",
            "ends_on",
            "counts_as",
        )
        export_order = fields

    def __init__(self, *, scope: Scope, category_of: Callable[[Outcome], ExitCategory]) -> None:
        """Keep the rule of the categories."""
        super().__init__(scope=scope)
        self.category_of = category_of

    def get_queryset(self):
        """Return the rows with what the columns read."""
        rows = super().get_queryset()
        return rows.select_related("enrolment__person", "kind", "contract", "employer")

    def dehydrate_counts_as(self, row: Outcome) -> str:
        """Return the category in words, as the list writes it."""
        return self.category_of(row).label
