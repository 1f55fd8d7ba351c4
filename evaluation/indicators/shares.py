"""What food would have cost: an estimate, with its prices; and who shares the growers' part."""

from collections.abc import Mapping

from django.db.models import (
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from autoprod.core.fields import CentsField
from autoprod.core.fields.amounts import Unit as Precision
from autoprod.core.formatting import euros
from autoprod.core.scoping import Action
from autoprod.core.tables import Column
from beneficiaries.models import HouseholdMember
from evaluation.enums import Unit
from evaluation.indicators.food import (
    LOT_COLUMNS,
    LOT_RELATED,
    MOVEMENT_COLUMNS,
    MOVEMENT_RELATED,
    entered,
    moved,
    weighed,
)
from evaluation.indicators.persons import ENROLMENT_COLUMNS, has_come, participants
from evaluation.indicators.presence import FICHE
from evaluation.indicators.registry import Dimension, Figure, Measure, Selection, figure
from gardens.enums import Destination, Origin
from gardens.models import ProductPrice
from gardens.models.food import GIVEN
from programmes.enums import Module

SHARES = FICHE + ", gain des foyers"
_ESTIMATE = (
    " C’est une estimation, jamais une vente ni un revenu\u00a0: la valeur notée au lot, sinon le "
    "prix de référence du territoire ce jour-là, avec sa source. Un produit sans prix n’y est pas."
)


class _ExactEuros(CentsField):
    """Euros to the thousandth of a cent: cents a kilogram times grams, rounded once, at the end."""

    unit = Precision(5, ("€",), "1,5", "")


def _prices(lot: str) -> QuerySet:
    """Return the prices of a product by the day of the row, the last one first."""
    prices = ProductPrice._base_manager.filter(
        territory=OuterRef(f"{lot}programme__territory"),
        product=OuterRef(f"{lot}product"),
        starts_on__lte=OuterRef("on"),
    )
    return prices.order_by("-starts_on")


def _price(lot: str, value: str) -> Subquery:
    """Return a value of the price of a product on the day of the row."""
    return Subquery(_prices(lot).values(value)[:1])


def _exact(expression: Combinable) -> ExpressionWrapper:
    return ExpressionWrapper(expression, output_field=_ExactEuros())


def _worth(lot: str, grams: Combinable) -> Case:
    """Return what some grams of a lot would cost, NULL without a price.

    A value written on the lot is that of all of it: its part is cut at the thousandth of a cent.
    """
    thousandth = Value(1000, output_field=IntegerField())
    known = _exact(F(f"{lot}value") * thousandth * grams / F(f"{lot}grams"))
    return Case(
        When(**{f"{lot}value__isnull": False}, then=known),
        default=_exact(_price(lot, "price") * grams),
    )


def _is_unpriced() -> Q:
    """Return whether nothing tells what a movement was worth."""
    return Q(lot__value=None) & ~Q(Exists(_prices("lot__")))


def _sources(lot: str) -> dict[str, Dimension]:
    """Return where the prices were read."""
    source = Case(
        When(**{f"{lot}value__isnull": False}, then=F(f"{lot}value_source")),
        default=_price(lot, "source"),
        output_field=CharField(),
    )
    return {"source": Dimension("Valeur par source de prix", key=source, unknown="Sans prix")}


def _given(selection: Selection) -> QuerySet:
    return moved(selection).annotate(worth=_worth("lot__", F("grams")))


_VALUE = Column("Valeur estimée", lambda row: row.worth, show=euros, align="end")


def _of_gifts(selection: Selection, measure: Measure, where: Q, by: Mapping | None = None):
    return Figure(
        rows=_given(selection),
        measure=measure,
        where=where,
        by=by or {},
        family="movements",
        columns=(*MOVEMENT_COLUMNS, _VALUE),
        related=MOVEMENT_RELATED,
    )


def _value_of_gifts(selection: Selection, where: Q) -> Figure:
    destination = Dimension(
        "Valeur par destination", key="destination", names=dict(Destination.choices)
    )
    measure = Measure(_worth("lot__", F("grams")), is_sum=True)
    return _of_gifts(selection, measure, where, {"destination": destination} | _sources("lot__"))


def _weight_of_gifts(selection: Selection, where: Q) -> Figure:
    return _of_gifts(selection, Measure("grams", is_sum=True), where)


_IS_GIVEN = Q(destination__in=GIVEN)
_IS_GROWERS = Q(destination=Destination.GROWERS)


def _words(code: str, label: str, formula: str, unit: Unit = Unit.EUROS) -> dict:
    return {
        "code": code,
        "label": label,
        "unit": unit,
        "formula": formula + (_ESTIMATE if unit == Unit.EUROS else ""),
        "source": SHARES,
        "list_action": Action.VIEW_GARDENS,
        "module": Module.GARDEN,
    }


@figure(
    **_words(
        "harvest_value",
        "Valeur des récoltes",
        "Ce qu’auraient coûté les récoltes de la période, pesées corrigées.",
    )
)
def harvest_value(selection: Selection) -> Figure:
    """Add up what the harvests would have cost."""
    return Figure(
        rows=entered(selection).annotate(worth=_worth("", weighed())),
        measure=Measure(_worth("", weighed()), is_sum=True),
        where=Q(origin=Origin.HARVEST),
        by=_sources(""),
        family="lots",
        columns=(*LOT_COLUMNS, _VALUE),
        related=LOT_RELATED,
    )


@figure(
    **_words(
        "given_value",
        "Valeur des produits redistribués",
        "Ce qu’auraient coûté les produits remis à quelqu’un dans la période, ce qui a été annulé "
        "déduit.",
    )
)
def given_value(selection: Selection) -> Figure:
    """Add up what the food given would have cost."""
    return _value_of_gifts(selection, _IS_GIVEN)


@figure(
    **_words(
        "given_unpriced",
        "Produits redistribués sans prix",
        "Poids des produits redistribués dont ni le lot ni le territoire ne dit le prix\u00a0: "
        "leur valeur n’est pas comptée.",
        Unit.KILOGRAMS,
    )
)
def given_unpriced(selection: Selection) -> Figure:
    """Add up what was given and has no price."""
    return _weight_of_gifts(selection, _IS_GIVEN & _is_unpriced())


@figure(
    **_words(
        "growers_share",
        "Part des jardiniers",
        "Poids partagé entre les jardiniers dans la période, ce qui a été annulé déduit. Le "
        "partage se note par groupe, jamais par nom.",
        Unit.KILOGRAMS,
    )
)
def growers_share(selection: Selection) -> Figure:
    """Add up what the growers took home."""
    return _weight_of_gifts(selection, _IS_GROWERS)


@figure(
    **_words(
        "growers_value",
        "Valeur de la part des jardiniers",
        "Ce qu’aurait coûté la part des jardiniers. Rapportée aux foyers présents, elle dit ce que "
        "gagne un foyer en moyenne.",
    )
)
def growers_value(selection: Selection) -> Figure:
    """Add up what the growers' share would have cost."""
    return _value_of_gifts(selection, _IS_GROWERS)


@figure(
    **_words(
        "growers_unpriced",
        "Part des jardiniers sans prix",
        "Poids de la part des jardiniers dont ni le lot ni le territoire ne dit le prix.",
        Unit.KILOGRAMS,
    )
)
def growers_unpriced(selection: Selection) -> Figure:
    """Add up what the growers took home and has no price."""
    return _weight_of_gifts(selection, _IS_GROWERS & _is_unpriced())


@figure(
    code="households_present",
    label="Foyers présents",
    unit=Unit.HOUSEHOLDS,
    formula=(
        "Foyers distincts des participants qui ont au moins une présence dans une séance clôturée "
        "de la période. Le foyer est celui du dernier jour de la période\u00a0; une personne sans "
        "foyer noté compte pour un."
    ),
    source=SHARES,
    protected=True,
    list_action=Action.VIEW_SITUATIONS,
    module=Module.GARDEN,
)
def households_present(selection: Selection) -> Figure:
    """Count the homes of those who came."""
    end = selection.period.end
    members = HouseholdMember._base_manager.filter(
        Q(joined_on=None) | Q(joined_on__lte=end),
        Q(left_on=None) | Q(left_on__gt=end),
        person=OuterRef("person"),
    )
    home = Subquery(members.order_by("-joined_on", "-pk").values("household")[:1])
    ours = participants(selection).filter(entered_on__lte=end)
    return Figure(
        rows=ours.filter(has_come(selection)),
        measure=Measure(
            Coalesce(home, -F("person"), output_field=IntegerField()), is_distinct=True
        ),
        columns=ENROLMENT_COLUMNS,
        related=("person",),
    )
