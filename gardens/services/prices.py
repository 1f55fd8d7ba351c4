"""Reference prices: what a kilogram costs elsewhere, the source of every estimated value."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Sum

from autoprod.core import formatting
from autoprod.core.rounding import round_half_up
from autoprod.core.scoping import Action, Scope
from gardens.models import Lot, Product, ProductPrice
from programmes.models import Programme, Territory


@dataclass(frozen=True)
class Estimate:
    """What food would cost, in euros, and where that was read."""

    value: Decimal
    source: str


def price_on(scope: Scope, territory: Territory, product: Product, on: date) -> ProductPrice | None:
    """Return the price of a product on a day in a territory: the last one by then, or None."""
    rows = ProductPrice.objects.for_scope(scope, Action.VIEW_GARDENS)
    rows = rows.filter(territory=territory, product=product, starts_on__lte=on)
    return rows.order_by("-starts_on", "-pk").first()


def estimate(
    scope: Scope, territory: Territory, product: Product, grams: Decimal, on: date
) -> Estimate | None:
    """Return what some kilograms of a product would cost on a day; None without a price."""
    price = price_on(scope, territory, product, on)
    if price is None:
        return None
    a_kilogram = f"{formatting.euros(price.price)} le kg"
    since = f"prix à partir du {formatting.day(price.starts_on)}"
    source = f"{price.source[:120]} ({a_kilogram}, {since})"
    return Estimate(round_half_up(price.price * grams, 2), source)


def unpriced(scope: Scope, programme: Programme, since: date) -> list[dict]:
    """Return the products that came in since a day and have neither value nor price, by name.

    Each is {product, kilograms}. A price that starts after the food came in does not count.
    """
    prices = ProductPrice.objects.for_scope(scope, Action.VIEW_GARDENS).filter(
        territory=programme.territory_id, product=OuterRef("product"), starts_on__lte=OuterRef("on")
    )
    lots = Lot.objects.for_scope(scope, Action.VIEW_GARDENS).of(programme)
    lots = lots.filter(~Exists(prices), on__gte=since, value=None).order_by()
    sums = dict(lots.values_list("product").annotate(kilograms=Sum("grams")))
    products = Product.objects.for_scope(scope, Action.VIEW_GARDENS).filter(pk__in=sums)
    return [{"product": one, "kilograms": sums[one.pk]} for one in products.order_by("sort_key")]
