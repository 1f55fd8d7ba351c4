"""Export of harvests: one line per weighing; nobody is named."""

from collections.abc import Mapping
from decimal import Decimal

from import_export.fields import Field

from autoprod.core.scoping import Action, Scope
from autoprod.core.spreadsheets import ScopedResource
from gardens.models import Harvest


class HarvestResource(ScopedResource):
    """One line per weighing; `corrections` says what each key lost since."""

    action = Action.VIEW_GARDENS
    title = "Récoltes"

    on = Field("on", "Jour")
    site = Field("site__name", "Jardin")
    product = Field("product__name", "Produit")
    variety = Field("variety__name", "Variété")
    kept = Field(column_name="Poids (kg)")
    grams = Field("grams", "Poids pesé (kg)")
    pieces = Field("pieces", "Pièces")
    is_estimated = Field("is_estimated", "Poids estimé")
    quality = Field(column_name="Qualité")
    lot = Field("lot__number", "Lot")
    left = Field("lot__balance__left", "Reste en stock (kg)")

    class Meta:
        model = Harvest
        fields = (
            "on",
            "site",
            "product",
            "variety",
            "kept",
            "grams",
            "pieces",
            "is_estimated",
            "quality",
            "lot",
            "left",
        )
        export_order = fields

    def __init__(self, *, scope: Scope, corrections: Mapping[int, Decimal]) -> None:
        """Take what was corrected."""
        super().__init__(scope=scope)
        self.corrections = corrections

    def get_queryset(self):
        """Return the harvests with all that a line says."""
        names = ("site", "product", "variety", "lot__balance")
        return super().get_queryset().select_related(*names)

    def dehydrate_kept(self, row: Harvest) -> Decimal:
        """Return the weight that counts."""
        return row.grams - self.corrections.get(row.pk, Decimal(0))

    def dehydrate_quality(self, row: Harvest) -> str:
        """Return the quality in words."""
        return row.get_quality_display()
