"""Food: what comes in, where it goes, what is left; kilograms, without what was taken back."""

from django.db.models import (
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, TruncMonth

from autoprod.core.fields import GramsField
from autoprod.core.formatting import day, kilograms
from autoprod.core.scoping import Action
from autoprod.core.tables import Column
from evaluation.enums import Unit
from evaluation.indicators.presence import FICHE
from evaluation.indicators.registry import Dimension, Figure, Measure, Selection, figure
from gardens.enums import Destination, Origin
from gardens.models import Lot, Movement
from gardens.models.food import GIVEN
from programmes.enums import Module

HARVESTS = FICHE + ", récoltes et produits redistribués"
RECIPIENTS = FICHE + ", associations destinataires des produits"

_NO_WEIGHT = Value(0, output_field=GramsField())


def lots_of(selection: Selection) -> QuerySet:
    """Return the lots of the programmes, whenever they came in."""
    lots = Lot.objects.for_scope(selection.scope, Action.VIEW_FIGURES)
    return lots.filter(programme__in=selection.programmes)


def moved(selection: Selection) -> QuerySet:
    """Return what left the lots in the period, and the lines that take some of it back."""
    movements = Movement.objects.for_scope(selection.scope, Action.VIEW_FIGURES)
    return movements.filter(lot__programme__in=selection.programmes).in_period(selection.period)


def gone(**conditions) -> Combinable:
    """Return what left a lot by some of its movements."""
    rows = Movement._base_manager.filter(lot=OuterRef("pk"), **conditions).order_by()
    return Coalesce(Subquery(rows.values("lot").annotate(n=Sum("grams")).values("n")), _NO_WEIGHT)


def weighed() -> Combinable:
    """Return the weight of a lot as it came in, once its weighing is corrected."""
    return F("grams") - gone(destination=Destination.WEIGHING)


def entered(selection: Selection) -> QuerySet:
    """Return the lots that came in during the period, each with its corrected weight (`net`)."""
    return lots_of(selection).entered_in(selection.period).annotate(net=weighed())


LOT_COLUMNS = (
    Column("Lot", str),
    Column("Produit", lambda lot: lot.product),
    Column("Variété", lambda lot: lot.variety),
    Column("Lieu", lambda lot: lot.site),
    Column("Entré le", lambda lot: lot.on, show=day),
    Column("Donné ou vendu par", lambda lot: lot.supplier),
    Column("Poids", lambda lot: lot.net, show=kilograms, align="end"),
)
LOT_RELATED = ("product", "variety", "site", "supplier")
LOTS = {
    "product": Dimension(
        "Kilogrammes par produit", key="product", label="product__name", order="product__sort_key"
    ),
    "garden": Dimension(
        "Kilogrammes par lieu", key="site", label="site__name", order="site__sort_key"
    ),
    "month": Dimension(
        "Kilogrammes par mois",
        key=TruncMonth("on"),
        # SQLite calls Python for each row it truncates: a day is read, then folded.
        finer="on",
        fold=lambda on: on.replace(day=1),
        is_ordered=True,
    ),
    "supplier": Dimension(
        "Kilogrammes par provenance",
        key="supplier",
        label="supplier__name",
        order="supplier__sort_key",
        unknown="Sans organisation",
    ),
}
_NET = "Poids des lots entrés dans la période ({which}), pesées corrigées, quel que soit le jour "
_NET += "de la correction."


def _coming(selection: Selection, origin: Origin, *names: str) -> Figure:
    return Figure(
        rows=entered(selection),
        measure=Measure(weighed(), is_sum=True),
        where=Q(origin=origin),
        by={name: LOTS[name] for name in names},
        family="lots",
        columns=LOT_COLUMNS,
        related=LOT_RELATED,
    )


def _lots(code: str, label: str, which: str) -> dict:
    """Return the words of a figure about lots that come in."""
    return {
        "code": code,
        "label": label,
        "unit": Unit.KILOGRAMS,
        "formula": _NET.format(which=which),
        "source": HARVESTS,
        "list_action": Action.VIEW_GARDENS,
        "module": Module.GARDEN,
    }


@figure(**_lots("food_harvested", "Récoltes", "récoltes des jardins, miel à part"))
def food_harvested(selection: Selection) -> Figure:
    """Add up what was harvested."""
    return _coming(selection, Origin.HARVEST, "product", "garden", "month")


@figure(**_lots("food_honey", "Miel récolté", "miel des ruchers"))
def food_honey(selection: Selection) -> Figure:
    """Add up the honey."""
    return _coming(selection, Origin.HONEY, "garden")


@figure(**_lots("food_donated", "Dons reçus", "dons reçus"))
def food_donated(selection: Selection) -> Figure:
    """Add up what was given to the programme."""
    return _coming(selection, Origin.DONATION, "supplier", "product")


@figure(**_lots("food_bought", "Achats", "achats"))
def food_bought(selection: Selection) -> Figure:
    """Add up what was bought."""
    return _coming(selection, Origin.PURCHASE, "supplier", "product")


# What leaves.

MOVEMENT_COLUMNS = (
    Column("Lot", lambda movement: movement.lot),
    Column("Produit", lambda movement: movement.lot.product),
    Column("Vers", lambda movement: movement.get_destination_display()),
    Column("Organisation", lambda movement: movement.organisation),
    Column("Sorti le", lambda movement: movement.on, show=day),
    Column("Poids", lambda movement: movement.grams, show=kilograms, align="end"),
)
MOVEMENT_RELATED = ("lot__product", "organisation")
_MOVEMENTS = {
    "destination": Dimension(
        "Kilogrammes par destination", key="destination", names=dict(Destination.choices)
    ),
    "organisation": Dimension(
        "Kilogrammes par organisation",
        key="organisation",
        label="organisation__name",
        order="organisation__sort_key",
        unknown="Sans organisation",
    ),
    "product": Dimension(
        "Kilogrammes par produit",
        key="lot__product",
        label="lot__product__name",
        order="lot__product__sort_key",
    ),
}
#: What leaves the stock for good; what is transformed or moved is another lot of ours.
_FOR_GOOD = (*GIVEN, Destination.SEEDS, Destination.COMPOST, Destination.LOSS)


def _going(selection: Selection, destinations, *names: str, whole_of: str = "") -> Figure:
    return Figure(
        rows=moved(selection),
        measure=Measure("grams", is_sum=True),
        where=Q(destination__in=destinations),
        by={name: _MOVEMENTS[name] for name in names},
        family="movements",
        columns=MOVEMENT_COLUMNS,
        related=MOVEMENT_RELATED,
        whole_of=whole_of,
        tells_the_rest=bool(whole_of),
    )


def _movements(code: str, label: str, formula: str, source: str = HARVESTS) -> dict:
    """Return the words of a figure about what leaves."""
    return {
        "code": code,
        "label": label,
        "unit": Unit.KILOGRAMS,
        "formula": f"{formula} Ce qui a été annulé est déduit.",
        "source": source,
        "list_action": Action.VIEW_GARDENS,
        "module": Module.GARDEN,
    }


@figure(
    **_movements(
        "food_out",
        "Produits sortis",
        "Poids sorti des lots dans la période pour de bon\u00a0: redistribué, gardé en semences, "
        "composté ou perdu. Une transformation ou un transfert reste en stock.",
    )
)
def food_out(selection: Selection) -> Figure:
    """Add up what left for good."""
    return _going(selection, _FOR_GOOD, "destination")


@figure(
    **_movements(
        "food_given",
        "Produits redistribués",
        "Poids remis à quelqu’un dans la période\u00a0: jardiniers, paniers, épicerie, tables, "
        "associations, propriétaire d’un terrain.",
    )
)
def food_given(selection: Selection) -> Figure:
    """Add up what somebody received."""
    return _going(selection, GIVEN, "destination", "product", whole_of="food_out")


@figure(
    **_movements(
        "food_to_organisations",
        "Produits donnés aux associations",
        "Poids remis à des associations dans la période.",
        RECIPIENTS,
    )
)
def food_to_organisations(selection: Selection) -> Figure:
    """Add up what organisations received."""
    return _going(selection, [Destination.ORGANISATION], "organisation", "product")


@figure(
    **_movements(
        "food_transformed",
        "Produits transformés",
        "Poids mis en conserve, en confiture ou cuisiné dans la période pour faire un autre lot, "
        "tel qu’il y est entré.",
    )
)
def food_transformed(selection: Selection) -> Figure:
    """Add up what became another product."""
    return _going(selection, [Destination.TRANSFORMATION], "product")


@figure(
    **_movements(
        "food_composted",
        "Produits compostés",
        "Poids des produits partis au compost dans la période. La part se lit sur les produits "
        "sortis.",
    )
)
def food_composted(selection: Selection) -> Figure:
    """Add up what was composted."""
    return _going(selection, [Destination.COMPOST], "product", whole_of="food_out")


@figure(
    **_movements(
        "food_lost",
        "Pertes",
        "Poids des produits perdus dans la période. La part se lit sur les produits sortis.",
    )
)
def food_lost(selection: Selection) -> Figure:
    """Add up what was lost."""
    return _going(selection, [Destination.LOSS], "product", whole_of="food_out")


@figure(
    code="organisations_served",
    label="Associations destinataires",
    unit=Unit.ORGANISATIONS,
    formula=(
        "Organisations distinctes à qui un produit a été donné dans la période. Une organisation "
        "servie dix fois compte une fois\u00a0; un don annulé ne compte pas."
    ),
    source=RECIPIENTS,
    list_action=Action.VIEW_GARDENS,
    module=Module.GARDEN,
)
def organisations_served(selection: Selection) -> Figure:
    """Count who received food, once each."""
    return Figure(
        rows=moved(selection).standing(),
        measure=Measure("organisation", is_distinct=True),
        where=Q(destination=Destination.ORGANISATION),
        columns=MOVEMENT_COLUMNS,
        related=MOVEMENT_RELATED,
    )
