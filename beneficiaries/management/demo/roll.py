"""Who comes to which half-day of a year: decided for the whole year by the year alone.

The day of the demo only says how far it is written down, so that a later day only adds. In 2015 the
hours of each month are those of `HOURS_2015`, 4 205 in all; another year has the heads of `HEADS`.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby

from beneficiaries.enums import Part, Presence
from beneficiaries.management.demo.away import is_away, is_missing
from beneficiaries.management.demo.cohorts import FIRST_YEAR, Someone, people_of, rows
from beneficiaries.management.demo.lots import draw, lot
from programmes.management.demo.calendars import Half
from programmes.management.demo.sessions import PlannedSession, plan

#: Hours of presence of the participants, January to December 2015.
HOURS_2015 = (220, 260, 310, 340, 420, 455, 470, 390, 430, 400, 300, 210)
#: Participants of a half-day in any other year, on average, January to December.
HEADS = (7, 8, 10, 11, 12, 12, 11, 8, 11, 11, 10, 8)
#: Nobody is written down for less, except to end a month.
_SHORTEST = 45
_QUARTER = 15
_REASONS = ("sante", "sante", "sante", "administratif", "administratif", "garde", "transport")
_SITES = ("Blaise Pascal", "Le Vignoble", "Le Rôleur")


@dataclass(frozen=True)
class Mark:
    """One line of a roll call, to be written once its half-day has come."""

    session: PlannedSession
    who: Someone
    status: Presence
    site: str
    starts_at: datetime
    ends_at: datetime
    reason: str = ""

    @property
    def minutes(self) -> int:
        """Return the minutes of presence, 0 for an absence."""
        if self.status != Presence.PRESENT:
            return 0
        return (self.ends_at - self.starts_at) // timedelta(minutes=1)


@cache
def marks(year: int) -> tuple[Mark, ...]:
    """Return the roll calls of a year, in order."""
    held = [session for session in plan(year) if not session.cancel_reason]
    book = _Book(year)
    return tuple(
        mark
        for month, sessions in groupby(held, key=lambda session: session.day.month)
        for mark in book.month(month, list(sessions))
    )


def _length(session: PlannedSession) -> int:
    return (session.ends_at - session.starts_at) // timedelta(minutes=1)


class _Book:
    """The roll calls of a year under way: how often each has come decides who comes next."""

    def __init__(self, year: int) -> None:
        self.year = year
        people = people_of(year)
        self.participants = [
            p for p in people if p.row["part"] == Part.PARTICIPANT and p.row["regularity"] != "0"
        ]
        self.volunteers = [p for p in people if p.row["part"] == Part.VOLUNTEER]
        self.came, self.could = Counter(), Counter()

    def month(self, month: int, sessions: list[PlannedSession]) -> Iterator[Mark]:
        """Yield the marks of a month: its minutes are shared out among its half-days."""
        fixed = {session: self._meeting(session) for session in sessions}
        total = self._minutes(month, sessions)
        total -= sum(len(named) * _length(session) for session, named in fixed.items())
        shares = [0 if fixed[s] else _share(s) for s in sessions]
        given = sofar = 0
        for session, share in zip(sessions, shares, strict=True):
            if fixed[session]:
                yield from self._named(session, fixed[session])
                continue
            sofar += share
            is_last = sofar == sum(shares)
            target = total * sofar // sum(shares)
            target = total if is_last else target - target % _QUARTER
            lines = list(self._half_day(session, target - given, is_last=is_last))
            given += sum(line.minutes for line in lines if line.who.row["part"] == Part.PARTICIPANT)
            yield from lines

    def _minutes(self, month: int, sessions: list[PlannedSession]) -> int:
        if self.year == FIRST_YEAR:
            return HOURS_2015[month - 1] * 60
        return HEADS[month - 1] * sum(map(_length, sessions))

    def _meeting(self, session: PlannedSession) -> list[Someone]:
        """Return who was named at the health meeting of 2015, nobody for another half-day."""
        if self.year != FIRST_YEAR or session.kind != "sante":
            return []
        numbers = {row["number"] for row in rows(FIRST_YEAR, "health_meeting")}
        return [p for p in self.participants if p.row["number"] in numbers]

    def _named(self, session: PlannedSession, people: list[Someone]) -> Iterator[Mark]:
        for someone in people:
            self.came[someone.key] += 1
            yield self._present(session, someone)

    def _half_day(self, session: PlannedSession, room: int, *, is_last: bool) -> Iterator[Mark]:
        """Yield the marks of a half-day, for about `room` minutes of participants."""
        waiting = self._by_turn(session)
        count, rest = divmod(room, _length(session))
        yield from self._named(session, waiting[:count])
        waiting = waiting[count:]
        if waiting and (rest >= _SHORTEST or (is_last and rest)):
            yield self._partial(session, waiting.pop(0), rest)
        yield from self._missing(session, waiting)
        yield from self._expected(session)
        for someone in self.volunteers:
            if someone.stay_on(session.day) and _chance(0.12, "volunteer", session, someone):
                yield self._present(session, someone)

    def _by_turn(self, session: PlannedSession) -> list[Someone]:
        """Return who may come, the most awaited first: newcomers, then whoever came least."""
        day = session.day
        here = [
            p
            for p in self.participants
            if p.stay_on(day) and not p.is_paused(day) and not is_away(p, day)
        ]
        for someone in here:
            self.could[someone.key] += 1
        return sorted(here, key=lambda someone: (self._turn(session, someone), someone.key))

    def _turn(self, session: PlannedSession, someone: Someone) -> float:
        came, could = self.came[someone.key], self.could[someone.key]
        often = came / (could * int(someone.row["regularity"]))
        return often * (0.5 + lot("turn", session.starts_at, *someone.key))

    def _present(self, session: PlannedSession, someone: Someone) -> Mark:
        return Mark(
            session,
            someone,
            Presence.PRESENT,
            _site(session, someone),
            session.starts_at,
            session.ends_at,
        )

    def _partial(self, session: PlannedSession, someone: Someone, minutes: int) -> Mark:
        """Return the mark of somebody who comes late or leaves early."""
        self.came[someone.key] += 1
        start, end, time = session.starts_at, session.ends_at, timedelta(minutes=minutes)
        if _chance(0.5, "late", session, someone):
            start = end - time
        else:
            end = start + time
        return Mark(session, someone, Presence.PRESENT, _site(session, someone), start, end)

    def _missing(self, session: PlannedSession, waiting: list[Someone]) -> Iterator[Mark]:
        """Yield who was expected: some sent word, one did not."""
        excused = int(lot("excused", session.starts_at) * 2.2)
        absent = int(lot("absent", session.starts_at) * 1.4)
        for rank, someone in enumerate(waiting[: excused + absent]):
            is_excused = rank < excused
            yield Mark(
                session,
                someone,
                Presence.EXCUSED if is_excused else Presence.ABSENT,
                _site(session, someone),
                session.starts_at,
                session.ends_at,
                reason=draw(_REASONS, "why", session.starts_at, *someone.key) if is_excused else "",
            )

    def _expected(self, session: PlannedSession) -> Iterator[Mark]:
        """Yield who is expected in vain, morning after morning."""
        if session.half == Half.MORNING:
            for someone in self.participants:
                if is_missing(someone, session.day):
                    here = self._present(session, someone)
                    yield replace(here, status=Presence.ABSENT)


def _share(session: PlannedSession) -> int:
    """Return what part of its month's minutes a half-day takes; no two have the same heads."""
    return int(_length(session) * (70 + 60 * lot("share", session.starts_at)))


def _chance(odds: float, what: str, session: PlannedSession, someone: Someone) -> bool:
    return lot(what, session.starts_at, *someone.key) < odds


def _site(session: PlannedSession, someone: Someone) -> str:
    """Return where they are: most often where they feel at home."""
    if session.site:
        return session.site
    if _chance(0.7, "home", session, someone):
        return someone.row["site"]
    return draw(_SITES, "site", session.starts_at, *someone.key)
