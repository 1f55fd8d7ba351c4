"""Plans: the half-days that a week makes between two days, and the days that it skips."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from autoprod.core.holidays import holiday
from autoprod.core.periods import ONE_DAY, instant_at
from programmes.models import ClosedPeriod, Schedule, ScheduleSlot

#: Days skipped no further apart are of one closure.
NEXT = timedelta(days=14)
CLOCK_CHANGE = "changement d’heure\u00a0: les horloges sautent cette heure"


@dataclass(frozen=True, order=True)
class HalfDay:
    """A half-day of the week (1 is Monday), on the clocks of the place."""

    weekday: int
    starts: time
    ends: time

    def overlaps(self, other: "HalfDay") -> bool:
        """Tell whether both share an instant of the week."""
        return (
            self.weekday == other.weekday
            and self.starts < other.ends
            and (other.starts < self.ends)
        )


@dataclass(frozen=True)
class Week:
    """What a schedule asks for, saved or not: its half-days between two days, both included."""

    half_days: tuple[HalfDay, ...]
    starts_on: date
    ends_on: date
    works_on_holidays: bool = False

    def days(self) -> Iterator[date]:
        """Return the days it may take, in order."""
        weekdays = {half.weekday for half in self.half_days}
        day = self.starts_on
        while day <= self.ends_on:
            if day.isoweekday() in weekdays:
                yield day
            day += ONE_DAY


@dataclass(frozen=True, order=True)
class Stretch:
    """When a session takes place: two instants, and the day it starts on."""

    starts_at: datetime
    ends_at: datetime
    on: date


@dataclass(frozen=True)
class Skipped:
    """The days on which nothing is planned for one reason."""

    reason: str
    days: tuple[date, ...]


@dataclass(frozen=True)
class Plan:
    """The stretches a week makes, in order, and the days it skips."""

    stretches: tuple[Stretch, ...]
    skipped: tuple[Skipped, ...]


def week_of(schedule: Schedule) -> Week:
    """Return what a saved schedule asks for."""
    rows = ScheduleSlot.objects.filter(schedule=schedule)
    halves = (HalfDay(row.weekday, row.starts, row.ends) for row in rows)
    return Week(
        tuple(sorted(halves)), schedule.starts_on, schedule.ends_on, schedule.works_on_holidays
    )


def reason_to_skip(day: date, closed: Iterable[ClosedPeriod], *, works_on_holidays: bool) -> str:
    """Return why nothing is planned on a day; empty when something may be."""
    for period in closed:
        if period.starts_on <= day <= period.ends_on:
            return f"fermeture\u00a0: {period.label}"
    if not works_on_holidays and (name := holiday(day)):
        return f"férié\u00a0: {name}"
    return ""


def plan_of(week: Week, closed: Iterable[ClosedPeriod], zone: ZoneInfo) -> Plan:
    """Return the sessions that a week makes in a time zone, beside the days it skips."""
    closed, stretches, skipped = list(closed), [], []
    for day in week.days():
        if reason := reason_to_skip(day, closed, works_on_holidays=week.works_on_holidays):
            skipped.append((day, reason))
            continue
        for half in week.half_days:
            if half.weekday != day.isoweekday():
                continue
            try:
                stretches.append(stretch_at(day, half.starts, half.ends, zone))
            except ValueError:
                skipped.append((day, CLOCK_CHANGE))
    return Plan(tuple(sorted(stretches)), _together(skipped))


def _together(skipped: Iterable[tuple[date, str]]) -> tuple[Skipped, ...]:
    """Return the days skipped for one reason in a row as one line; next year's are another."""
    runs: list[Skipped] = []
    last: dict[str, int] = {}
    for day, reason in skipped:
        rank = last.get(reason)
        if rank is not None and day - runs[rank].days[-1] <= NEXT:
            runs[rank] = Skipped(reason, (*runs[rank].days, day))
        else:
            last[reason] = len(runs)
            runs.append(Skipped(reason, (day,)))
    return tuple(runs)


def stretch_at(day: date, starts: time, ends: time, zone: ZoneInfo) -> Stretch:
    """Return when two clocks of a day are; ValueError when the zone skips one of them."""
    return Stretch(instant_at(day, starts, zone), instant_at(day, ends, zone), day)
