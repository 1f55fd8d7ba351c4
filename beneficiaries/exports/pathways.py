"""Export of the steps of a programme over a period; it names persons."""

from import_export.fields import Field

from autoprod.core.scoping import Action
from autoprod.core.spreadsheets import ScopedResource
from beneficiaries.models import Step


class StepResource(ScopedResource):
    """One line per step, with the name of the person."""

    action = Action.VIEW_PATHWAYS
    title = "Démarches"

    last_name = Field("enrolment__person__last_name", "Nom")
    first_name = Field("enrolment__person__first_name", "Prénom")
    usual_name = Field("enrolment__person__usual_name", "Nom d’usage")
    strand = Field("strand__label", "Volet")
    name = Field("name", "Démarche")
    detail = Field("detail", "Précision")
    partner = Field("partner__name", "Partenaire")
    state = Field("state__label", "État")
    planned_on = Field("planned_on", "Prévue le")
    started_on = Field("started_on", "Engagée le")
    done_on = Field("done_on", "Aboutie le")
    abandoned_on = Field("abandoned_on", "Abandonnée le")
    result = Field("result", "Suite donnée")

    class Meta:
        model = Step
        fields = (
            "last_name",
            "first_name",
            "usual_name",
            "strand",
            "name",
            "detail",
            "partner",
            "state",
            "planned_on",
            "started_on",
            "done_on",
            "abandoned_on",
            "result",
        )
        export_order = fields

    def get_queryset(self):
        """Return the rows with what the columns read."""
        return (
            super().get_queryset().select_related("enrolment__person", "strand", "kind", "partner")
        )
