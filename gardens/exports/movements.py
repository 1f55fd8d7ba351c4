"""Export of what left over a period; nobody is named in it."""

from django.db.models import QuerySet
from import_export.fields import Field

from autoprod.core.scoping import Action
from autoprod.core.spreadsheets import ScopedResource
from gardens.models import Movement


class MovementResource(ScopedResource):
    """One line per movement, what cancels one included: the sum is what left."""

    action = Action.VIEW_GARDENS
    title = "Sorties du stock"

    on = Field("on", "Jour")
    product = Field("lot__product__name", "Produit")
    lot = Field("lot__number", "Lot")
    site = Field("lot__site__name", "Lieu")
    destination = Field(column_name="Vers")
    grams = Field("grams", "Poids (kg)")
    organisation = Field("organisation__name", "Organisation")
    session = Field(column_name="Séance")
    recipients = Field(column_name="Pour combien")
    into = Field("into__number", "Devient le lot")
    is_reverse = Field(column_name="Annule une sortie")
    reason = Field("reason", "Motif")
    note = Field("note", "Précision")

    class Meta:
        model = Movement
        fields = (
            *("on", "product", "lot", "site", "destination", "grams", "organisation", "session"),
            *("recipients", "into", "is_reverse", "reason", "note"),
        )
        export_order = fields

    def get_queryset(self) -> QuerySet[Movement]:
        """Return the rows with what the columns read."""
        names = ("lot__product", "lot__site", "organisation", "session__kind", "into")
        return super().get_queryset().select_related(*names)

    def dehydrate_destination(self, row: Movement) -> str:
        """Return where it went, in words."""
        return row.get_destination_display()

    def dehydrate_session(self, row: Movement) -> str:
        """Return which session it went to."""
        return f"{row.session}, {row.session.on:%d/%m/%Y}" if row.session_id else ""

    def dehydrate_recipients(self, row: Movement) -> int | None:
        """Return for how many; of a cancelled line, as many fewer, so that the sum is right."""
        return -row.recipients if row.reverses_id and row.recipients else row.recipients

    def dehydrate_is_reverse(self, row: Movement) -> bool:
        """Tell whether the line cancels another."""
        return row.reverses_id is not None
