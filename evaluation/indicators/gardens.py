"""Gardens: the varieties grown, harvested and given; hives, water, compost and tools."""

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat, Greatest

from autoprod.core.fields import GramsField
from autoprod.core.formatting import day, number
from autoprod.core.scoping import Action
from autoprod.core.tables import Column
from evaluation.enums import Unit
from evaluation.indicators.food import (
    LOT_COLUMNS,
    LOT_RELATED,
    MOVEMENT_COLUMNS,
    MOVEMENT_RELATED,
    entered,
    moved,
)
from evaluation.indicators.presence import FICHE
from evaluation.indicators.registry import Dimension, Figure, Measure, Selection, figure
from gardens.enums import Origin
from gardens.models import Colony, Loan, Operation, Planting
from programmes.enums import Module
from programmes.models import ReferenceCode

I2 = FICHE + ", «\u00a0variétés légumières cultivées et redistribuées\u00a0»"
GARDENS = FICHE + ", ruches, compost, eau de pluie et outillothèque"

_ONCE = (
    " Une variété compte une fois, quelle que soit la façon dont son nom est écrit\u00a0; une "
    "espèce sans variété précisée ne compte que si aucune de ses variétés n’est nommée."
)


# Varieties.


def _words(code: str, label: str, formula: str) -> dict:
    """Return the words of a figure about varieties."""
    return {
        "code": code,
        "label": label,
        "unit": Unit.VARIETIES,
        "formula": formula,
        "source": I2,
        "list_action": Action.VIEW_GARDENS,
        "module": Module.GARDEN,
    }


def _variety(species: str, *paths: str) -> Combinable:
    """Return what a variety is told by: its species, and its name as it is sorted.

    A variety shipped with the platform and the same one added by a territory are one.
    """
    names = Coalesce(
        *(F(f"{path}__sort_key") for path in paths), Value(""), output_field=CharField()
    )
    return Concat(Cast(species, CharField()), Value(":"), names, output_field=CharField())


def _is_named(*paths: str) -> Q:
    named = Q()
    for path in paths:
        named |= Q(**{f"{path}__isnull": False})
    return named


def _told(rows: QuerySet, species: str, *paths: str) -> QuerySet:
    """Return the rows of a species, those that name no variety only where none does."""
    rows = rows.filter(**{f"{species}__isnull": False})
    is_named = _is_named(*paths)
    named = rows.filter(is_named).order_by().values(species)
    return rows.filter(is_named | ~Q(**{f"{species}__in": named}))


_OF_PLANTING = ("species", "variety")
_OF_LOT = ("product__species", "variety", "harvest__planting__variety")
_OF_MOVEMENT = tuple(f"lot__{path}" for path in _OF_LOT)

PLANTING_COLUMNS = (
    Column("Culture", str),
    Column("Parcelle", lambda planting: planting.plot),
    Column("En terre le", lambda planting: planting.begun_on, show=day),
    Column("Arrachée le", lambda planting: planting.ended_on, show=day),
)


def _grown(selection: Selection) -> QuerySet:
    plantings = Planting.objects.for_scope(selection.scope, Action.VIEW_FIGURES)
    rows = plantings.filter(programme__in=selection.programmes).grown_in(selection.period)
    return _told(rows, *_OF_PLANTING)


def _of_plantings(selection: Selection, where: Q, whole_of: str = "") -> Figure:
    return Figure(
        rows=_grown(selection),
        measure=Measure(_variety(*_OF_PLANTING), is_distinct=True),
        where=where,
        by={
            "family": Dimension("Variétés par famille", key="species__family", lookup=ReferenceCode)
        },
        family="varieties_grown",
        columns=PLANTING_COLUMNS,
        related=("species", "variety", "plot"),
        whole_of=whole_of,
        tells_the_rest=bool(whole_of),
    )


@figure(
    **_words(
        "varieties_grown",
        "Variétés cultivées",
        "Variétés distinctes d’une espèce dont une culture, semée ou plantée pour de vrai, a été "
        "en terre un jour au moins de la période. Une culture qui passe l’hiver compte dans les "
        "deux années." + _ONCE,
    )
)
def varieties_grown(selection: Selection) -> Figure:
    """Count the varieties in the ground."""
    return _of_plantings(selection, Q())


