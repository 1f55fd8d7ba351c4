"""Pages of reference prices: what a kilogram costs elsewhere, and where it was read."""

from datetime import timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from autoprod.core.formatting import SPACE, day, number
from autoprod.core.scoping import Action, ScopedQuerySet
from autoprod.core.tables import Column
from autoprod.core.views import CreatePage, DeletePage, ListPage, UpdatePage
from gardens.forms.prices import PriceForm
from gardens.models import ProductPrice
from gardens.services.prices import unpriced
from gardens.views.stock import InStock

_A_YEAR = timedelta(days=365)


def _to_the_cent(price: Decimal) -> str:
    """Return « 3,00 € »: prices are compared down a column."""
    return f"{number(price, 2)}{SPACE}€"


COLUMNS = (
    Column("Produit", lambda row: row.product.name),
    Column("Prix le kg", lambda row: row.price, _to_the_cent, align="end"),
    Column("À partir du", lambda row: row.starts_on, day),
    Column("Source", lambda row: row.source),
)


class OfPrices(InStock):
    """A page of the prices of the programme's territory."""

    model = ProductPrice
    select_related = ("product", "territory")

    def get_queryset(self) -> ScopedQuerySet:
        """Return the prices of the territory."""
        rows = self.model.objects.for_scope(self.scope, self.action)
        rows = rows.filter(territory=self.parent.territory_id)
        return rows.select_related(*self.select_related)

    def get_breadcrumbs(self) -> list:
        """Return the way back to the prices."""
        return [*super().get_breadcrumbs(), (PriceList.title, self.get_success_url())]

    def get_success_url(self) -> str:
        """Go back to the prices."""
        return reverse("gardens:price_list", args=[self.parent.pk])


class PriceList(OfPrices, ListPage):
    """The prices of the territory, the last one of each product first."""

    title = "Prix de référence"
    template_name = "gardens/prices/list.html"
    columns = COLUMNS
    empty_icon = "euro"
    empty_title = "Aucun prix de référence"
    empty_text = (
        "Un prix au kilo, avec le jour et l’endroit où il a été lu, donne une valeur à ce qui est "
        "récolté, donné ou partagé. Ce n’est qu’une estimation."
    )
    create_label = "Ajouter un prix"
    create_action = Action.EDIT_GARDENS

    def get_subtitle(self) -> str:
        """Return what they are for."""
        return (
            f"{self.parent.territory} · pour estimer la valeur de ce qui sort, jamais pour vendre"
        )

    def get_queryset(self) -> ScopedQuerySet:
        """Return them by product, the last one first."""
        rows = self.narrowed(super().get_queryset())
        return rows.order_by("product__sort_key", "-starts_on", "pk")

    def get_breadcrumbs(self) -> list:
        """Return the way back to the stock."""
        return super().get_breadcrumbs()[:-1]

    def get_create_url(self) -> str:
        """Lead to a new price."""
        return reverse("gardens:price_create", args=[self.parent.pk]) if self.can_edit() else ""

    def get_context_data(self, **kwargs) -> dict:
        """Add the products of the last year that no price gives a value to."""
        since = timezone.localdate() - _A_YEAR
        return super().get_context_data(
            programme=self.parent,
            can_edit=self.can_edit(),
            unpriced=unpriced(self.scope, self.parent, since),
            **kwargs,
        )

    def row_url(self, row: ProductPrice) -> str | None:
        """Lead to the price, for who may change it."""
        arguments = [self.parent.pk, row.pk]
        return reverse("gardens:price_update", args=arguments) if self.can_edit() else None


class PriceFormPage(OfPrices):
    """What creating and editing a price share."""

    form_class = PriceForm
    action = Action.EDIT_GARDENS

    def get_form_kwargs(self) -> dict:
        """Give the form the programme whose products are offered."""
        return super().get_form_kwargs() | {"programme": self.parent}

    def get_fixed(self) -> dict:
        """Return the territory the price is of."""
        return {"territory": self.parent.territory}


class PriceCreate(PriceFormPage, CreatePage):
    """Add a price."""

    title = "Ajouter un prix"

    def get_initial(self) -> dict:
        """Propose the product one comes for."""
        return super().get_initial() | {"product": self.request.GET.get("produit", "")}


class PriceUpdate(PriceFormPage, UpdatePage):
    """Put a price right."""

    def get_title(self) -> str:
        """Return which price."""
        return f"Prix\u00a0: {self.object.product}"

    def get_delete_url(self) -> str:
        """Lead to its deletion."""
        return reverse("gardens:price_delete", args=[self.parent.pk, self.object.pk])


class PriceDelete(OfPrices, DeletePage):
    """Delete a price noted by mistake."""

    action = Action.EDIT_GARDENS

    def get_title(self) -> str:
        """Return the question."""
        return f"Supprimer le prix de {self.object.product}\u00a0?"
