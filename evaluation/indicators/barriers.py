"""Barriers: how many are identified, followed, lifted, and to be looked at again."""

from django.db.models import Q, QuerySet

from autoprod.core.formatting import day
from autoprod.core.intervals import not_over
from autoprod.core.scoping import Action
from autoprod.core.tables import Column
from beneficiaries.models import Barrier
from beneficiaries.models.pathways import REASSESS_AFTER
from evaluation.enums import Unit
from evaluation.indicators.persons import stays
from evaluation.indicators.registry import Dimension, Figure, Selection, figure
from programmes.models import ReferenceCode

SOURCE = "France Travail, diagnostic argumenté (contraintes)"

BARRIER_COLUMNS = (
    Column("Personne", lambda barrier: barrier.enrolment.person),
    Column("Frein", lambda barrier: barrier.kind),
    Column("Repéré", lambda barrier: barrier.identified_on, show=day),
    Column("Travaillé depuis", lambda barrier: barrier.worked_since, show=day),
    Column("Levé", lambda barrier: barrier.lifted_on, show=day),
)
BARRIER_RELATED = ("enrolment__person", "kind")


def _barriers(selection: Selection) -> QuerySet:
    """Return the barriers of the stays of participants that share a day with the period."""
    rows = Barrier.objects.for_scope(selection.scope, Action.VIEW_FIGURES)
    return rows.filter(enrolment__in=stays(selection).values("pk"))


def _figure(selection: Selection, where: Q, *, whole_of: str = "") -> Figure:
    return Figure(
        rows=_barriers(selection),
        where=where,
        by={
            "kind": Dimension(
                "Freins par nature", key="kind", lookup=ReferenceCode, is_internal=True
            )
        },
        family="barriers",
        columns=BARRIER_COLUMNS,
        related=BARRIER_RELATED,
        whole_of=whole_of,
        tells_the_rest=bool(whole_of),
    )


def _known(selection: Selection) -> Q:
    """Return whether a barrier is there on a day of the period at least."""
    return Q(identified_on__lte=selection.period.end) & not_over(
        selection.period.start, end="lifted_on"
    )


@figure(
    code="barriers_followed",
    label="Freins suivis",
    unit=Unit.BARRIERS,
    formula=(
        "Freins des participants dont un séjour partage un jour avec la période, repérés au plus "
        "tard son dernier jour et pas levés avant le premier."
    ),
    source=SOURCE,
    protected=True,
    yearly=True,
    list_action=Action.VIEW_PATHWAYS,
)
def barriers_followed(selection: Selection) -> Figure:
    """Count the barriers that stand in somebody's way at some time of the period."""
    return _figure(selection, _known(selection))


@figure(
    code="barriers_identified",
    label="Freins repérés",
    unit=Unit.BARRIERS,
    formula="Freins suivis dont la date de repérage est dans la période.",
    source=SOURCE,
    protected=True,
    yearly=True,
    list_action=Action.VIEW_PATHWAYS,
)
def barriers_identified(selection: Selection) -> Figure:
    """Count the barriers told of in the period."""
    since = Q(identified_on__gte=selection.period.start)
    return _figure(selection, _known(selection) & since, whole_of="barriers_followed")


@figure(
    code="barriers_lifted",
    label="Freins levés",
    unit=Unit.BARRIERS,
    formula="Freins suivis levés dans la période. Leur part se lit sur les freins suivis.",
    source=SOURCE,
    protected=True,
    yearly=True,
    list_action=Action.VIEW_PATHWAYS,
)
def barriers_lifted(selection: Selection) -> Figure:
    """Count the barriers lifted in the period."""
    lifted = Q(lifted_on__lte=selection.period.end)
    return _figure(selection, _known(selection) & lifted, whole_of="barriers_followed")


@figure(
    code="barriers_to_reassess",
    label="Freins à réévaluer",
    unit=Unit.BARRIERS,
    formula=(
        "Freins suivis de qui est encore là le dernier jour de la période, pas levés ce jour-là, "
        "dont personne n’a rien noté depuis 180 jours. Ils sont comptés à part\u00a0: on ne sait "
        "plus s’ils sont encore là."
    ),
    source=SOURCE,
    action=Action.VIEW_INTERNAL_FIGURES,
    list_action=Action.VIEW_PATHWAYS,
)
def barriers_to_reassess(selection: Selection) -> Figure:
    """Count the barriers nobody spoke of for long, on the last day of the period."""
    end = selection.period.end
    silent = end - REASSESS_AFTER
    not_worked = Q(worked_since=None) | Q(worked_since__lt=silent)
    not_seen = Q(reassessed_on=None) | Q(reassessed_on__lt=silent)
    not_lifted = Q(lifted_on=None) | Q(lifted_on__gt=end)
    still_here = not_over(end, end="enrolment__left_on")
    where = Q(identified_on__lt=silent) & not_worked & not_seen & not_lifted & still_here
    return _figure(selection, where)
