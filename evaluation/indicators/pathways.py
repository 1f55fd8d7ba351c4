"""Steps by strand, outcomes by kind, and the way to a health check."""

from django.db.models import Q

from autoprod.core.formatting import day
from autoprod.core.scoping import Action
from autoprod.core.tables import Column
from beneficiaries.models import Outcome, OutcomeSurvey, Step, WorkshopParticipation
from evaluation.enums import Unit
from evaluation.indicators.registry import Dimension, Figure, Measure, Selection, figure
from programmes.models import Edition, ReferenceCode

FICHE = "Fiche d’expérience «\u00a0Les jardins du cœur\u00a0»"
I5 = FICHE + ", «\u00a0parcours relancés\u00a0» par volet"
I4 = FICHE + ", bilans de santé"

STEP_COLUMNS = (
    Column("Personne", lambda step: step.enrolment.person),
    Column("Volet", lambda step: step.strand),
    Column("Démarche", str),
    Column("Engagée", lambda step: step.started_on, show=day),
    Column("Aboutie", lambda step: step.done_on, show=day),
)
STEP_RELATED = ("enrolment__person", "strand", "kind")

_STRANDS = {"strand": Dimension("Démarches par volet", key="strand", lookup=ReferenceCode)}


def _steps(selection: Selection):
    steps = Step.objects.for_scope(selection.scope, Action.VIEW_FIGURES)
    return steps.filter(enrolment__programme__in=selection.programmes)


def _within(selection: Selection, field: str) -> Q:
    period = selection.period
    return Q(**{f"{field}__gte": period.start, f"{field}__lte": period.end})


@figure(
    code="steps_started",
    label="Démarches engagées",
    unit=Unit.STEPS,
    formula="Démarches dont la date d’engagement est dans la période.",
    source=I5,
    list_action=Action.VIEW_PATHWAYS,
)
def steps_started(selection: Selection) -> Figure:
    """Count the steps started in the period."""
    return Figure(
        rows=_steps(selection),
        where=_within(selection, "started_on"),
        by=_STRANDS,
        family="steps",
        columns=STEP_COLUMNS,
        related=STEP_RELATED,
    )


@figure(
    code="steps_done",
    label="Démarches abouties",
    unit=Unit.STEPS,
    formula="Démarches dont la date d’aboutissement est dans la période.",
    source=I5,
    list_action=Action.VIEW_PATHWAYS,
)
def steps_done(selection: Selection) -> Figure:
    """Count the steps done in the period."""
    return Figure(
        rows=_steps(selection),
        where=_within(selection, "done_on"),
        by=_STRANDS,
        family="steps",
        columns=STEP_COLUMNS,
        related=STEP_RELATED,
    )


@figure(
    code="steps_open",
    label="Démarches en cours",
    unit=Unit.STEPS,
    formula=(
        "Démarches engagées au plus tard le dernier jour de la période, ni abouties ni abandonnées "
        "ce jour-là."
    ),
    source=I5,
    list_action=Action.VIEW_PATHWAYS,
)
def steps_open(selection: Selection) -> Figure:
    """Count the steps under way at the end of the period."""
    end = selection.period.end
    not_done = Q(done_on=None) | Q(done_on__gt=end)
    not_abandoned = Q(abandoned_on=None) | Q(abandoned_on__gt=end)
    return Figure(
        rows=_steps(selection),
        where=Q(started_on__lte=end) & not_done & not_abandoned,
        by=_STRANDS,
        family="steps",
        columns=STEP_COLUMNS,
        related=STEP_RELATED,
    )


