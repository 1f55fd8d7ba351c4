"""The demo's calendar: the half-days of a year, fixed by the year alone.

The gardens are open from Monday to Thursday, 8–12 and 14–16 (fiche). 2015 is lived week after week;
any other year has 23 weeks of 12 two-hour slots, the 276 workshops and 552 hours of the fiche.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from autoprod.core.holidays import holidays_of

WEEKS = 23
#: Where the choice of the 23 weeks begins: from there no month is without one, to 2069.
_START = 37
_WEEK = timedelta(days=7)


class Half(StrEnum):
    """The two halves of a day."""

    MORNING = "am"
    AFTERNOON = "pm"


@dataclass(frozen=True)
class HalfDay:
    """One half-day: `week` is the rank of its week among those of the month, from 1."""

    day: date
    half: Half
    week: int

    @property
    def slot(self) -> tuple[int, int, int, Half]:
        """Return (month, week, weekday from 1, half); the month is that of the week's Monday."""
        monday = self.day - timedelta(days=self.day.weekday())
        return monday.month, self.week, self.day.isoweekday(), self.half


def half_days(year: int) -> list[HalfDay]:
    """Return the half-days of a year, in order: the same whatever the day of the demo."""
    found, seen, closed = [], {}, holidays(year)
    for monday in _mondays_of_2015() if year == 2015 else _chosen_mondays(year):
        seen[monday.month] = seen.get(monday.month, 0) + 1
        for day in _days(monday):
            if day not in closed:
                found += [HalfDay(day, half, seen[monday.month]) for half in Half]
    return found


def _days(monday: date) -> list[date]:
    """Return Monday to Thursday."""
    return [monday + timedelta(days=rank) for rank in range(4)]


def _mondays(first: date, last: date) -> list[date]:
    start = first + timedelta(days=-first.weekday() % 7)
    return [start + rank * _WEEK for rank in range((last - start).days // 7 + 1)]


def _mondays_of_2015() -> list[date]:
    summer = {date(2015, 8, 10), date(2015, 8, 17)}
    return [d for d in _mondays(date(2015, 1, 5), date(2015, 12, 14)) if d not in summer]


def _chosen_mondays(year: int) -> list[date]:
    """Return 23 Mondays, evenly among the weeks that have neither a holiday nor a closure."""
    closed = holidays(year) | {date(year, 8, day) for day in range(4, 18)}
    mondays = _mondays(date(year, 1, 4), date(year, 12, 14))
    whole = [monday for monday in mondays if not closed.intersection(_days(monday))]
    return [whole[(rank * len(whole) + _START) // WEEKS] for rank in range(WEEKS)]


def holidays(year: int) -> set[date]:
    """Return the French public holidays."""
    return set(holidays_of(year))
