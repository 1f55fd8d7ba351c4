"""What is left of the food, and how many it served."""

from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from autoprod.core.formatting import kilograms, number
from autoprod.core.periods import Period
from autoprod.core.scoping import Action
from autoprod.core.tables import Column
from evaluation.enums import Unit
from evaluation.indicators.food import (
    HARVESTS,
    LOT_COLUMNS,
    LOT_RELATED,
    LOTS,
    MOVEMENT_COLUMNS,
    MOVEMENT_RELATED,
    gone,
    lots_of,
)
from evaluation.indicators.registry import Figure, Measure, Selection, figure
from gardens.enums import Destination
from gardens.models import Movement
from programmes.enums import Module


def _stock(period: Period) -> Combinable:
    """Return what was left of a lot at the end of a period: what is left now, and what left since.

    Few lots have either: the others are not read.
    """
    return F("balance__left") + gone(on__gt=period.end)


@figure(
    code="food_stock",
    label="Stock",
    unit=Unit.KILOGRAMS,
    formula=(
        "Ce qui reste des lots le dernier jour de la période, tous entrés à cette date\u00a0: "
        "poids entré moins poids sorti, corrections comprises, au jour où elles sont notées."
    ),
    source=HARVESTS,
    list_action=Action.VIEW_GARDENS,
    module=Module.GARDEN,
)
def food_stock(selection: Selection) -> Figure:
    """Add up what is left at the end."""
    period = selection.period
    since = Movement._base_manager.filter(
        on__gt=period.end, lot__programme__in=selection.programmes
    )
    rows = lots_of(selection).filter(
        Q(balance__left__gt=0) | Q(pk__in=since.order_by().values("lot")), on__lte=period.end
    )
    column = Column("Reste", lambda lot: lot.stock, show=kilograms, align="end")
    return Figure(
        rows=rows.annotate(stock=_stock(period)),
        measure=Measure(_stock(period), is_sum=True),
        by={"product": LOTS["product"], "garden": LOTS["garden"]},
        columns=(*LOT_COLUMNS[:-1], column),
        related=LOT_RELATED,
    )


# How many were served.


def _served(selection: Selection, destination: Destination) -> Figure:
    """Return the largest number of each half-day: several products shared out serve the same."""
    rows = Movement.objects.for_scope(selection.scope, Action.VIEW_FIGURES).standing()
    rows = rows.filter(destination__in=(Destination.TABLE, Destination.BASKET), recipients__gt=0)
    rows = rows.annotate(at=Coalesce("session", Value(0)))
    larger = rows.filter(
        Q(recipients__gt=OuterRef("recipients"))
        | Q(recipients=OuterRef("recipients"), pk__lt=OuterRef("pk")),
        lot__programme=OuterRef("lot__programme"),
        destination=OuterRef("destination"),
        on=OuterRef("on"),
        at=OuterRef("at"),
    )
    ours = rows.filter(lot__programme__in=selection.programmes).in_period(selection.period)
    return Figure(
        rows=ours.filter(~Exists(larger.order_by())),
        measure=Measure("recipients", is_sum=True),
        where=Q(destination=destination),
        family="served",
        columns=(
            *MOVEMENT_COLUMNS[:-1],
            Column("Nombre", lambda movement: movement.recipients, show=number, align="end"),
        ),
        related=MOVEMENT_RELATED,
    )


_ONCE = (
    " Plusieurs produits servis le même jour à la même séance font les mêmes {things}\u00a0: le "
    "plus grand nombre noté compte, une fois."
)


@figure(
    code="portions_served",
    label="Portions servies",
    unit=Unit.PORTIONS,
    formula="Portions notées aux sorties vers une table solidaire."
    + _ONCE.format(things="portions"),
    source=HARVESTS,
    list_action=Action.VIEW_GARDENS,
    module=Module.GARDEN,
)
def portions_served(selection: Selection) -> Figure:
    """Add up the portions."""
    return _served(selection, Destination.TABLE)


@figure(
    code="baskets_served",
    label="Paniers remis",
    unit=Unit.BASKETS,
    formula="Paniers notés aux sorties vers des paniers." + _ONCE.format(things="paniers"),
    source=HARVESTS,
    list_action=Action.VIEW_GARDENS,
    module=Module.GARDEN,
)
def baskets_served(selection: Selection) -> Figure:
    """Add up the baskets."""
    return _served(selection, Destination.BASKET)
