"""A month's sheet typed back: its half-days are held at once, each written whole or not at all.

Queries do not grow with the cells: a sheet of sixty persons and thirty half-days has 1,800.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.periods import ONE_DAY
from autoprod.core.refusals import told
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import Presence
from beneficiaries.models import Attendance, Enrolment, Person, Statement
from beneficiaries.services.attendance import (
    GONE,
    NOT_IN,
    UNKNOWN,
    WRITTEN,
    Held,
    Tap,
    asked_of,
    check_open,
    check_version,
)
from beneficiaries.services.rolls import is_in
from beneficiaries.services.typed_sheets import SIGNED
from programmes.models import Programme, Session, Site


@dataclass(frozen=True)
class TypedCell:
    """What a cell says of an enrolment at a session (keys); without a tap, nothing any more."""

    session: int
    enrolment: int
    tap: Tap | None
    version: int


@dataclass
class MonthOutcome:
    """How many lines were written, and what was not.

    `faults` are told by (session, enrolment), keys; `refused` are the sessions left as they were.
    """

    saved: int = 0
    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    refused: set[int] = field(default_factory=set)


@dataclass
class _Written:
    """The lines of a half-day that are made, changed, or gone."""

    made: list[Attendance] = field(default_factory=list)
    changed: list[Attendance] = field(default_factory=list)
    gone: list[Attendance] = field(default_factory=list)


@dataclass(frozen=True)
class _Known:
    """What is held while a month is written; `near` are each person's lines, as they become."""

    stays: Mapping[int, Enrolment]
    own: Mapping[tuple[int, int], list[Attendance]]
    near: dict[int, list[Attendance]]
    signed: Mapping[int, Sequence[tuple[date, date]]]
    usual: Sequence[Site]


@told()
@transaction.atomic
def type_month(*, scope: Scope, programme: Programme, cells: Sequence[TypedCell]) -> MonthOutcome:
    """Write the half-days of a sheet whose cells are all good, and tell what the others lack.

    Locks are taken once, in the house's order: the sessions by key, then the persons by key.
    """
    asked: dict[int, list[TypedCell]] = defaultdict(list)
    for cell in cells:
        asked[cell.session].append(cell)
    sessions, outcome = _hold_sessions(scope, programme, asked), MonthOutcome()
    known = _hold_stays(programme, list(sessions.values()), {one.enrolment for one in cells})
    written = {}
    for key in sorted(asked, key=lambda one: _order(sessions.get(one))):
        done, faults = _planned(scope, sessions.get(key), asked[key], known)
        if faults:
            outcome.refused.add(key)
            outcome.faults |= {(key, enrolment): said for enrolment, said in faults.items()}
        else:
            written[key] = done
            outcome.saved += len(done.made) + len(done.changed) + len(done.gone)
    _write(scope, sessions, written)
    return outcome


def _order(session: Session | None) -> tuple:
    return (session.starts_at.timestamp(), session.pk) if session else (0, 0)


def _hold_sessions(scope: Scope, programme: Programme, keys: Iterable[int]) -> dict[int, Session]:
    rows = Session.objects.for_scope(scope, Action.TICK_ATTENDANCE).of(programme)
    rows = rows.select_for_update(of=("self",)).filter(pk__in=list(keys)).order_by("pk")
    rows = rows.select_related("programme__territory", "kind").prefetch_related("sites")
    return {row.pk: row for row in rows}


def _hold_stays(
    programme: Programme, sessions: Sequence[Session], enrolments: Iterable[int]
) -> _Known:
    """Lock the persons, then their stays, and return all that the cells are judged by."""
    rows = Enrolment.objects.filter(programme=programme, pk__in=list(enrolments))
    people = Person.objects.select_for_update().filter(pk__in=rows.order_by().values("person"))
    held = [key for (key,) in people.order_by("pk").values_list("pk")]
    locked = rows.select_for_update(of=("self",), no_key=True).select_related("person")
    stays = {row.pk: row for row in locked.order_by("pk")}
    own, near = defaultdict(list), defaultdict(list)
    for line in _lines_of(held, sessions):
        own[line.session_id, line.enrolment_id].append(line)
        near[line.enrolment.person_id].append(line)
    is_bare = any(not session.places for session in sessions)
    usual = list(Site.objects.used_by(programme)) if is_bare else []
    return _Known(stays, own, near, signed_days(stays), usual)


