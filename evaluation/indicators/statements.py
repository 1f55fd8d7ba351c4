"""Statements: the hours somebody signed for, those nobody did, and the months that are signed."""

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from autoprod.core.formatting import number
from autoprod.core.periods import Period
from autoprod.core.scoping import Action
from autoprod.core.tables import Column
from beneficiaries.enums import StatementState
from beneficiaries.models import Person, Statement
from evaluation.enums import Unit
from evaluation.indicators.interviews import how_many
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
    Column("Personne", lambda person: person),
    Column("Mois de présence", lambda person: person.came, show=number, align="end"),
    Column("Mois signés", lambda person: person.signed, show=number, align="end"),
)


def _months(selection: Selection) -> QuerySet:
    """Return who came, with the number of months they came in, and of those they signed for."""
    mine = attended(selection).filter(enrolment__person=OuterRef("pk"))

    def came(month: Period) -> Q:
        return Q(Exists(mine.in_period(month)))

    def signed(month: Period) -> Q:
        return Q(Exists(mine.in_period(month).filter(_is_signed())))

    months = list(selection.period.months())
    persons = Person.objects.for_scope(selection.scope, Action.VIEW_FIGURES)
    who = attended(selection).order_by().values("enrolment__person")
    return persons.filter(pk__in=who).annotate(
        came=how_many(came(month) for month in months),
        signed=how_many(signed(month) for month in months),
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
    """Add up the months in which somebody came."""
    return Figure(
        rows=_months(selection),
        measure=Measure("came", is_sum=True),
        family="months",
        columns=MONTH_COLUMNS,
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
    """Add up the months in which somebody came and that they signed for."""
    return Figure(
        rows=_months(selection),
        measure=Measure("signed", is_sum=True),
        family="months",
        columns=MONTH_COLUMNS,
        whole_of="months_present",
        tells_the_rest=True,
    )
