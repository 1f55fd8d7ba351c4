"""What was signed for, and what sessions count for, again as plain loops."""

from datetime import date

from autoprod.core.periods import Period
from beneficiaries.models import Attendance, Statement
from programmes.models import Outreach, Session, Workshop
from tests.evaluation.naive_rows import Answer, counted, presences


def sessions_of(programmes: set[int], period: Period) -> list[Session]:
    """Return the sessions of a period."""
    rows = Session.objects.select_related("kind")
    return [s for s in rows if s.programme_id in programmes and period.contains(s.on)]


def _held(programmes: set[int], period: Period, count: str) -> list[Session]:
    """Return the sessions held whose kind counts for something."""
    rows = sessions_of(programmes, period)
    return [s for s in rows if s.closed_at and not s.cancelled_on and s.kind.meta.get(count)]


def _states() -> dict[tuple[int, int, int], str]:
    """Return the state in force of each enrolment's month."""
    rows = Statement.objects.all()
    return {
        (row.enrolment_id, row.month.year, row.month.month): row.state
        for row in rows
        if row.state != "reopened"
    }


def _state_of(line: Attendance, states: dict) -> str | None:
    return states.get((line.enrolment_id, line.on.year, line.on.month))


def _signed(programmes: set[int], period: Period, *, is_it: bool = True) -> list[Attendance]:
    """Return the presences that were signed for, or those that were not."""
    rows, states = presences(programmes, period), _states()
    return [line for line in rows if (_state_of(line, states) in ("signed", "locked")) == is_it]


def _hours(lines: list[Attendance]) -> Answer:
    def minutes(line: Attendance) -> int:
        return line.minutes

    return sum(line.minutes for line in lines), {
        "site": counted(lines, lambda line: line.site_id, minutes),
        "month": counted(lines, lambda line: line.session.on.replace(day=1), minutes),
        "programme": counted(lines, lambda line: line.session.programme_id, minutes),
    }


def hours(programmes: set[int], period: Period) -> Answer:
    return _hours(presences(programmes, period))


def hours_signed(programmes: set[int], period: Period) -> Answer:
    return _hours(_signed(programmes, period))


def hours_unsigned(programmes: set[int], period: Period) -> Answer:
    lines, states = _signed(programmes, period, is_it=False), _states()
    total, parts = _hours(lines)
    by_state = counted(lines, lambda line: _state_of(line, states), lambda line: line.minutes)
    return total, parts | {"state": by_state}


def _pairs(lines: list[Attendance]) -> set[tuple[int, date]]:
    return {(line.enrolment.person_id, line.on.replace(day=1)) for line in lines}


def months_present(programmes: set[int], period: Period) -> Answer:
    return len(_pairs(presences(programmes, period))), {}


def months_signed(programmes: set[int], period: Period) -> Answer:
    return len(_pairs(_signed(programmes, period))), {}


def tables_held(programmes: set[int], period: Period) -> Answer:
    return len(_held(programmes, period, "table")), {}


def tables_in_districts(programmes: set[int], period: Period) -> Answer:
    found = 0
    for session in _held(programmes, period, "table"):
        sites = [s for s in session.sites.all() if s.district and not s.kind.meta.get("garden")]
        found += bool(sites)
    return found, {}


def health_sessions(programmes: set[int], period: Period) -> Answer:
    return len(_held(programmes, period, "health")), {}


def health_themes(programmes: set[int], period: Period) -> Answer:
    held = {session.pk for session in _held(programmes, period, "health")}
    themes = {w.theme_id for w in Workshop.objects.all() if w.session_id in held}
    return len(themes), {"theme": dict.fromkeys(themes, 1)}


def meetings_held(programmes: set[int], period: Period) -> Answer:
    return len(_held(programmes, period, "meeting")), {}


def meeting_persons(programmes: set[int], period: Period) -> Answer:
    lines = [x for x in presences(programmes, period) if x.session.kind.meta.get("meeting")]
    return len({line.enrolment.person_id for line in lines}), {}


def _counting(sessions: list[Session], numbers: list[int]) -> Answer:
    pairs = list(zip(sessions, numbers, strict=True))
    by_kind = counted(pairs, lambda pair: pair[0].kind_id, lambda pair: pair[1])
    return sum(numbers), {"kind": by_kind}


def meeting_minutes(programmes: set[int], period: Period) -> Answer:
    held = _held(programmes, period, "meeting")
    return _counting(held, [session.minutes for session in held])


def _outreach(programmes: set[int], period: Period, name: str) -> Answer:
    held = _held(programmes, period, "outreach")
    counts = {row.session_id: getattr(row, name) for row in Outreach.objects.all()}
    return _counting(held, [counts.get(session.pk, 0) for session in held])


def outreach_met(programmes: set[int], period: Period) -> Answer:
    return _outreach(programmes, period, "met")


def outreach_oriented(programmes: set[int], period: Period) -> Answer:
    return _outreach(programmes, period, "oriented")


def outreach_entered(programmes: set[int], period: Period) -> Answer:
    return _outreach(programmes, period, "entered")


def public_indirect(programmes: set[int], period: Period) -> Answer:
    held = _held(programmes, period, "indirect")
    return _counting(held, [session.headcount for session in held])


def participations_unnamed(programmes: set[int], period: Period) -> Answer:
    rows = sessions_of(programmes, period)
    held = [s for s in rows if s.closed_at and not s.cancelled_on]
    others = [s for s in held if not s.kind.meta.get("indirect")]
    return _counting(others, [session.headcount for session in others])
