"""Presence: hours, sessions, workshops."""

from django.db.models import Q
from django.db.models.functions import TruncMonth

from autoprod.core.formatting import day, hours
from autoprod.core.scoping import Action
from autoprod.core.tables import Column
from evaluation.enums import Unit
from evaluation.indicators.persons import attended, without_details
from evaluation.indicators.registry import Dimension, Figure, Measure, Selection, figure
from programmes.models import ReferenceCode, Session, Workshop

FICHE = "Fiche d’expérience «\u00a0Les jardins du cœur\u00a0»"
I6 = FICHE + ", «\u00a0heures globales de présence\u00a0»"


_PROGRAMMES = Dimension(
    "Par action",
    key="session__programme",
    label="session__programme__name",
    order="session__programme__sort_key",
)


@figure(
    code="persons_present",
    label="Personnes présentes",
    unit=Unit.PERSONS,
    formula=(
        "Personnes distinctes, inscrites comme participantes et entrées dans l’action, qui ont au "
        "moins une présence dans une séance clôturée de la période, action par action. Elles sont "
        "toutes touchées\u00a0; d’autres le sont par un entretien. Réservé à l’équipe\u00a0: "
        "l’écart avec les personnes touchées est un petit effectif."
    ),
    source=I6,
    version=2,
    action=Action.VIEW_INTERNAL_FIGURES,
    protected=True,
)
def persons_present(selection: Selection) -> Figure:
    """Count who came, programme by programme."""
    return Figure(
        rows=attended(selection),
        measure=Measure("enrolment__person", is_distinct=True),
        by={"programme": _PROGRAMMES},
        columns=(
            Column("Personne", lambda line: line.enrolment.person),
            Column("Jour", lambda line: line.on, show=day),
            Column("Site", lambda line: line.site),
        ),
        related=("enrolment__person", "site"),
    )


@figure(
    code="hours",
    label="Heures de présence",
    unit=Unit.MINUTES,
    formula=(
        "Somme des durées de présence des participants dans les séances clôturées de la période. "
        "Deux présences d’une même personne ne se chevauchent jamais. Les ateliers tenus dans une "
        "séance n’ajoutent rien."
    ),
    source=I6,
)
def presence_hours(selection: Selection) -> Figure:
    """Add up the minutes of presence."""
    return Figure(
        rows=attended(selection),
        measure=Measure("minutes", is_sum=True),
        by={
            "site": Dimension(
                "Heures de présence par site",
                key="site",
                label="site__name",
                order="site__sort_key",
            ),
            "month": Dimension(
                "Heures de présence par mois",
                key=TruncMonth("session__on"),
                # SQLite calls Python for each row it truncates: a day is read, then folded.
                finer="session__on",
                fold=lambda on: on.replace(day=1),
                is_ordered=True,
            ),
            "programme": _PROGRAMMES,
        },
        columns=(
            Column("Personne", lambda line: line.enrolment.person),
            Column("Jour", lambda line: line.on, show=day),
            Column("Site", lambda line: line.site),
            Column("Durée", lambda line: line.minutes, show=hours, align="end"),
        ),
        related=("enrolment__person", "site"),
    )


@figure(
    code="attendances",
    label="Participations",
    unit=Unit.SESSIONS,
    formula="Nombre de présences de participants dans les séances clôturées de la période.",
    source=I6,
)
def attendances(selection: Selection) -> Figure:
    """Count the presences."""
    return Figure(
        rows=attended(selection),
        columns=(
            Column("Personne", lambda line: line.enrolment.person),
            Column("Jour", lambda line: line.on, show=day),
            Column("Site", lambda line: line.site),
        ),
        related=("enrolment__person", "site"),
    )


SESSION_COLUMNS = (
    Column("Séance", str),
    Column("Jour", lambda session: session.on, show=day),
    Column("Horaires", lambda session: session.hours),
)
SESSION_RELATED = ("kind", "programme__territory")


def _sessions(selection: Selection):
    sessions = Session.objects.for_scope(selection.scope, Action.VIEW_FIGURES)
    return sessions.filter(programme__in=selection.programmes).in_period(selection.period)


_SESSION_KINDS = {
    "kind": Dimension(
        "Séances par nature", key="kind", lookup=ReferenceCode, short=without_details
    ),
}


@figure(
    code="sessions_held",
    label="Séances tenues",
    unit=Unit.SESSIONS,
    formula=(
        "Séances clôturées de la période\u00a0; une séance appartient au jour où elle commence."
    ),
    source=FICHE,
    list_action=Action.VIEW_SESSIONS,
)
def sessions_held(selection: Selection) -> Figure:
    """Count the sessions that took place."""
    return Figure(
        rows=_sessions(selection),
        where=Q(closed_at__isnull=False, cancelled_on=None),
        by=_SESSION_KINDS,
        family="sessions",
        columns=SESSION_COLUMNS,
        related=SESSION_RELATED,
    )


@figure(
    code="sessions_cancelled",
    label="Séances annulées",
    unit=Unit.SESSIONS,
    formula="Séances de la période qui n’ont pas eu lieu, avec leur motif.",
    source=FICHE,
    list_action=Action.VIEW_SESSIONS,
)
def sessions_cancelled(selection: Selection) -> Figure:
    """Count the sessions that were cancelled."""
    return Figure(
        rows=_sessions(selection),
        where=Q(cancelled_on__isnull=False),
        by={
            "reason": Dimension(
                "Séances annulées par motif", key="cancel_reason", lookup=ReferenceCode
            )
        },
        family="sessions",
        columns=SESSION_COLUMNS,
        related=SESSION_RELATED,
    )


@figure(
    code="sessions_planned",
    label="Séances prévues",
    unit=Unit.SESSIONS,
    formula="Séances de la période qui ne sont ni clôturées ni annulées.",
    source=FICHE,
    list_action=Action.VIEW_SESSIONS,
)
def sessions_planned(selection: Selection) -> Figure:
    """Count the sessions still to come or to close."""
    return Figure(
        rows=_sessions(selection),
        where=Q(closed_at=None, cancelled_on=None),
        by=_SESSION_KINDS,
        family="sessions",
        columns=SESSION_COLUMNS,
        related=SESSION_RELATED,
    )


@figure(
    code="workshops_held",
    label="Ateliers tenus",
    unit=Unit.WORKSHOPS,
    formula="Ateliers des séances clôturées de la période\u00a0; un atelier a un seul thème.",
    source=FICHE,
    list_action=Action.VIEW_SESSIONS,
)
def workshops_held(selection: Selection) -> Figure:
    """Count the workshops held."""
    workshops = Workshop.objects.for_scope(selection.scope, Action.VIEW_FIGURES)
    rows = workshops.filter(session__programme__in=selection.programmes)
    return Figure(
        rows=rows.in_period(selection.period).held(),
        by={
            "theme": Dimension(
                "Ateliers par thème", key="theme", lookup=ReferenceCode, short=without_details
            )
        },
        related=("theme", "session", "speaker"),
        columns=(
            Column("Atelier", str),
            Column("Jour", lambda workshop: workshop.session.on, show=day),
            Column("Intervenant", lambda workshop: workshop.speaker),
        ),
    )