def signed_days(enrolments: Iterable[int]) -> dict[int, list[tuple[date, date]]]:
    """Return {enrolment (key): the (first, last) days of its signed or closed months}."""
    found = defaultdict(list)
    frozen = Statement.objects.frozen().filter(enrolment__in=list(enrolments))
    for enrolment, first, last in frozen.values_list("enrolment", "month", "last_day"):
        found[enrolment].append((first, last))
    return found


def _lines_of(people: Sequence[int], sessions: Sequence[Session]) -> Iterable[Attendance]:
    """Return the lines of some persons (keys) around some sessions."""
    if not sessions:
        return []
    days = [session.on for session in sessions]
    # A session lasts a day at most, and two territories' calendars are a day apart at most.
    around = (min(days) - 2 * ONE_DAY, max(days) + 2 * ONE_DAY)
    rows = Attendance.objects.filter(enrolment__person__in=people, on__range=around)
    return rows.select_related(
        "session__programme__territory", "session__kind", "site", "reason", "enrolment"
    ).order_by("starts_at", "pk")


def _planned(
    scope: Scope, session: Session | None, cells: Sequence[TypedCell], known: _Known
) -> tuple[_Written, dict[int, str]]:
    """Return what a half-day writes, and what is wrong with it, by enrolment (key)."""
    done, faults = _Written(), {}
    near = {key: list(lines) for key, lines in known.near.items()}
    for cell in cells:
        try:
            _plan(scope, _held(session, cell, known), cell, done)
        except ValidationError as error:
            faults[cell.enrolment] = " ".join(error.messages)
    if faults:
        known.near.clear()
        known.near.update(near)
    return done, faults


def _held(session: Session | None, cell: TypedCell, known: _Known) -> Held:
    """Return what a cell is judged by; ValidationError when it cannot be ticked at all."""
    if session is None:
        raise ValidationError(GONE, code="unknown")
    check_open(session)
    enrolled = known.stays.get(cell.enrolment)
    if enrolled is None:
        raise ValidationError(UNKNOWN, code="unknown")
    if not is_in(enrolled, session.on):
        raise ValidationError(NOT_IN, code="not_in")
    if any(first <= session.on <= last for first, last in known.signed.get(enrolled.pk, ())):
        raise ValidationError(SIGNED, code="signed")
    return Held(
        session=session,
        enrolled=enrolled,
        own=known.own.get((session.pk, enrolled.pk), []),
        near=known.near.setdefault(enrolled.person_id, []),
        sites=session.places or known.usual,
    )


def _plan(scope: Scope, held: Held, cell: TypedCell, done: _Written) -> None:
    """Note what a cell writes, its person's lines being then what they become."""
    line = held.line
    if cell.tap is None:
        check_version(line, cell.version)
        _leave(held, held.own, done)
        return
    wanted = asked_of(scope, held, cell.tap)
    if wanted is None:
        return
    if wanted.status != Presence.PRESENT:
        _leave(held, held.own[1:], done)
    if line is None:
        done.made.append(wanted)
    else:
        wanted.pk, wanted.version = line.pk, line.version + 1
        done.changed.append(wanted)
        held.near.remove(line)
    held.near.append(wanted)


def _leave(held: Held, lines: Sequence[Attendance], done: _Written) -> None:
    for line in lines:
        held.near.remove(line)
        done.gone.append(line)


def _write(scope: Scope, sessions: Mapping[int, Session], written: Mapping[int, _Written]) -> None:
    """Write what the half-days say, the lines that leave first; one trace per half-day."""
    every = _Written(
        made=[line for done in written.values() for line in done.made],
        changed=[line for done in written.values() for line in done.changed],
        gone=[line for done in written.values() for line in done.gone],
    )
    Attendance.objects.filter(pk__in=[line.pk for line in every.gone]).delete()
    Attendance.objects.bulk_update(every.changed, [*WRITTEN, "version"], batch_size=200)
    Attendance.objects.bulk_create(every.made)
    begun = {line.session_id for line in every.made}
    rows = Session.objects.filter(pk__in=begun, roll_begun_at=None)
    rows.update(roll_begun_at=timezone.now())
    bared = {line.session_id for line in every.gone}
    lines = Attendance.objects.filter(session=OuterRef("pk"))
    Session.objects.filter(~Exists(lines), pk__in=bared).update(roll_begun_at=None)
    for key, done in written.items():
        if done.made or done.changed or done.gone:
            record(scope, Verb.UPDATE, sessions[key], changed=["attendances"])
