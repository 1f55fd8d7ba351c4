"""Hours of a week under a contract: sessions, interviews and steps, against what was agreed.

Between the referents and the person: nothing here goes to a list, an export or a figure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.utils import timezone

from beneficiaries.enums import InterviewState, Presence
from beneficiaries.models import Attendance, EngagementContract, Enrolment, Interview, Step
from beneficiaries.services.person_files import PathwayFile

_ONE_DAY = timedelta(days=1)
#: Monday is 0: a step lasts over the days people work.
_SATURDAY = 5


@dataclass(frozen=True)
class Week:
    """Seven days from a Monday."""

    monday: date

    @classmethod
    def of(cls, on: date) -> "Week":
        """Return the week of a day."""
        return cls(on - _ONE_DAY * on.weekday())

    def __contains__(self, on: date) -> bool:
        """Tell whether a day is in the week."""
        return self.monday <= on < self.monday + 7 * _ONE_DAY


def week_of_today(enrolment: Enrolment) -> Week:
    """Return the week that is going on where the programme is."""
    return Week.of(timezone.localdate(timezone=enrolment.programme.territory.zone))


def minutes_in(
    week: Week,
    *,
    attendances: Iterable[Attendance],
    interviews: Iterable[Interview],
    steps: Iterable[Step],
) -> int:
    """Return the minutes of a week: presences of closed sessions, interviews held, steps done."""
    there = (
        row.minutes
        for row in attendances
        if row.status == Presence.PRESENT and row.session.closed_at and row.on in week
    )
    met = (
        row.minutes or 0
        for row in interviews
        if row.state == InterviewState.HELD and row.on in week
    )
    return sum(there) + sum(met) + sum(_minutes_of_step(step, week) for step in steps)


def _minutes_of_step(step: Step, week: Week) -> int:
    """Return the part of a step done that falls in a week, a month of immersion included."""
    if not (step.minutes and step.done_on):
        return 0
    days = working_days(step.started_on, step.done_on)
    shares = spread(step.minutes, len(days))
    return sum(share for on, share in zip(days, shares, strict=True) if on in week)


def working_days(first: date, last: date) -> list[date]:
    """Return the days from Monday to Friday between two days; every day when there is none."""
    days = [first + _ONE_DAY * number for number in range((last - first).days + 1)]
    return [on for on in days if on.weekday() < _SATURDAY] or days


def spread(minutes: int, parts: int) -> list[int]:
    """Return whole minutes in almost equal parts, whose sum is exact."""
    steps = [minutes * number // parts for number in range(parts + 1)]
    return [after - before for before, after in pairwise(steps)]


@dataclass(frozen=True)
class Agreed:
    """What a referent reads: the contract of a stay, and the minutes of the week when it has any.

    `contract` is None when none is going on.
    """

    enrolment: Enrolment
    contract: EngagementContract | None = None
    minutes: int = 0


def of_file(file: PathwayFile) -> list[Agreed]:
    """Return the hours of each stay going on that the reader is a referent of; nobody else's."""
    return [
        _agreed(file, stay, [row for row in file.contracts if row.enrolment_id == stay.pk])
        for stay in file.followed
        if stay.entered_on and (stay.left_on is None or stay.left_on >= file.today)
    ]


def _agreed(file: PathwayFile, stay: Enrolment, contracts: Sequence[EngagementContract]) -> Agreed:
    contract = next((row for row in contracts if _is_in_force(row, file.today)), None)
    if contract is None or contract.weekly_minutes is None:
        return Agreed(stay, contract)

    def of_stay(rows: Iterable) -> list:
        return [row for row in rows if row.enrolment_id == stay.pk]

    minutes = minutes_in(
        week_of_today(stay),
        attendances=of_stay(file.attendances),
        interviews=of_stay(file.interviews),
        steps=of_stay(file.steps),
    )
    return Agreed(stay, contract, minutes)


def _is_in_force(contract: EngagementContract, on: date) -> bool:
    return contract.starts_on <= on and (contract.ends_on is None or on <= contract.ends_on)