@figure(
    **_words(
        "varieties_grown_heirloom",
        "Variétés anciennes cultivées",
        "Variétés cultivées qui sont notées comme anciennes. La part se lit sur les variétés "
        "cultivées.",
    )
)
def varieties_grown_heirloom(selection: Selection) -> Figure:
    """Count, among them, the heirloom ones."""
    return _of_plantings(selection, Q(variety__is_heirloom=True), "varieties_grown")


def _harvested(selection: Selection) -> QuerySet:
    rows = entered(selection).filter(origin=Origin.HARVEST, net__gt=0)
    return _told(rows, *_OF_LOT)


@figure(
    **_words(
        "varieties_harvested",
        "Variétés récoltées",
        "Variétés distinctes pesées à la récolte dans la période, pesées corrigées." + _ONCE,
    )
)
def varieties_harvested(selection: Selection) -> Figure:
    """Count the varieties weighed."""
    return Figure(
        rows=_harvested(selection),
        measure=Measure(_variety(*_OF_LOT), is_distinct=True),
        columns=LOT_COLUMNS,
        related=LOT_RELATED,
    )


def _given(selection: Selection) -> QuerySet:
    return _told(moved(selection).given().standing(), *_OF_MOVEMENT)


def _of_gifts(selection: Selection, where: Q, whole_of: str = "") -> Figure:
    return Figure(
        rows=_given(selection),
        measure=Measure(_variety(*_OF_MOVEMENT), is_distinct=True),
        where=where,
        family="varieties_given",
        columns=MOVEMENT_COLUMNS,
        related=MOVEMENT_RELATED,
        whole_of=whole_of,
        tells_the_rest=bool(whole_of),
    )


@figure(
    **_words(
        "varieties_given",
        "Variétés redistribuées",
        "Variétés distinctes remises au moins une fois à quelqu’un dans la période, sans les "
        "sorties annulées." + _ONCE,
    )
)
def varieties_given(selection: Selection) -> Figure:
    """Count the varieties that somebody received."""
    return _of_gifts(selection, Q())


@figure(
    **_words(
        "varieties_given_heirloom",
        "Variétés anciennes redistribuées",
        "Variétés redistribuées qui sont notées comme anciennes. La part se lit sur les variétés "
        "redistribuées.",
    )
)
def varieties_given_heirloom(selection: Selection) -> Figure:
    """Count, among them, the heirloom ones."""
    named = [Q(**{f"{path}__is_heirloom": True}) for path in _OF_MOVEMENT[1:]]
    return _of_gifts(selection, named[0] | named[1], "varieties_given")


@figure(
    **_words(
        "varieties_given_otherwise",
        "Variétés redistribuées sans récolte",
        "Variétés redistribuées qui n’ont pas été récoltées dans la période\u00a0: elles viennent "
        "d’un don, d’un achat ou d’une récolte d’avant.",
    )
)
def varieties_given_otherwise(selection: Selection) -> Figure:
    """Count, among them, those that were not harvested in the period."""
    harvested = _harvested(selection).order_by()
    same = harvested.annotate(told=_variety(*_OF_LOT)).values("told")
    species, *varieties = _OF_MOVEMENT
    unnamed = ~_is_named(*varieties) & Q(**{f"{species}__in": harvested.values(_OF_LOT[0])})
    rows = _given(selection).alias(told=_variety(*_OF_MOVEMENT))
    return Figure(
        rows=rows.filter(~Q(told__in=same) & ~unnamed),
        measure=Measure(_variety(*_OF_MOVEMENT), is_distinct=True),
        columns=MOVEMENT_COLUMNS,
        related=MOVEMENT_RELATED,
    )


# Hives, water, compost and tools.


@figure(
    code="colonies_living",
    label="Colonies d’abeilles",
    unit=Unit.COLONIES,
    formula=(
        "Colonies installées au plus tard le dernier jour de la période, et qui n’ont pas fini ce "
        "jour-là."
    ),
    source=GARDENS,
    list_action=Action.VIEW_GARDENS,
    module=Module.GARDEN,
)
def colonies_living(selection: Selection) -> Figure:
    """Count the colonies at the end."""
    end = selection.period.end
    colonies = Colony.objects.for_scope(selection.scope, Action.VIEW_FIGURES)
    ours = colonies.filter(apiary__programme__in=selection.programmes, installed_on__lte=end)
    return Figure(
        rows=ours.filter(Q(ended_on=None) | Q(ended_on__gt=end)),
        columns=(
            Column("Ruche", str),
            Column("Rucher", lambda colony: colony.apiary),
            Column("Installée le", lambda colony: colony.installed_on, show=day),
        ),
        related=("apiary",),
    )


