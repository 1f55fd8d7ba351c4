"""When the demo's people meet their referent: decided for the whole year by the year alone.

About once a month, and only once somebody has come to the garden that year. The day of the demo
only says how far it is written down, so that a later day only adds.
"""

import calendar
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache

from autoprod.core.periods import ONE_DAY
from beneficiaries.enums import InterviewState, Level, NoteLevel, Part, Presence
from beneficiaries.management.demo.away import is_away
from beneficiaries.management.demo.cohorts import (
    Someone,
    Stay,
    people_of,
    pool,
    rows_of,
    working_day_of,
)
from beneficiaries.management.demo.lots import draw, lot
from beneficiaries.management.demo.roll import marks
from programmes.management.demo.calendars import holidays

#: A referent receives them one after the other, on the hour first.
_SLOTS = tuple(time(hour, minute) for minute in (0, 30) for hour in (9, 10, 11, 14, 15, 16, 17))
_MODES = ("rendez_vous",) * 6 + ("telephone", "exterieur", "domicile")
_MINUTES = (30, 45, 45, 60)
#: How often a month has none, an appointment is missed, one is cancelled.
_NONE, _MISSED, _CANCELLED = 0.06, 0.07, 0.03
#: How often each level has a note.
_NOTED = {NoteLevel.LOGISTIC: 0.4, NoteLevel.SOCIAL: 0.85, NoteLevel.PRIVATE: 0.12}


@dataclass(frozen=True)
class Meeting:
    """An appointment of somebody and their referent, and what becomes of it."""

    who: Someone
    stay: Stay
    on: date
    kind: str
    mode: str
    state: InterviewState
    minutes: int | None
    notes: tuple[tuple[NoteLevel, str], ...]
    at: time = _SLOTS[0]


@cache
def meetings(year: int) -> dict[tuple[tuple[int, int], date], tuple[Meeting, ...]]:
    """Return the appointments of a year by stay (whose, since when), in order."""
    first_days = _first_presences(year)
    planned = [
        meeting
        for someone in people_of(year)
        if someone.row["part"] == Part.PARTICIPANT and someone.key in first_days
        for meeting in _of(someone, year, first_days[someone.key])
    ]
    by_day = defaultdict(list)
    for meeting in sorted(planned, key=lambda meeting: (meeting.on, meeting.who.key)):
        by_day[meeting.on].append(meeting)
    by_stay = defaultdict(list)
    for lined_up in by_day.values():
        for rank, meeting in enumerate(lined_up):
            at = _SLOTS[rank % len(_SLOTS)]
            timed = Meeting(**vars(meeting) | {"at": at})
            by_stay[meeting.who.key, meeting.stay.known_on].append(timed)
    return {key: tuple(found) for key, found in by_stay.items()}


def _first_presences(year: int) -> dict[tuple[int, int], date]:
    found: dict = {}
    for mark in marks(year):
        if mark.status == Presence.PRESENT:
            found.setdefault(mark.who.key, mark.session.day)
    return found


def _of(someone: Someone, year: int, came_on: date) -> Iterator[Meeting]:
    told = {working_day_of(row["on"], someone.year): row for row in rows_of(someone, "interviews")}
    written = {(day.year, day.month) for day in told}
    for day, row in told.items():
        stay = someone.stay_on(day)
        if day.year == year and stay:
            yield _written(someone, stay, day, row)
    for month in range(came_on.month, 13):
        if (year, month) in written or lot("none", year, month, *someone.key) < _NONE:
            continue
        day = max(came_on, _drawn_day(someone, year, month))
        stay = someone.stay_on(day)
        if stay and day.month == month and _is_met(someone, day):
            yield from _drawn(someone, stay, day)


def _is_met(someone: Someone, day: date) -> bool:
    is_there = not someone.is_paused(day) and not is_away(someone, day)
    return someone.level_on(day) == Level.PATHWAY and is_there


def _drawn_day(someone: Someone, year: int, month: int) -> date:
    """Return a working day of the month, not one of its very last."""
    last = calendar.monthrange(year, month)[1] - 3
    day = date(year, month, 1 + int(lot("met", year, month, *someone.key) * last))
    while day.isoweekday() > 5 or day in holidays(year):
        day += ONE_DAY
    return day


def _drawn(someone: Someone, stay: Stay, day: date) -> Iterator[Meeting]:
    fate = lot("fate", day, *someone.key)
    state = InterviewState.HELD
    if fate < _MISSED:
        state = InterviewState.MISSED
    elif fate < _MISSED + _CANCELLED:
        state = InterviewState.CANCELLED
    yield _meeting(someone, stay, day, _kind(stay, day), state)
    again = day + timedelta(days=7)
    is_open = again.month == day.month and again not in holidays(day.year)
    is_open = is_open and not is_away(someone, again)
    if state == InterviewState.MISSED and is_open and stay.covers(again):
        yield _meeting(someone, stay, again, "ponctuel", InterviewState.HELD)


def _kind(stay: Stay, day: date) -> str:
    """Return what the interview is, from how long they have been there."""
    since = (day.year - stay.entered_on.year) * 12 + day.month - stay.entered_on.month
    if since == 0:
        return "accueil"
    if (stay.left_on - day).days < 31:
        return "sortie"
    return "intermediaire" if since % 6 == 0 else "mensuel"


def _meeting(someone: Someone, stay: Stay, day: date, kind: str, state: InterviewState) -> Meeting:
    is_held = state == InterviewState.HELD
    return Meeting(
        who=someone,
        stay=stay,
        on=day,
        kind=kind,
        mode=draw(_MODES, "mode", day, *someone.key),
        state=state,
        minutes=draw(_MINUTES, "minutes", day, *someone.key) if is_held else None,
        notes=tuple(_notes(someone, day)) if is_held else (),
    )


def _notes(someone: Someone, day: date) -> Iterator[tuple[NoteLevel, str]]:
    """Yield what is noted, no sentence twice within a year for somebody."""
    for level, odds in _NOTED.items():
        if lot("noted", level, day, *someone.key) < odds:
            texts = [row["text"] for row in pool("notes") if row["level"] == level]
            first = int(lot("first note", level, *someone.key) * len(texts))
            yield level, texts[(first + 5 * day.month) % len(texts)]


def _written(someone: Someone, stay: Stay, day: date, row: dict[str, str]) -> Meeting:
    return Meeting(
        who=someone,
        stay=stay,
        on=day,
        kind=row["kind"],
        mode=row["mode"],
        state=InterviewState(row["state"]),
        minutes=int(row["minutes"]) if row["minutes"] else None,
        notes=tuple((level, row[level.value]) for level in NoteLevel if row[level.value]),
    )
