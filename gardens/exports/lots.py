"""Export of the stock of a day: what was left of each lot that evening."""

from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from import_export.fields import Field

from autoprod.core.formatting import day
from autoprod.core.scoping import Action, Scope
from autoprod.core.spreadsheets import ScopedResource, Sheet
from gardens.models import Lot


class StockResource(ScopedResource):
    """One line per lot of which something was left; the rows come with `out`, what had left."""

    action = Action.VIEW_GARDENS
    title = "Stock"

    number = Field("number", "Lot")
    product = Field("product__name", "Produit")
    variety = Field("variety__name", "Variété")
    site = Field("site__name", "Lieu")
    origin = Field(column_name="Origine")
    on = Field("on", "Entré le")
    grams = Field("grams", "Poids d’entrée (kg)")
    left = Field(column_name="Reste (kg)")
    date_kind = Field(column_name="Date limite")
    expires_on = Field("expires_on", "Jusqu’au")
    supplier = Field("supplier__name", "Fournisseur")
    supplier_lot = Field("supplier_lot", "Lot du fournisseur")
    value = Field("value", "Valeur du lot entier (€)")
    recalled_on = Field("recalled_on", "Rappelé le")

    class Meta:
        model = Lot
        fields = (
            *("number", "product", "variety", "site", "origin", "on", "grams", "left"),
            *("date_kind", "expires_on", "supplier", "supplier_lot", "value", "recalled_on"),
        )
        export_order = fields

    def __init__(self, *, rows: QuerySet[Lot], **kwargs) -> None:
        """Keep the rows, which know what had left."""
        self.rows = rows
        super().__init__(**kwargs)

    def get_queryset(self) -> QuerySet[Lot]:
        """Return the rows of the scope, with what had left of each."""
        return self.rows

    def dehydrate_origin(self, row: Lot) -> str:
        """Return where it comes from, in words."""
        return row.get_origin_display()

    def dehydrate_date_kind(self, row: Lot) -> str:
        """Return which date it is, in words."""
        return row.get_date_kind_display()

    def dehydrate_left(self, row: Lot) -> Decimal:
        """Return what was left, in kilograms."""
        return row.left_then


def stock_sheet(scope: Scope, rows: QuerySet[Lot], on: date) -> Sheet:
    """Return the stock of a day; the rows come from a read of the scope."""
    return StockResource(scope=scope, rows=rows).sheet(comments=[f"Reste le {day(on)} au soir"])