def _noted(selection: Selection, kind: str, measure: Measure, column: Column) -> Figure:
    """Return the operations of a kind that measured something."""
    operations = Operation.objects.for_scope(selection.scope, Action.VIEW_FIGURES)
    rows = operations.filter(programme__in=selection.programmes).done_in(selection.period)
    return Figure(
        rows=rows.filter(quantity__isnull=False).annotate(gain=_gain()),
        measure=measure,
        where=Q(kind__code=kind) | Q(kind__parent_code=kind),
        family="operations",
        columns=(
            Column("Geste", lambda operation: operation.kind),
            Column("Jardin", lambda operation: operation.garden),
            Column("Fait le", lambda operation: operation.done_on, show=day),
            Column("Noté", lambda operation: operation.quantity, show=number, align="end"),
            column,
        ),
        related=("kind", "garden__site"),
    )


def _gain() -> Combinable:
    """Return by how much a tank is fuller than at the reading before; 0 at its first one."""
    earlier = Q(done_on__lt=OuterRef("done_on")) | Q(
        done_on=OuterRef("done_on"), pk__lt=OuterRef("pk")
    )
    before = Operation._base_manager.filter(
        earlier, garden=OuterRef("garden"), kind=OuterRef("kind"), quantity__isnull=False
    ).order_by("-done_on", "-pk")
    last = Coalesce(Subquery(before.values("quantity")[:1]), F("quantity"))
    return Greatest(F("quantity") - last, Value(0, output_field=GramsField()))


@figure(
    code="water_collected",
    label="Eau de pluie récupérée, au moins",
    unit=Unit.LITRES,
    formula=(
        "Somme, jardin par jardin, de ce que les cuves ont gagné d’un relevé au suivant, au jour "
        "du second. C’est un minimum\u00a0: l’eau tirée entre deux relevés n’y est pas, et le "
        "premier relevé d’un jardin ne compte pas."
    ),
    source=GARDENS,
    list_action=Action.VIEW_GARDENS,
    module=Module.GARDEN,
)
def water_collected(selection: Selection) -> Figure:
    """Add up the rain water that tanks gained."""
    column = Column("Gagné", lambda operation: operation.gain, show=number, align="end")
    return _noted(selection, "eau_pluie", Measure(_gain(), is_sum=True), column)


@figure(
    code="compost_brought",
    label="Apports au composteur",
    unit=Unit.KILOGRAMS,
    formula=(
        "Somme des kilogrammes notés aux apports au composteur de la période. Les produits partis "
        "au compost depuis le stock sont comptés à part."
    ),
    source=GARDENS,
    list_action=Action.VIEW_GARDENS,
    module=Module.GARDEN,
)
def compost_brought(selection: Selection) -> Figure:
    """Add up what was brought to the compost."""
    column = Column("Observation", lambda operation: operation.note)
    return _noted(selection, "compost_apport", Measure("quantity", is_sum=True), column)


@figure(
    code="tools_lent",
    label="Prêts d’outils",
    unit=Unit.LOANS,
    formula=(
        "Outils sortis de l’outillothèque dans la période, rendus ou non. Un outil prêté deux fois "
        "compte deux fois."
    ),
    source=GARDENS,
    list_action=Action.VIEW_GARDENS,
    module=Module.GARDEN,
)
def tools_lent(selection: Selection) -> Figure:
    """Count the loans begun."""
    period = selection.period
    loans = Loan.objects.for_scope(selection.scope, Action.VIEW_FIGURES)
    ours = loans.filter(tool__programme__in=selection.programmes)
    return Figure(
        rows=ours.filter(lent_on__gte=period.start, lent_on__lte=period.end),
        columns=(
            Column("Outil", lambda loan: loan.tool),
            Column("Sorti le", lambda loan: loan.lent_on, show=day),
            Column("Rendu le", lambda loan: loan.returned_on, show=day),
        ),
        related=("tool",),
    )
