"""Numbers that sessions hold: people met, oriented, entered, informed; never a name."""

from django.db.models import Q

from autoprod.core.formatting import hours, number
from autoprod.core.scoping import Action
from autoprod.core.tables import Column
from evaluation.enums import Unit
from evaluation.indicators.presence import FICHE
from evaluation.indicators.registry import Figure, Measure, Selection, figure
from evaluation.indicators.sessions import (
    HELD,
    SESSION_COLUMNS,
    SESSION_KINDS,
    SESSION_RELATED,
    T7,
    of_kind,
    sessions_of,
)
from programmes.services.session_kinds import INDIRECT, MEETING, OUTREACH

OUTREACHED = FICHE + ", permanences de quartier"
INDIRECTLY = FICHE + ", personnes touchées indirectement"


def _counting(selection: Selection, number_of: str, where: Q, column: Column) -> Figure:
    """Return the sum of a number that sessions held: never a name, never distinct persons."""
    return Figure(
        rows=sessions_of(selection),
        measure=Measure(number_of, is_sum=True),
        where=HELD & where,
        by=SESSION_KINDS,
        family="counted",
        columns=(*SESSION_COLUMNS, column),
        related=(*SESSION_RELATED, "outreach"),
    )


@figure(
    code="meeting_minutes",
    label="Durée des temps de réunion",
    unit=Unit.MINUTES,
    formula="Somme des durées prévues des temps de réunion tenus dans la période.",
    source=T7,
    list_action=Action.VIEW_SESSIONS,
)
def meeting_minutes(selection: Selection) -> Figure:
    """Add up how long the meetings lasted."""
    column = Column("Durée", lambda session: session.minutes, show=hours, align="end")
    return _counting(selection, "minutes", of_kind(MEETING), column)


def _met(name: str, label: str) -> Column:
    return Column(label, lambda session: getattr(session.outreach, name), show=number, align="end")


@figure(
    code="outreach_met",
    label="Personnes rencontrées en permanence",
    unit=Unit.PASSAGES,
    formula=(
        "Personnes rencontrées, comptées sans nom, aux séances clôturées dont la nature va vers "
        "les habitants (permanence de quartier). Une personne venue deux fois compte deux fois "
        "et n’est pas, par là, une personne touchée."
    ),
    source=OUTREACHED,
    list_action=Action.VIEW_SESSIONS,
)
def outreach_met(selection: Selection) -> Figure:
    """Add up the people met."""
    return _counting(
        selection, "outreach__met", _of_outreach(), _met("met", "Personnes rencontrées")
    )


@figure(
    code="outreach_oriented",
    label="Personnes orientées en permanence",
    unit=Unit.PASSAGES,
    formula="Parmi les personnes rencontrées en permanence, celles qui ont été orientées.",
    source=OUTREACHED,
    list_action=Action.VIEW_SESSIONS,
)
def outreach_oriented(selection: Selection) -> Figure:
    """Add up, among them, the people oriented."""
    return _counting(
        selection, "outreach__oriented", _of_outreach(), _met("oriented", "Personnes orientées")
    )


@figure(
    code="outreach_entered",
    label="Personnes entrées après une permanence",
    unit=Unit.PASSAGES,
    formula=(
        "Parmi les personnes orientées en permanence, celles qui sont entrées dans l’action, "
        "telles qu’elles ont été notées à la séance."
    ),
    source=OUTREACHED,
    list_action=Action.VIEW_SESSIONS,
)
def outreach_entered(selection: Selection) -> Figure:
    """Add up, among them, the people who entered."""
    return _counting(
        selection, "outreach__entered", _of_outreach(), _met("entered", "Personnes entrées")
    )


def _of_outreach() -> Q:
    return of_kind(OUTREACH) & Q(outreach__isnull=False)


_HEADCOUNT = Column("Personnes", lambda session: session.headcount, show=number, align="end")


@figure(
    code="public_indirect",
    label="Public indirect",
    unit=Unit.PASSAGES,
    formula=(
        "Personnes comptées sans nom aux séances clôturées dont la nature compte le public "
        "indirect (information, rencontre…). Elles ne s’ajoutent jamais aux personnes touchées."
    ),
    source=INDIRECTLY,
    list_action=Action.VIEW_SESSIONS,
)
def public_indirect(selection: Selection) -> Figure:
    """Add up the people informed."""
    return _counting(selection, "headcount", of_kind(INDIRECT), _HEADCOUNT)


@figure(
    code="participations_unnamed",
    label="Participations anonymes",
    unit=Unit.PASSAGES,
    formula=(
        "Personnes de passage comptées sans nom aux autres séances clôturées de la période\u00a0: "
        "convives d’une table, par exemple. Elles ne s’ajoutent jamais aux personnes touchées."
    ),
    source=INDIRECTLY,
    list_action=Action.VIEW_SESSIONS,
)
def participations_unnamed(selection: Selection) -> Figure:
    """Add up the people who passed by."""
    others = ~of_kind(INDIRECT) & Q(headcount__gt=0)
    return _counting(selection, "headcount", others, _HEADCOUNT)
