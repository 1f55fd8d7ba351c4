"""Sessions: those held, cancelled, planned; and what their kind makes them count for."""

from collections.abc import Mapping

from django.db.models import Exists, OuterRef, Q, QuerySet

from autoprod.core.formatting import day
from autoprod.core.scoping import Action
from autoprod.core.tables import Column
from evaluation.enums import Unit
from evaluation.indicators.persons import attended, without_details
from evaluation.indicators.presence import FICHE
from evaluation.indicators.registry import Dimension, Figure, Measure, Selection, figure
from programmes.models import ReferenceCode, Session, Workshop
from programmes.services.session_kinds import HEALTH, MEETING, TABLE

T7 = FICHE + ", temps de réunion avec les bénéficiaires"
I3 = FICHE + ", «\u00a0tables solidaires organisées dans les quartiers\u00a0»"
I4 = FICHE + ", animations de prévention santé"

SESSION_COLUMNS = (
    Column("Séance", str),
    Column("Jour", lambda session: session.on, show=day),
    Column("Horaires", lambda session: session.hours),
)
SESSION_RELATED = ("kind", "programme__territory")


def sessions_of(selection: Selection) -> QuerySet:
    sessions = Session.objects.for_scope(selection.scope, Action.VIEW_FIGURES)
    return sessions.filter(programme__in=selection.programmes).in_period(selection.period)


HELD = Q(closed_at__isnull=False, cancelled_on=None)


def of_kind(count: str) -> Q:
    """Return whether the kind of a session counts for something, as its list says today."""
    kinds = ReferenceCode.objects.filter(**{f"meta__{count}": True})
    return Q(kind__in=kinds.order_by().values("pk"))


SESSION_KINDS = {
    "kind": Dimension(
        "Séances par nature", key="kind", lookup=ReferenceCode, short=without_details
    ),
}


def _sessions(
    selection: Selection, where: Q, *, by: Mapping[str, Dimension] | None = None
) -> Figure:
    """Return the figure of the sessions of a condition."""
    return Figure(
        rows=sessions_of(selection),
        where=where,
        by=by or {},
        family="sessions",
        columns=SESSION_COLUMNS,
        related=SESSION_RELATED,
    )


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
    return _sessions(selection, HELD, by=SESSION_KINDS)


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
        rows=sessions_of(selection),
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
    return _sessions(selection, Q(closed_at=None, cancelled_on=None), by=SESSION_KINDS)


WORKSHOP_COLUMNS = (
    Column("Atelier", str),
    Column("Jour", lambda workshop: workshop.session.on, show=day),
    Column("Intervenant", lambda workshop: workshop.speaker),
)
WORKSHOP_RELATED = ("theme", "session", "speaker")


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
        related=WORKSHOP_RELATED,
        columns=WORKSHOP_COLUMNS,
    )


# What the kind of a session makes it count for.


@figure(
    code="tables_held",
    label="Tables solidaires",
    unit=Unit.SESSIONS,
    formula=(
        "Séances clôturées de la période dont la nature compte comme table solidaire. Une séance "
        "annulée ou reportée ne compte pas."
    ),
    source=I3,
    list_action=Action.VIEW_SESSIONS,
)
def tables_held(selection: Selection) -> Figure:
    """Count the tables held."""
    return _sessions(selection, HELD & of_kind(TABLE))


@figure(
    code="tables_in_districts",
    label="Tables solidaires dans les quartiers",
    unit=Unit.SESSIONS,
    formula=(
        "Tables solidaires dont un site au moins est dans un quartier et n’est pas un lieu de "
        "culture (jardin, serre, verger, rucher)."
    ),
    source=I3,
    list_action=Action.VIEW_SESSIONS,
)
def tables_in_districts(selection: Selection) -> Figure:
    """Count the tables held away from the gardens."""
    gardens = ReferenceCode.objects.filter(meta__garden=True).order_by().values("pk")
    places = Session.sites.through.objects.filter(
        session=OuterRef("pk"), site__district__isnull=False
    )
    in_district = Q(Exists(places.exclude(site__kind__in=gardens)))
    return _sessions(selection, HELD & of_kind(TABLE) & in_district)


@figure(
    code="health_sessions",
    label="Animations de prévention santé",
    unit=Unit.SESSIONS,
    formula=(
        "Séances clôturées de la période dont la nature compte pour la santé. Une séance de deux "
        "thèmes compte une fois."
    ),
    source=I4,
    list_action=Action.VIEW_SESSIONS,
)
def health_sessions(selection: Selection) -> Figure:
    """Count the sessions about health."""
    return _sessions(selection, HELD & of_kind(HEALTH))


@figure(
    code="health_themes",
    label="Thèmes de prévention santé",
    unit=Unit.THEMES,
    formula="Thèmes distincts des ateliers tenus dans les animations de prévention santé.",
    source=I4,
    list_action=Action.VIEW_SESSIONS,
)
def health_themes(selection: Selection) -> Figure:
    """Count the themes met in the sessions about health."""
    sessions = sessions_of(selection).filter(HELD, of_kind(HEALTH))
    workshops = Workshop.objects.for_scope(selection.scope, Action.VIEW_FIGURES)
    return Figure(
        rows=workshops.filter(session__in=sessions.order_by().values("pk")),
        measure=Measure("theme", is_distinct=True),
        by={
            "theme": Dimension(
                "Ateliers de prévention par thème", key="theme", lookup=ReferenceCode
            )
        },
        related=WORKSHOP_RELATED,
        columns=WORKSHOP_COLUMNS,
    )


@figure(
    code="meetings_held",
    label="Temps de réunion",
    unit=Unit.SESSIONS,
    formula=(
        "Séances clôturées de la période dont la nature compte comme temps de réunion avec les "
        "participants."
    ),
    source=T7,
    list_action=Action.VIEW_SESSIONS,
)
def meetings_held(selection: Selection) -> Figure:
    """Count the meetings held with the participants."""
    return _sessions(selection, HELD & of_kind(MEETING))


@figure(
    code="meeting_persons",
    label="Personnes réunies",
    unit=Unit.PERSONS,
    formula=(
        "Personnes distinctes, inscrites comme participantes, présentes à un temps de réunion "
        "clôturé de la période."
    ),
    source=T7,
    action=Action.VIEW_INTERNAL_FIGURES,
    protected=True,
)
def meeting_persons(selection: Selection) -> Figure:
    """Count who came to a meeting."""
    meetings = sessions_of(selection).filter(HELD, of_kind(MEETING))
    return Figure(
        rows=attended(selection).filter(session__in=meetings.order_by().values("pk")),
        measure=Measure("enrolment__person", is_distinct=True),
        columns=(
            Column("Personne", lambda line: line.enrolment.person),
            Column("Réunion", lambda line: line.session),
            Column("Jour", lambda line: line.on, show=day),
        ),
        related=("enrolment__person", "session__kind"),
    )
