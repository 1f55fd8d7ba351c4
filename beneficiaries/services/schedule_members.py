"""Who is expected at the sessions of a schedule: several people at once, from a day to another."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import day, day_range
from autoprod.core.intervals import not_over
from autoprod.core.periods import ONE_DAY
from autoprod.core.scoping import Action, Scope
from beneficiaries.models import Enrolment, Person, ScheduleMember
from programmes.models import Schedule, Session
from programmes.services.session_kinds import OPEN

BACKWARDS = "Le dernier jour précède le premier\u00a0: vérifiez les deux."
NOBODY = "Cochez au moins une personne."


def expected_at(sessions: Sequence[Session]) -> dict[int, frozenset[int]]:
    """Return {session: the enrolments expected}, keys; in one query, none without a schedule.

    A session whose schedule expects nobody in particular on its day is left out: whoever is in the
    programme is expected there, but nobody is when its kind waits for nobody.
    """
    nobody = {one.pk: frozenset() for one in sessions if one.kind.meta.get(OPEN)}
    planned = [session for session in sessions if session.schedule_id]
    if not planned:
        return nobody
    rows = ScheduleMember.objects.filter(schedule__in={one.schedule_id for one in planned})
    members = defaultdict(list)
    for schedule, *member in rows.values_list("schedule", "enrolment", "starts_on", "ends_on"):
        members[schedule].append(member)
    found = {
        session.pk: frozenset(
            enrolment
            for enrolment, first, last in members[session.schedule_id]
            if first <= session.on and (last is None or session.on <= last)
        )
        for session in planned
    }
    return nobody | {key: those for key, those in found.items() if those}


def words_of(member: ScheduleMember) -> str:
    """Return « attendu depuis le 1er mars 2026 », « attendu à partir du … » before that day."""
    if member.ends_on is None and member.starts_on > timezone.localdate():
        return f"attendu à partir du {day(member.starts_on)}"
    return f"attendu {day_range(member.starts_on, member.ends_on)}"


def may_be_expected(scope: Scope, schedule: Schedule) -> QuerySet[Enrolment]:
    """Return the stays of the programme that are not over before the schedule, nor today."""
    since = max(schedule.starts_on, min(timezone.localdate(), schedule.ends_on))
    rows = Enrolment.objects.for_scope(scope, Action.VIEW_PERSONS).of(schedule.programme).entered()
    rows = rows.filter(not_over(since, end="left_on"))
    return rows.select_related("person").order_by("person__sort_key", "pk")


@transaction.atomic
def expect(
    *,
    scope: Scope,
    schedule: Schedule,
    enrolments: Iterable[Enrolment],
    starts_on: date,
    ends_on: date | None = None,
) -> int:
    """Expect people at a schedule from a day on, and return for how many that changes something.

    Days that touch those somebody is already expected on make one stretch with them.
    """
    if ends_on and ends_on < starts_on:
        raise ValidationError({"ends_on": BACKWARDS})
    stored, changed = _held(schedule), 0
    for enrolment in enrolments:
        near = [one for one in stored[enrolment.pk] if _touches(one, starts_on, ends_on)]
        first = min([starts_on, *(one.starts_on for one in near)])
        lasts = [ends_on, *(one.ends_on for one in near)]
        last = None if None in lasts else max(lasts)
        changed += _write(scope, schedule, enrolment, near, (first, last))
    return changed


@transaction.atomic
def no_longer(
    *, scope: Scope, schedule: Schedule, enrolments: Iterable[Enrolment], after: date
) -> int:
    """Expect people no more once a day is over, and return for how many that changes something."""
    stored, changed = _held(schedule), 0
    for enrolment in enrolments:
        late = [one for one in stored[enrolment.pk] if one.ends_on is None or one.ends_on > after]
        for member in late:
            if member.starts_on > after:
                record(scope, Verb.DELETE, member)
                member.delete()
            else:
                member.ends_on = after
                member.save()
                record(scope, Verb.UPDATE, member, changed=["ends_on"])
        changed += bool(late)
    return changed


def _held(schedule: Schedule) -> dict[int, list[ScheduleMember]]:
    """Lock the schedule; return {enrolment: when it is expected there}."""
    list(Schedule.objects.select_for_update().filter(pk=schedule.pk).values_list("pk"))
    stored = defaultdict(list)
    rows = ScheduleMember.objects.filter(schedule=schedule).order_by("starts_on", "pk")
    for member in rows.select_related("schedule__programme"):
        stored[member.enrolment_id].append(member)
    return stored


def _touches(member: ScheduleMember, first: date, last: date | None) -> bool:
    ends_before = member.ends_on is not None and member.ends_on < first - ONE_DAY
    return not ends_before and (last is None or member.starts_on <= last + ONE_DAY)


def _write(
    scope: Scope,
    schedule: Schedule,
    enrolment: Enrolment,
    near: list[ScheduleMember],
    days: tuple[date, date | None],
) -> bool:
    """Make one row of these days instead of those near, and tell whether something changed."""
    kept, *others = near or [None]
    if kept and not others and (kept.starts_on, kept.ends_on) == days:
        return False
    for other in others:
        record(scope, Verb.DELETE, other)
        other.delete()
    member = kept or ScheduleMember(schedule=schedule, enrolment=enrolment)
    member.starts_on, member.ends_on = days
    member.save()
    changed = ["starts_on", "ends_on"] if kept else []
    record(scope, Verb.UPDATE if kept else Verb.CREATE, member, changed=changed)
    return True


@dataclass(frozen=True)
class Planned:
    """A schedule as a person's page tells it: expected there, from when to when."""

    schedule: Schedule
    enrolment: int
    member: ScheduleMember | None = None

    @property
    def words(self) -> str:
        """Return when the person is expected there."""
        return words_of(self.member) if self.member else "pas attendu en particulier"


