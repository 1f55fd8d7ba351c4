"""Exits: what each counts as in the grid of the IAE, for information."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import (
    Case,
    DateField,
    ExpressionWrapper,
    F,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import ExtractDay, ExtractMonth, ExtractYear

from autoprod.core.formatting import day
from autoprod.core.scoping import Action
from autoprod.core.tables import Column
from beneficiaries.enums import ExitCategory
from evaluation.enums import Unit
from evaluation.indicators.persons import participants
from evaluation.indicators.registry import Dimension, Figure, Selection, figure

GRID = "ASP, catégories de sortie de l’IAE, à titre indicatif\u00a0: l’action n’est pas une SIAE"

#: From so many months, a fixed-term contract is a lasting job (ASP, motif n° 9).
DURABLE_MONTHS = 6
#: What reference lists may say of an exit.
_LISTED = (
    ExitCategory.DURABLE,
    ExitCategory.TRANSITION,
    ExitCategory.POSITIVE,
    ExitCategory.OTHER,
    ExitCategory.WITHDRAWN,
)
#: The categories in the order they are shown; an exit that nothing documents has none.
_SHOWN = (
    ExitCategory.DURABLE,
    ExitCategory.TRANSITION,
    ExitCategory.UNKNOWN_LENGTH,
    ExitCategory.POSITIVE,
    ExitCategory.OTHER,
    ExitCategory.WITHDRAWN,
    ExitCategory.OUTSIDE,
)
_RANKS = {category: rank for rank, category in enumerate(_SHOWN)}
_NAMES = {rank: str(c.label)[:1].upper() + str(c.label)[1:] for c, rank in _RANKS.items()}
_UNDOCUMENTED = "Sortie non documentée"
_DYNAMIC = (
    ExitCategory.DURABLE,
    ExitCategory.TRANSITION,
    ExitCategory.UNKNOWN_LENGTH,
    ExitCategory.POSITIVE,
)
_APART = (ExitCategory.WITHDRAWN, ExitCategory.OUTSIDE)

EXIT_COLUMNS = (
    Column("Personne", lambda enrolment: enrolment.person),
    Column("Sortie", lambda enrolment: enrolment.left_on, show=day),
    Column("Situation à la sortie", lambda enrolment: enrolment.exit_reason),
    Column("Sortie vers", lambda enrolment: enrolment.exit_outcome),
    Column("Compte comme", lambda enrolment: _NAMES.get(enrolment.category, _UNDOCUMENTED)),
)


def _when(condition: Q, category: ExitCategory) -> When:
    return When(condition, then=Value(_RANKS[category]))


def _listed(path: str) -> list[When]:
    """Return the categories that a reference list writes at a place of its meta."""
    return [_when(Q(**{path: category.value}), category) for category in _LISTED]


def _lasts() -> Q:
    """Return whether a contract whose last day is known lasts `DURABLE_MONTHS` months or more.

    The last day is worked. The day after is compared with the same day so many months after the
    first one, or with the last day of that month when it is shorter.
    """
    return Q(months__gt=DURABLE_MONTHS) | (
        Q(months=DURABLE_MONTHS) & (Q(next_day__gte=F("first_day")) | Q(day_after=1))
    )


def _dated(rows: QuerySet) -> QuerySet:
    """Read with each exit how long the contract it points to lasts."""
    start, end = F("exit_outcome__starts_on"), F("exit_outcome__ends_on")
    following, later = (
        ExpressionWrapper(end + timedelta(days=days), output_field=DateField()) for days in (1, 2)
    )
    months = 12 * (ExtractYear(following) - ExtractYear(start))
    return rows.alias(
        months=months + ExtractMonth(following) - ExtractMonth(start),
        first_day=ExtractDay(start),
        next_day=ExtractDay(following),
        day_after=ExtractDay(later),
    )


def _category() -> Case:
    """Return the rank of what an exit counts as: its reason says it, otherwise its outcome."""
    contract = "exit_outcome__contract__meta"
    is_fixed_term = Q(**{f"{contract}__has_key": "exit_from_6_months"})
    is_open = Q(exit_outcome__ends_on=None)
    return Case(
        *_listed("exit_reason__meta__category"),
        _when(Q(exit_reason__isnull=False), ExitCategory.OUTSIDE),
        When(exit_outcome=None, then=Value(None)),
        *_listed(f"{contract}__exit"),
        _when(Q(**{f"{contract}__has_key": "exit"}), ExitCategory.OUTSIDE),
        _when(is_fixed_term & is_open, ExitCategory.UNKNOWN_LENGTH),
        *(_when(Q(**{f"{contract}__exit_from_6_months": c.value}) & _lasts(), c) for c in _LISTED),
        *(
            _when(Q(**{f"{contract}__exit_under_6_months": c.value}) & ~_lasts(), c)
            for c in _LISTED
        ),
        _when(Q(exit_outcome__kind__meta__positive=True), ExitCategory.POSITIVE),
        default=Value(_RANKS[ExitCategory.OTHER]),
        output_field=IntegerField(),
    )


def _figure(selection: Selection, where: Q, *, whole_of: str = "") -> Figure:
    period = selection.period
    rows = participants(selection).entered()
    return Figure(
        rows=_dated(rows.filter(left_on__gte=period.start, left_on__lte=period.end)).annotate(
            category=_category()
        ),
        where=where,
        by={
            "category": Dimension(
                "Sorties par catégorie",
                key="category",
                names=_NAMES,
                unknown=_UNDOCUMENTED,
                is_internal=True,
                is_ordered=True,
            )
        },
        family="exits",
        columns=EXIT_COLUMNS,
        related=("person", "exit_reason", "exit_outcome__kind"),
        whole_of=whole_of,
        tells_the_rest=bool(whole_of),
    )


def _among(categories: Iterable[ExitCategory]) -> Q:
    return Q(category__in=[_RANKS[category] for category in categories])


@figure(
    code="exits",
    label="Sorties (grille IAE, à titre indicatif)",
    unit=Unit.EXITS,
    formula=(
        "Fins de séjour de participants dans la période, par catégorie\u00a0: la situation à la "
        "sortie la dit, sinon l’orientation vers laquelle la personne sort. Un CDD ou un intérim "
        "de six mois et plus est un emploi durable. Les retraits des sorties constatées et le CDI "
        "inclusion sont comptés à part. Une sortie non documentée compte, sur sa propre ligne."
    ),
    source=GRID,
    action=Action.VIEW_INTERNAL_FIGURES,
    list_action=Action.VIEW_PATHWAYS,
)
def exits(selection: Selection) -> Figure:
    """Count the exits that a rate is read on."""
    return _figure(selection, Q(category=None) | ~_among(_APART))


@figure(
    code="exits_dynamic",
    label="Sorties dynamiques (grille IAE, à titre indicatif)",
    unit=Unit.EXITS,
    formula=(
        "Sorties vers un emploi durable, un emploi de transition, une sortie positive, ou un "
        "contrat dont la durée n’est pas connue. Leur part se lit sur les sorties, retraits ôtés."
    ),
    source=GRID,
    action=Action.VIEW_INTERNAL_FIGURES,
    list_action=Action.VIEW_PATHWAYS,
)
def exits_dynamic(selection: Selection) -> Figure:
    """Count the exits to a job, a training, or another positive one."""
    return _figure(selection, _among(_DYNAMIC), whole_of="exits")


@figure(
    code="exits_withdrawn",
    label="Sorties comptées à part (grille IAE)",
    unit=Unit.EXITS,
    formula=(
        "Fins de séjour de participants dans la période que la grille retire des sorties "
        "constatées (décès, congé de longue durée, décision administrative…) ou laisse hors des "
        "catégories (CDI inclusion)."
    ),
    source=GRID,
    action=Action.VIEW_INTERNAL_FIGURES,
    list_action=Action.VIEW_PATHWAYS,
)
def exits_withdrawn(selection: Selection) -> Figure:
    """Count the exits that no rate is read on."""
    return _figure(selection, _among(_APART))
