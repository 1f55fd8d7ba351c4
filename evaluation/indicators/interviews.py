"""Interviews: how many were held, and whether each accompanied person is met every month."""

from collections.abc import Iterable
from functools import reduce
from operator import add

from django.db.models import (
    Case,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.utils import timezone

from autoprod.core.formatting import day, number
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from autoprod.core.tables import Column
from beneficiaries.enums import Part
from beneficiaries.models import Interview
from beneficiaries.models.interviews import is_due, was_met
from evaluation.enums import Unit
from evaluation.indicators.persons import stays
from evaluation.indicators.registry import Dimension, Figure, Measure, Selection, figure
from programmes.models import ReferenceCode

FICHE = "Fiche d’expérience «\u00a0Les jardins du cœur\u00a0»"
T1 = FICHE + ", bilan mensuel individuel"

INTERVIEW_COLUMNS = (
    Column("Personne", lambda interview: interview.enrolment.person),
    Column("Le", lambda interview: interview.on, show=day),
    Column("Nature", lambda interview: interview.kind),
    Column("Mené par", lambda interview: interview.led_by),
)


@figure(
    code="interviews_held",
    label="Entretiens tenus",
    unit=Unit.INTERVIEWS,
    formula=(
        "Entretiens tenus dans la période avec des participants. Ce sont des événements\u00a0: une "
        "personne peut en avoir plusieurs. Les entretiens prévus, annulés ou manqués ne comptent "
        "pas."
    ),
    source=T1,
    list_action=Action.VIEW_PATHWAYS,
)
def interviews_held(selection: Selection) -> Figure:
    """Count the interviews that took place."""
    rows = Interview.objects.for_scope(selection.scope, Action.VIEW_FIGURES).held()
    ours = rows.filter(
        enrolment__programme__in=selection.programmes, enrolment__part=Part.PARTICIPANT
    )
    return Figure(
        rows=ours.in_period(selection.period),
        by={
            "kind": Dimension(
                "Entretiens par nature", key="kind", lookup=ReferenceCode, is_internal=True
            )
        },
        columns=INTERVIEW_COLUMNS,
        related=("enrolment__person", "kind", "led_by"),
    )


# One interview a month.

RHYTHM_COLUMNS = (
    Column("Personne", lambda enrolment: enrolment.person),
    Column("Mois dus", lambda enrolment: enrolment.due, show=number, align="end"),
    Column("Mois suivis", lambda enrolment: enrolment.met, show=number, align="end"),
)


def months_of(period: Period) -> list[Period]:
    """Return the months, begun by today, whose last day is in the period."""
    today = timezone.localdate()
    whole = [Period.containing(piece.start, Kind.MONTH) for piece in period.months()]
    return [month for month in whole if month.end <= period.end and month.start <= today]


def _count(conditions: Iterable[Q]) -> Combinable:
    """Return how many conditions a row meets."""
    ones = [Case(When(each, then=1), default=0) for each in conditions]
    return reduce(add, ones, Value(0, output_field=IntegerField()))


def _followed(selection: Selection) -> QuerySet:
    """Return the stays to be met in a month at least, with how many, and in how many they were."""
    due = {month: is_due(month) for month in months_of(selection.period)}
    rows = stays(selection).annotate(
        due=_count(due.values()),
        met=_count(asked & was_met(month) for month, asked in due.items()),
    )
    return rows.filter(due__gt=0)


@figure(
    code="monthly_due",
    label="Suivis mensuels à tenir",
    unit=Unit.FOLLOW_UPS,
    formula=(
        "Pour chaque mois commencé qui finit dans la période, séjours de participants accompagnés "
        "le dernier jour qu’ils y passent. Ne comptent pas\u00a0: qui entre, ou devient "
        "accompagné, après le 15 (c’est dû dès le mois suivant)\u00a0; qui est en pause tout le "
        "mois\u00a0; la participation simple. Une personne compte une fois par mois et par séjour."
    ),
    source=T1,
    action=Action.VIEW_INTERNAL_FIGURES,
    list_action=Action.VIEW_PATHWAYS,
)
def monthly_due(selection: Selection) -> Figure:
    """Add up the months in which somebody is to be met."""
    return Figure(
        rows=_followed(selection),
        measure=Measure("due", is_sum=True),
        family="monthly",
        columns=RHYTHM_COLUMNS,
        related=("person",),
    )


@figure(
    code="monthly_held",
    label="Suivis mensuels tenus",
    unit=Unit.FOLLOW_UPS,
    formula=(
        "Suivis mensuels à tenir dont le mois a vu au moins un entretien tenu. Leur part se lit "
        "sur les suivis mensuels à tenir."
    ),
    source=T1,
    action=Action.VIEW_INTERNAL_FIGURES,
    list_action=Action.VIEW_PATHWAYS,
)
def monthly_held(selection: Selection) -> Figure:
    """Add up the months in which somebody was to be met and was."""
    return Figure(
        rows=_followed(selection),
        measure=Measure("met", is_sum=True),
        family="monthly",
        columns=RHYTHM_COLUMNS,
        related=("person",),
        whole_of="monthly_due",
        tells_the_rest=True,
    )