def of_schedules(scope: Scope, schedules: Sequence[Schedule]) -> dict[int, dict]:
    """Return {schedule: how many people it expects today or later}, in one query."""
    today = timezone.localdate()
    rows = ScheduleMember.objects.for_scope(scope, Action.TICK_ATTENDANCE)
    rows = rows.filter(schedule__in=schedules).filter(not_over(today))
    people = defaultdict(set)
    for schedule, enrolment in rows.values_list("schedule", "enrolment"):
        people[schedule].add(enrolment)
    return {
        schedule.pk: {"schedule": schedule, "number": len(people[schedule.pk])}
        for schedule in schedules
        if scope.opens(Action.TICK_ATTENDANCE, schedule.programme)
    }


def of_sessions(scope: Scope, sessions: Sequence[Session]) -> dict[int, dict]:
    """Return {session: its schedule}, for those that a schedule planned."""
    rows = Schedule.objects.for_scope(scope, Action.EDIT_SESSIONS)
    keys = {one.schedule_id for one in sessions if one.schedule_id}
    found = {one.pk: one for one in rows.filter(pk__in=keys).select_related("kind")}
    members = expected_at(sessions)
    return {
        session.pk: {
            "schedule": found[session.schedule_id],
            "number": len(members.get(session.pk, ())),
        }
        for session in sessions
        if session.schedule_id in found
    }


def of_persons(scope: Scope, persons: Sequence[Person]) -> dict[int, dict]:
    """Return {person: the schedules going on of their programmes, and where they are expected}."""
    today = timezone.localdate()
    ongoing = Enrolment.objects.for_scope(scope, Action.VIEW_PERSONS).ongoing(today)
    ongoing = ongoing.filter(person__in=persons)
    schedules = Schedule.objects.for_scope(scope, Action.EDIT_SESSIONS).going_on(today)
    schedules = schedules.filter(programme__in=ongoing.order_by().values("programme"))
    schedules = list(schedules.select_related("kind").order_by("starts_on", "pk"))
    if not schedules:
        return {}
    stays = list(ongoing)
    rows = ScheduleMember.objects.for_scope(scope, Action.TICK_ATTENDANCE)
    rows = rows.filter(schedule__in=schedules, enrolment__in=stays)
    rows = rows.filter(not_over(today))
    members = {(row.schedule_id, row.enrolment_id): row for row in rows.order_by("-starts_on")}
    found = defaultdict(list)
    for stay in stays:
        found[stay.person_id] += [
            Planned(one, stay.pk, members.get((one.pk, stay.pk)))
            for one in schedules
            if one.programme_id == stay.programme_id
        ]
    return {key: {"rows": rows} for key, rows in found.items() if rows}
