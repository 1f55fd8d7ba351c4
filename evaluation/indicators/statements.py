"""Statements: the hours somebody signed for, those nobody did, and the months that are signed."""

from django.db.models import CharField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat, Substr

from autoprod.core.formatting import day, month
from autoprod.core.scoping import Action
from autoprod.core.tables import Column
from beneficiaries.enums import StatementState
from beneficiaries.models import Statement
from evaluation.enums import Unit
from evaluation.indicators.persons import attended
from evaluation.indicators.presence import (
    FICHE,
    HOURS,
    HOURS_COLUMNS,
    HOURS_FAMILY,
    HOURS_RELATED,
    I6,
)
from evaluation.indicators.registry import Dimension, Figure, Measure, Selection, figure

T4 = FICHE + ", état des présences mensuel signé par chaque participant"


def _is_signed() -> Q:
    """Return whether a presence is in a month that its person signed for."""
    return Q(Statement.objects.signed().covering())


@figure(
    code="hours_signed",
    label="Heures signées",
    unit=Unit.MINUTES,
    formula=(
        "Heures de présence des mois dont la personne a signé l’état, verrouillé ou non. Un mois "
        "clos sans signature, à signer ou rouvert n’y est pas. Une opération FSE+ ne prend que "
        "celles-ci."
    ),
    source=I6,
)
def hours_signed(selection: Selection) -> Figure:
    """Add up the minutes that were signed for."""
    return Figure(
        rows=attended(selection),
        measure=Measure("minutes", is_sum=True),
        where=_is_signed(),
        by=HOURS,
        family=HOURS_FAMILY,
        columns=HOURS_COLUMNS,
        related=HOURS_RELATED,
        whole_of="hours",
        tells_the_rest=True,
    )


@figure(
    code="hours_unsigned",
    label="Heures non signées",
    unit=Unit.MINUTES,
    formula=(
        "Heures de présence des mois sans état signé\u00a0: pas encore préparé, à signer, ou clos "
        "sans signature. Avec les heures signées, elles font les heures de présence."
    ),
    source=I6,
)
def hours_unsigned(selection: Selection) -> Figure:
    """Add up the minutes that nobody signed for, yet or ever."""
    of_month = Statement.objects.in_force().filter(
        enrolment=OuterRef("enrolment"), month__lte=OuterRef("on"), last_day__gte=OuterRef("on")
    )
    state = Dimension(
        "Heures non signées par état du mois",
        key=Subquery(of_month.order_by().values("state")[:1]),
        names=dict(StatementState.choices),
        unknown="À préparer",
        is_internal=True,
    )
    return Figure(
        rows=attended(selection),
        measure=Measure("minutes", is_sum=True),
        where=~_is_signed(),
        by=HOURS | {"state": state},
        family=HOURS_FAMILY,
        columns=HOURS_COLUMNS,
        related=HOURS_RELATED,
    )


# One statement a month.

MONTH_COLUMNS = (
    Column("Personne", lambda line: line.enrolment.person),
    Column("Mois", lambda line: line.on, show=month),
    Column("Jour", lambda line: line.on, show=day),
    Column("Site", lambda line: line.site),
)
#: Somebody and a month: « 1042-2016-03 », read of the day as both engines write it.
_MONTHS = Measure(
    Concat(
        Cast("enrolment__person", CharField()),
        Value("-"),
        Substr(Cast("on", CharField()), 1, len("2016-03")),
    ),
    is_distinct=True,
)


@figure(
    code="months_present",
    label="Mois de présence",
    unit=Unit.MONTHS,
    formula=(
        "Couples d’une personne et d’un mois où elle a au moins une présence, comme participante, "
        "dans une séance clôturée. Une personne compte une fois par mois, quels que soient ses "
        "sites et ses séjours."
    ),
    source=T4,
    action=Action.VIEW_INTERNAL_FIGURES,
)
def months_present(selection: Selection) -> Figure:
    """Count the months in which somebody came."""
    return Figure(
        rows=attended(selection),
        measure=_MONTHS,
        family="months",
        columns=MONTH_COLUMNS,
        related=HOURS_RELATED,
    )


@figure(
    code="months_signed",
    label="Mois signés",
    unit=Unit.MONTHS,
    formula=(
        "Mois de présence dont la personne a signé l’état, verrouillé ou non. Leur part se lit sur "
        "les mois de présence."
    ),
    source=T4,
    action=Action.VIEW_INTERNAL_FIGURES,
)
def months_signed(selection: Selection) -> Figure:
    """Count the months in which somebody came and that they signed for."""
    return Figure(
        rows=attended(selection),
        measure=_MONTHS,
        where=_is_signed(),
        family="months",
        columns=MONTH_COLUMNS,
        related=HOURS_RELATED,
        whole_of="months_present",
        tells_the_rest=True,
    )
