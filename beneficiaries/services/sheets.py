"""The table of several half-days to print: who is expected at one of them, and a box for each."""

from collections import Counter
from collections.abc import Sequence

from autoprod.core.formatting import hours
from autoprod.core.periods import Period
from autoprod.core.scoping import Action, Scope
from beneficiaries.documents.sheets import Box, Line, box, name_on_paper
from beneficiaries.models import Enrolment
from beneficiaries.services.rolls import Roll, Row, is_in, rolls_of, state_of
from programmes.models import Programme, Session


def sessions_to_print(scope: Scope, programme: Programme, period: Period) -> list[Session]:
    """Return the half-days of a period, in order: those held and those to come, none cancelled."""
    rows = Session.objects.for_scope(scope, Action.TICK_ATTENDANCE).of(programme)
    rows = rows.in_period(period).filter(cancelled_on=None).order_by("starts_at", "pk")
    return list(rows.select_related("programme__territory", "kind", "leader"))


def lines_of(sessions: Sequence[Session]) -> list[Line]:
    """Return a line for each person of the rolls of some sessions, in the order of names.

    The hours of a line are there once every session is closed: before, they are written by hand.
    """
    rolls = rolls_of(sessions)
    found = [{row.enrolment.pk: row for row in roll.rows} for roll in rolls]
    everybody = {key: row.enrolment for rows in found for key, row in rows.items()}
    people = sorted(everybody.values(), key=lambda one: (one.person.sort_key, one.pk))
    return [_line(one, rolls, [rows.get(one.pk) for rows in found]) for one in people]


def _line(enrolment: Enrolment, rolls: Sequence[Roll], rows: Sequence[Row | None]) -> Line:
    sites = Counter(row.site.short_name for row in rows if row and row.site)
    usual = sites.most_common(1)[0][0] if sites else ""
    pairs = zip(rolls, rows, strict=True)
    is_over = all(roll.session.is_closed for roll in rolls)
    return Line(
        name=name_on_paper(enrolment.person),
        boxes=[_box(enrolment, roll, row) for roll, row in pairs],
        site=usual,
        total=hours(sum(row.minutes for row in rows if row)) if is_over else "",
    )


def _box(enrolment: Enrolment, roll: Roll, row: Row | None) -> Box:
    """Return an empty box for who may still come, even if nobody expects them."""
    session = roll.session
    if row and row.lines:
        return box(row.lines, session)
    if session.is_closed or not is_in(enrolment, session.on):
        return Box(is_out=True)
    return Box(site=row.site.short_name if row and row.site else "")


def of_sessions(scope: Scope, sessions: Sequence[Session]) -> dict[int, dict]:
    """Return {session: what its page leads to on paper}, without a query; none if cancelled."""
    return {
        session.pk: {
            "session": session,
            "days": Period(session.on, session.on),
            "can_type": state_of(session) == "open",
        }
        for session in sessions
        if scope.opens(Action.TICK_ATTENDANCE, session.programme) and not session.is_cancelled
    }
