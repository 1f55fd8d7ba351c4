"""The week in the garden: what is planned and not done, what was left aside first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from autoprod.core.periods import Period
from autoprod.core.scoping import Action, Scope
from gardens.enums import PlantingState
from gardens.models import Garden, Operation, Planting
from gardens.services import operations
from gardens.services.crops import DATE_OF, PLAN_OF, gestures_of
from programmes.enums import Module
from programmes.models import Programme, Session

#: Further back, nobody means to do it any more.
FORGOTTEN = timedelta(days=90)
#: How many lines a panel shows.
SHOWN = 6

_WORDS = {"semer": "Semer", "planter": "Planter", "arracher": "Arracher"}
_HARVEST = "Première récolte"


@dataclass(frozen=True)
class Task:
    """One thing to do: what, of what, where, for when; `gesture` is the tap that says it is done.

    A first harvest has none: it is weighed.
    """

    due: date
    what: str
    row: Planting | Operation
    garden: Garden
    gesture: str = ""
    #: From the days before: told kindly.
    is_waiting: bool = False

    @property
    def is_operation(self) -> bool:
        """Tell whether it is an operation; otherwise it is a crop."""
        return isinstance(self.row, Operation)

    @property
    def of_what(self) -> str:
        """Return the crop it is about, empty for a gesture of the whole garden."""
        crop = self.row.planting if self.is_operation else self.row
        return str(crop) if crop else ""

    @property
    def where(self) -> str:
        """Return « Le Rôleur, Planche 3 »."""
        return f"{self.garden}, {self.row.plot}" if self.row.plot_id else str(self.garden)

    @property
    def note(self) -> str:
        """Return what was written beside it."""
        return self.row.note


@dataclass(frozen=True)
class Week:
    """What is to do in a week: what waits from the days before, then what is of the week."""

    period: Period
    waiting: list[Task]
    tasks: list[Task]

    @property
    def all(self) -> list[Task]:
        """Return all of it, what waits first."""
        return [*self.waiting, *self.tasks]


def week_of(
    scope: Scope, programmes: Iterable[Programme | int], period: Period, today: date
) -> Week:
    """Return what is to do in the gardens of these programmes during a week, in two queries.

    What was planned in the three months before and is not done waits in the week of today.
    """
    first = today - FORGOTTEN if period.contains(today) else period.start
    asked = Period(min(first, period.start), period.end)
    tasks = [*_crops(scope, programmes, asked), *_operations(scope, programmes, asked)]
    tasks.sort(key=lambda task: (task.due, task.garden.pk, task.what, task.row.pk))
    since = today if period.contains(today) else period.start
    waiting = [replace(task, is_waiting=True) for task in tasks if _waits(task, since)]
    return Week(period, waiting, [task for task in tasks if _is_of(task, since, period)])


def _waits(task: Task, since: date) -> bool:
    """Tell whether it was left aside; a harvest is not: it comes when it is ripe."""
    return task.due < since and bool(task.gesture)


def _is_of(task: Task, since: date, period: Period) -> bool:
    """Tell whether it is of the week; a first harvest is, from its Monday on."""
    return task.due >= (since if task.gesture else period.start)


def _crops(scope: Scope, programmes: Iterable, asked: Period) -> list[Task]:
    days = Q()
    for name in (*PLAN_OF.values(), "harvest_on"):
        days |= Q(**{f"{name}__gte": asked.start, f"{name}__lte": asked.end})
    rows = Planting.objects.for_scope(scope, Action.VIEW_GARDENS).described()
    rows = rows.filter(days, programme__in=programmes, ended_on=None)
    return [task for row in rows for task in _tasks_of(row) if asked.contains(task.due)]


def _tasks_of(row: Planting) -> list[Task]:
    """Return what a crop waits for: its next gesture that has a day, its first harvest."""
    garden = row.plot.garden
    tasks = []
    for gesture in gestures_of(row):
        due = getattr(row, PLAN_OF[gesture])
        if due and getattr(row, DATE_OF[gesture]) is None:
            tasks.append(Task(due, _WORDS[gesture], row, garden, gesture))
            break
    if row.harvest_on and row.state == PlantingState.GROWING:
        tasks.append(Task(row.harvest_on, _HARVEST, row, garden))
    return tasks


def _operations(scope: Scope, programmes: Iterable, asked: Period) -> list[Task]:
    rows = Operation.objects.for_scope(scope, Action.VIEW_GARDENS).to_do().described()
    rows = rows.filter(programme__in=programmes)
    rows = rows.filter(planned_on__gte=asked.start, planned_on__lte=asked.end)
    return [Task(row.planned_on, row.kind.label, row, row.garden, "faire") for row in rows]


def of_today(scope: Scope, objects: Sequence) -> dict:
    """Return what is to do this week in the gardens of this user, for the page of the day."""
    today = timezone.localdate()
    programmes = scope.keys("programme", Action.EDIT_GARDENS)
    week = week_of(scope, programmes, Period.week_of(today), today)
    if not week.all:
        return {}
    return {
        None: {
            "tasks": week.all[:SHOWN],
            "more": max(len(week.all) - SHOWN, 0),
            "programme": week.all[0].row.programme,
            "several": len({task.row.programme_id for task in week.all}) > 1,
        }
    }


def of_sessions(scope: Scope, sessions: Sequence[Session]) -> dict[int, dict]:
    """Return {session: what was done in its gardens, and to do in today’s}; constant queries."""
    done, tasks = operations.of_sessions(scope, sessions), _tasks_of_today(scope, sessions)
    found = {}
    for session in sessions:
        programme = session.programme
        may_note = scope.opens(Action.EDIT_GARDENS, programme) and not session.is_cancelled
        is_grown = Module.GARDEN in programme.modules
        found[session.pk] = {
            "done": done.get(session.pk, []),
            "tasks": tasks.get(session.pk, [])[:SHOWN],
            "week_url": reverse("gardens:week_detail", args=[programme.pk]),
            "can_edit": may_note and is_grown and session.has_started(timezone.now()),
            "new_url": reverse("gardens:operation_create", args=[programme.pk]),
            "here": reverse("programmes:session_detail", args=[session.pk]),
        }
    return {
        key: one for key, one in found.items() if one["done"] or one["tasks"] or one["can_edit"]
    }


def _tasks_of_today(scope: Scope, sessions: Sequence[Session]) -> dict[int, list[Task]]:
    """Return {session: what is to do this week in the gardens it is held in}, for today's only."""
    today = timezone.localdate()
    current = [row for row in sessions if row.on == today and not row.is_cancelled]
    if not current:
        return {}
    programmes = {row.programme_id for row in current}
    week = week_of(scope, programmes, Period.week_of(today), today)
    return {
        row.pk: [
            task
            for task in week.all
            if task.row.programme_id == row.programme_id
            and task.garden.site_id in {site.pk for site in row.places}
        ]
        for row in current
    }
