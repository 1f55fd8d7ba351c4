"""Reference prices: what a kilogram costs elsewhere, the source of every estimated value."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from autoprod.core import formatting
from autoprod.core.rounding import round_half_up
from autoprod.core.scoping import Action, Scope
from gardens.models import Product, ProductPrice
from programmes.models import Territory


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
