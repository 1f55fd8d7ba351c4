"""Export of the outcomes of a programme over a period; it names persons."""

from import_export.fields import Field

from autoprod.core.scoping import Action
from autoprod.core.spreadsheets import ScopedResource
from beneficiaries.models import Outcome


class OutcomeResource(ScopedResource):
    """One line per outcome, with the name of the person."""

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
        )
        export_order = fields

    def get_queryset(self):
        """Return the rows with what the columns read."""
        rows = super().get_queryset()
        return rows.select_related("enrolment__person", "kind", "contract", "employer")
