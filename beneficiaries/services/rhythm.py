"""The rule « one interview per calendar month »: who is to be seen, by when, said kindly.

Source: fiche d’expérience « Les jardins du cœur », bilans mensuels individuels. Whoever enters
after the 15th is seen from the next month on.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from autoprod.core.formatting import day, day_and_month
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import InterviewState, Level, Part, Rhythm
from beneficiaries.models import Enrolment, LevelChange, Suspension
from beneficiaries.services.interviews import last_held
from beneficiaries.services.person_files import PathwayFile

#: Day of the month after which an entry makes the first interview due the month after.
LATE_ENTRY = 15


@dataclass(frozen=True)
class Due:
    """Where somebody is with the interview of the month.

    `by` is the last day it may be held, None once it is; `since` the last one held, None when
    there is none; `begun` the first day of the accompaniment.
    """

    state: Rhythm
    by: date | None
    since: date | None
    begun: date

    def words(self, today: date) -> str:
        """Return « à voir d’ici le 30 novembre », « pas d’entretien depuis le 3 octobre »."""
        if self.state == Rhythm.DONE:
            return f"entretien fait le {near(self.since, today)}"
        if self.state == Rhythm.TO_SEE:
            return f"à voir d’ici le {near(self.by, today)}"
        if self.since is None:
            return f"pas encore d’entretien depuis le {near(self.begun, today)}"
        return f"pas d’entretien depuis le {near(self.since, today)}"


def near(value: date, today: date) -> str:
    """Return the day, its year only when it is another one."""
    return day_and_month(value) if value.year == today.year else day(value)


def due_of(
    scope: Scope, enrolments: Iterable[Enrolment], today: date, *, late_entry: int = LATE_ENTRY
) -> dict[int, Due]:
    """Return, by key of enrolment, where each is with the interview of the month, in three queries.

    Absent: whoever no interview is due to, that is any but a participant in the programme on that
    day, accompanied on that day, whose stay is not suspended; and what the scope does not open.
    """
    opened = scope.keys("programme", Action.VIEW_PATHWAYS)
    rows = [
        row
        for row in enrolments
        if row.part == Part.PARTICIPANT and (scope.is_unlimited or row.programme_id in opened)
    ]
    keys = [row.pk for row in rows]
    changes = LevelChange.objects.for_scope(scope, Action.VIEW_PATHWAYS).filter(enrolment__in=keys)
    pauses = Suspension.objects.for_scope(scope, Action.VIEW_PATHWAYS).filter(enrolment__in=keys)
    held = last_held(scope, rows, today)
    return _dues(_stays(rows, changes, pauses), held, today, late_entry)


def of_file(file: PathwayFile) -> dict[int, Due]:
    """Return the same for the stays of somebody's file, from what it holds: no query."""
    rows = [row for row in file.stays.values() if row.part == Part.PARTICIPANT]
    held: dict[int, date] = {}
    for row in file.interviews:
        if row.state == InterviewState.HELD and row.on <= file.today:
            held[row.enrolment_id] = max(row.on, held.get(row.enrolment_id, row.on))
    return _dues(_stays(rows, file.changes, file.pauses), held, file.today, LATE_ENTRY)


def _dues(
    stays: Iterable["_Stay"], held: Mapping[int, date], today: date, late_entry: int
) -> dict[int, Due]:
    found = {
        stay.enrolment.pk: _due(stay, held.get(stay.enrolment.pk), today, late_entry)
        for stay in stays
        if stay.expects(today)
    }
    return {key: due for key, due in found.items() if due}


@dataclass(frozen=True)
class _Stay:
    """An enrolment with the changes of its level and its pauses, in the order of days."""

    enrolment: Enrolment
    changes: Sequence[LevelChange]
    pauses: Sequence[Suspension]

    def expects(self, on: date) -> bool:
        """Tell whether somebody is accompanied on a day, and not on a pause."""
        entered, left = self.enrolment.entered_on, self.enrolment.left_on
        if entered is None or on < entered or (left and on > left):
            return False
        paused = any(
            p.starts_on <= on and (p.ends_on is None or on <= p.ends_on) for p in self.pauses
        )
        return not paused and self._level(on) == Level.PATHWAY

    def _level(self, on: date) -> str:
        # The enrolment has the level of after the last change.
        later = (change.before for change in self.changes if change.since > on)
        return next(later, self.enrolment.level)

    def begun(self, on: date) -> date:
        """Return the day the accompaniment of a day began: the entry, or a change of level."""
        since = (c.since for c in self.changes if c.since <= on and c.level == Level.PATHWAY)
        return max([self.enrolment.entered_on, *since])

    def last_day(self, month: Period, late_entry: int) -> date | None:
        """Return the last day an interview of the month may be held; None when none is due."""
        days = (month.end - timedelta(days=back) for back in range(month.days))
        last = next((on for on in days if self.expects(on)), None)
        if last is None:
            return None
        begun = self.begun(last)
        is_late = month.contains(begun) and begun.day > late_entry
        return None if is_late else last


def _stays(
    enrolments: Iterable[Enrolment],
    changes: Iterable[LevelChange],
    pauses: Iterable[Suspension],
) -> list[_Stay]:
    changes_of, pauses_of = defaultdict(list), defaultdict(list)
    for change in sorted(changes, key=lambda row: row.since):
        changes_of[change.enrolment_id].append(change)
    for pause in pauses:
        pauses_of[pause.enrolment_id].append(pause)
    return [_Stay(row, changes_of[row.pk], pauses_of[row.pk]) for row in enrolments]


def _due(stay: _Stay, seen: date | None, today: date, late_entry: int) -> Due | None:
    month, begun = Period.containing(today, Kind.MONTH), stay.begun(today)
    if seen and seen >= month.start:
        return Due(Rhythm.DONE, None, seen, begun)
    by = stay.last_day(month, late_entry) or stay.last_day(month.next(), late_entry)
    if by is None:
        return None
    state = Rhythm.UNSEEN if _has_missed(stay, seen, today, late_entry) else Rhythm.TO_SEE
    return Due(state, by, seen, begun)


def _has_missed(stay: _Stay, seen: date | None, today: date, late_entry: int) -> bool:
    """Tell whether a month passed without its interview since the last one, or since the start."""
    first = max(seen + timedelta(days=1), stay.begun(today)) if seen else stay.begun(today)
    month = Period.containing(today, Kind.MONTH).previous()
    while month.end >= first and not (seen and month.contains(seen)):
        if stay.last_day(month, late_entry):
            return True
        month = month.previous()
    return False
