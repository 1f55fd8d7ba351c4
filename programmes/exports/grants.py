"""Export of the grants of a programme over a period."""

from django.db.models import QuerySet
from django.http import HttpResponse
from import_export.fields import Field

from autoprod.core.periods import Period
from autoprod.core.scoping import Action, Scope
from autoprod.core.spreadsheets import ScopedResource, download
from programmes.models import Grant, Programme


class GrantResource(ScopedResource):
    """One grant per line, its four amounts in euros."""

    action = Action.VIEW_BUDGET
    title = "Financements"

    edition = Field("edition__label", "Édition")
    funder = Field("funder__name", "Financeur")
    grant = Field("title", "Dispositif")
    number = Field("number", "Numéro de dossier")
    state = Field("state__label", "État")
    requested = Field("requested", "Demandé en euros")
    requested_on = Field("requested_on", "Demandé le")
    awarded = Field("awarded", "Attribué en euros")
    awarded_on = Field("awarded_on", "Attribué le")
    paid = Field("paid", "Versé en euros")
    drawn = Field("drawn", "Justifié en euros")
    report_due_on = Field("report_due_on", "Compte rendu attendu le")
    reported_on = Field("reported_on", "Compte rendu remis le")

    class Meta:
        model = Grant
        fields = (
            "edition",
            "funder",
            "grant",
            "number",
            "state",
            "requested",
            "requested_on",
            "awarded",
            "awarded_on",
            "paid",
            "drawn",
            "report_due_on",
            "reported_on",
        )
        export_order = fields

    def get_queryset(self) -> QuerySet:
        """Return the rows with what the columns read."""
        return super().get_queryset().with_amounts().select_related("edition", "funder")


def grants_file(scope: Scope, programme: Programme, period: Period, kind: str) -> HttpResponse:
    """Return the grants of the period as a download; `kind` is csv or xlsx."""
    resource = GrantResource(scope=scope)
    rows = resource.get_queryset().of_programme(programme).in_period(period)
    rows = rows.order_by("-edition__starts_on", "funder__sort_key", "pk")
    return download(resource.sheet(rows), kind, f"financements-{period.slug}")