@figure(
    code="outcomes_positive",
    label="Orientations positives",
    unit=Unit.OUTCOMES,
    formula=(
        "Orientations d’une nature dite positive, qui commencent dans la période. Ce sont des "
        "événements\u00a0: une personne peut en avoir plusieurs. Tant que le relevé de l’édition "
        "n’est pas complet, le nombre est un minimum."
    ),
    source=FICHE + ", bilan 2015",
    list_action=Action.VIEW_PATHWAYS,
)
def outcomes_positive(selection: Selection) -> Figure:
    """Count the positive outcomes that start in the period."""
    period = selection.period
    rows = Outcome.objects.for_scope(selection.scope, Action.VIEW_FIGURES)
    surveys = OutcomeSurvey.objects.for_scope(selection.scope, Action.VIEW_FIGURES)
    editions = Edition.objects.for_scope(selection.scope, Action.VIEW_FIGURES)
    complete = surveys.filter(closed_on__isnull=False).values("edition")
    return Figure(
        rows=rows.filter(enrolment__programme__in=selection.programmes)
        .in_period(period)
        .positive(),
        by={
            "kind": Dimension("Orientations positives par nature", key="kind", lookup=ReferenceCode)
        },
        columns=(
            Column("Personne", lambda outcome: outcome.enrolment.person),
            Column("Orientation", str),
            Column("Depuis le", lambda outcome: outcome.starts_on, show=day),
        ),
        related=("enrolment__person", "kind"),
        open_ends=editions.filter(programme__in=selection.programmes)
        .overlapping(period.start, period.end)
        .exclude(pk__in=complete),
    )


@figure(
    code="health_informed",
    label="Personnes sensibilisées à la santé",
    unit=Unit.PERSONS,
    formula=(
        "Personnes distinctes qui ont suivi un atelier de prévention santé d’une séance clôturée "
        "de la période."
    ),
    source=I4,
    protected=True,
    yearly=True,
    list_action=Action.VIEW_PATHWAYS,
)
def health_informed(selection: Selection) -> Figure:
    """Count who took part in a health workshop."""
    period = selection.period
    rows = WorkshopParticipation.objects.for_scope(selection.scope, Action.VIEW_FIGURES)
    return Figure(
        rows=rows.filter(
            workshop__session__programme__in=selection.programmes,
            workshop__session__on__gte=period.start,
            workshop__session__on__lte=period.end,
            workshop__session__closed_at__isnull=False,
            workshop__theme__meta__health=True,
        ),
        measure=Measure("enrolment__person", is_distinct=True),
        columns=(
            Column("Personne", lambda row: row.enrolment.person),
            Column("Atelier", lambda row: row.workshop),
            Column("Jour", lambda row: row.workshop.session.on, show=day),
        ),
        related=("enrolment__person", "workshop__theme", "workshop__session"),
        whole_of="persons_reached",
        tells_the_rest=True,
    )


def _health(selection: Selection, where: Q) -> Figure:
    return Figure(
        rows=_steps(selection),
        measure=Measure("enrolment__person", is_distinct=True),
        where=where,
        family="health",
        whole_of="persons_reached",
        tells_the_rest=True,
        columns=STEP_COLUMNS,
        related=STEP_RELATED,
    )


@figure(
    code="health_proposed",
    label="Bilans de santé engagés",
    unit=Unit.PERSONS,
    formula="Personnes distinctes dont une démarche «\u00a0bilan de santé\u00a0» est engagée "
    "dans la période.",
    source=I4,
    protected=True,
    yearly=True,
    list_action=Action.VIEW_PATHWAYS,
)
def health_proposed(selection: Selection) -> Figure:
    """Count who was offered a health check."""
    return _health(
        selection, Q(kind__meta__funnel="health_check") & _within(selection, "started_on")
    )


@figure(
    code="health_done",
    label="Bilans de santé réalisés",
    unit=Unit.PERSONS,
    formula="Personnes distinctes dont une démarche «\u00a0bilan de santé\u00a0» aboutit "
    "dans la période.",
    source=I4,
    protected=True,
    yearly=True,
    list_action=Action.VIEW_PATHWAYS,
)
def health_done(selection: Selection) -> Figure:
    """Count who had a health check."""
    return _health(selection, Q(kind__meta__funnel="health_check") & _within(selection, "done_on"))


@figure(
    code="health_followed",
    label="Suivis médico-sociaux engagés",
    unit=Unit.PERSONS,
    formula="Personnes distinctes dont une démarche «\u00a0suivi médico-social\u00a0» est engagée "
    "dans la période.",
    source=I4,
    protected=True,
    yearly=True,
    list_action=Action.VIEW_PATHWAYS,
)
def health_followed(selection: Selection) -> Figure:
    """Count who is followed after a health check."""
    return _health(selection, Q(kind__meta__funnel="follow_up") & _within(selection, "started_on"))
