"""What the papers of a person have in common: their stays, hours, skills, and how it is said.

Everything is read under the right of its own table, and only of the stays open to the reader. What
is kept of somebody without their having agreed to it (notes, barriers, situations) is never read.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from autoprod.core.fields import display_phone
from autoprod.core.formatting import clock, day, day_range
from autoprod.core.periods import Period
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import Observer, Presence, StepState
from beneficiaries.models import (
    Attendance,
    Enrolment,
    Interview,
    Objective,
    Person,
    Skill,
    SkillLevel,
    Step,
)
from programmes.enums import PartnerRole
from programmes.models import Partnership, Programme


def stays_of(scope: Scope, person: Person) -> list[Enrolment]:
    """Return the stays of a person that the scope may print, the oldest first.

    A request that came to nothing is not one, unless there is nothing else.
    """
    rows = Enrolment.objects.for_scope(scope, Action.VIEW_PATHWAYS).of(person)
    rows = rows.select_related("person", "programme__territory", "referent", "co_referent")
    stays = sorted(rows, key=lambda stay: (stay.entered_on or date.max, stay.pk))
    return [stay for stay in stays if stay.entered_on or not stay.left_on] or stays


def current(stays: Sequence[Enrolment]) -> Enrolment:
    """Return the stay going on, otherwise the last one."""
    today = timezone.localdate()
    ongoing = [stay for stay in stays if stay.left_on is None or stay.left_on >= today]
    return (ongoing or list(stays))[-1]


def phone_of(scope: Scope, programme: Programme) -> str:
    """Return where to call about a programme: the telephone of who runs it, empty when unknown."""
    links = Partnership.objects.for_scope(scope, Action.VIEW_FRAME).of(programme)
    links = links.active(timezone.localdate()).filter(role=PartnerRole.OPERATOR)
    for link in links.exclude(organisation__phone="").select_related("organisation"):
        return display_phone(link.organisation.phone)
    return ""


def about(scope: Scope, stays: Iterable[Enrolment]) -> list[dict]:
    """Return, for each stay, the programme, its dates in words and whom to call."""
    return [
        {
            "programme": stay.programme.name,
            "dates": day_range(stay.entered_on, stay.left_on) if stay.entered_on else "",
            "followed_by": [str(user) for user in (stay.referent, stay.co_referent) if user],
            "phone": phone_of(scope, stay.programme),
        }
        for stay in stays
    ]


@dataclass
class Hours:
    """What somebody did over a stretch of days; minutes count once the session is closed."""

    first: date
    days: int = 0
    minutes: int = 0
    excused: int = 0
    dates: set[date] = field(default_factory=set)


def hours_by_month(
    scope: Scope, stays: Iterable[Enrolment], period: Period | None = None
) -> list[Hours]:
    """Return the months with a line of a roll, the oldest first; a day on two sites is one day."""
    rows = Attendance.objects.for_scope(scope, Action.VIEW_PERSONS)
    rows = rows.filter(enrolment__in=list(stays), session__closed_at__isnull=False)
    if period:
        rows = rows.in_period(period)
    months: dict[date, Hours] = {}
    for on, status, minutes in rows.order_by("on").values_list("on", "status", "minutes"):
        month = months.setdefault(on.replace(day=1), Hours(on.replace(day=1)))
        month.excused += status == Presence.EXCUSED
        if status == Presence.PRESENT:
            month.minutes += minutes
            month.dates.add(on)
    for month in months.values():
        month.days = len(month.dates)
    return [month for month in months.values() if month.days or month.excused]


@dataclass
class Learnt:
    """A skill and the last thing said of it, by the leader and by the person."""

    skill: Skill
    seen: SkillLevel | None = None
    said: SkillLevel | None = None


def skills_by_family(
    scope: Scope, stays: Iterable[Enrolment], period: Period | None = None
) -> dict[str, list[Learnt]]:
    """Return the skills with a level, by family, in the order of the programme's list."""
    rows = SkillLevel.objects.for_scope(scope, Action.VIEW_PERSONS)
    rows = rows.filter(enrolment__in=list(stays)).select_related("skill")
    if period:
        rows = rows.filter(on__gte=period.start, on__lte=period.end)
    learnt: dict[int, Learnt] = {}
    for row in rows.order_by("on", "pk"):
        known = learnt.setdefault(row.skill_id, Learnt(row.skill))
        if row.observer == Observer.LEADER:
            known.seen = row
        else:
            known.said = row
    families = defaultdict(list)
    for known in sorted(learnt.values(), key=lambda one: (one.skill.position, one.skill.pk)):
        families[known.skill.family].append(known)
    return dict(families)


def objectives_of(scope: Scope, stays: Iterable[Enrolment]) -> list[dict]:
    """Return the objectives in the person's words, each with where it is, in words."""
    rows = Objective.objects.for_scope(scope, Action.VIEW_PATHWAYS)
    rows = rows.filter(enrolment__in=list(stays)).order_by("agreed_on", "pk")
    return [{"words": row.words} | state_of_objective(row) for row in rows]


def state_of_objective(row: Objective, by: date | None = None) -> dict:
    """Return where an objective is on a day (today), as a pictogram and in words."""
    by = by or timezone.localdate()
    if row.reached_on and row.reached_on <= by:
        return {"icon": "circle-check", "state": f"C’est fait, le {day(row.reached_on)}."}
    if row.abandoned_on and row.abandoned_on <= by:
        return {"icon": "minus", "state": "Mis de côté."}
    until = f", pour le {day(row.due_on)}" if row.due_on else ""
    return {"icon": "arrow-right", "state": f"En cours{until}."}


def steps_of(scope: Scope, stays: Iterable[Enrolment], period: Period | None = None) -> list[dict]:
    """Return the steps by name, partner and state in words; what was noted of them is not read."""
    rows = Step.objects.for_scope(scope, Action.VIEW_PATHWAYS)
    rows = rows.filter(enrolment__in=list(stays)).select_related("kind", "partner")
    if period:
        rows = rows.during(period)
    steps = sorted(rows, key=lambda row: (_first_day(row), row.pk))
    return [
        {"name": row.name, "partner": row.partner.name if row.partner else ""} | _state_of_step(row)
        for row in steps
    ]


def _first_day(row: Step) -> date:
    return row.started_on or row.planned_on or row.abandoned_on or date.max


def _state_of_step(row: Step) -> dict:
    match row.state:
        case StepState.DONE:
            return {"icon": "circle-check", "state": f"C’est fait, le {day(row.done_on)}."}
        case StepState.ABANDONED:
            return {"icon": "minus", "state": "Mis de côté."}
        case StepState.STARTED:
            return {"icon": "arrow-right", "state": f"Commencé le {day(row.started_on)}."}
    until = f", prévu le {day(row.planned_on)}" if row.planned_on else ""
    return {"icon": "calendar-days", "state": f"À faire{until}."}


#: How many appointments a paper tells: what comes soon, not a calendar.
NEXT = 3


def next_appointments(scope: Scope, stays: Iterable[Enrolment]) -> list[dict]:
    """Return the next appointments: the day and the hour in words, with whom."""
    rows = Interview.objects.for_scope(scope, Action.VIEW_PATHWAYS)
    rows = rows.filter(enrolment__in=list(stays)).to_come(timezone.localdate())
    return [
        {
            "day": day(row.on, weekday=True),
            "at": clock(row.at) if row.at else "",
            "with": str(row.led_by or row.enrolment.referent or ""),
        }
        for row in rows.select_related("led_by", "enrolment__referent")[:NEXT]
    ]
