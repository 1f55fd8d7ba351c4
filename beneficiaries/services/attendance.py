"""Ticking: one line per person and session, saved at each tap, under a lock on the person.

Locks are always taken in the same order, the session then the persons by key, so that two sheets
that share people wait for each other and never block for good.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import clock_range
from autoprod.core.periods import ONE_DAY, minutes_between
from autoprod.core.refusals import told, words_of
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import Presence
from beneficiaries.models import Attendance, Enrolment, Person
from beneficiaries.services.rolls import Row, is_in, sites_of
from programmes.models import ReferenceCode, Session, Site

FUTURE = "Cette séance n’a pas commencé\u00a0: on ne pointe pas l’avenir."
CLOSED = "Cette séance est clôturée\u00a0: rouvrez-la pour changer une présence."
CANCELLED = "Cette séance est annulée\u00a0: personne n’y est pointé."
UNKNOWN = "Cette personne n’est pas inscrite à cette action."
NOT_IN = (
    "Cette personne n’était pas dans l’action ce jour-là\u00a0: "
    "vérifiez ses dates d’entrée et de sortie."
)
WRONG_SITE = "Cette séance n’a pas lieu sur ce site\u00a0: choisissez-en un autre."
BACKWARDS = "Le départ précède l’arrivée\u00a0: vérifiez les deux heures."
OUTSIDE = "La séance dure de {hours}\u00a0: cette heure est en dehors."
ELSEWHERE = "Cette personne est déjà présente à une autre séance à ces heures-là."
ELSEWHERE_NAMED = "Déjà présent à {session}, {hours}."
STALE = "Un autre appareil a changé cette ligne entre-temps\u00a0: voici ce qui est enregistré."
RELOAD = "Cet appui n’a pas été compris\u00a0: rechargez la page, puis recommencez."
GONE = "Cette séance vient d’être supprimée."
NO_REASON = "Un motif n’accompagne qu’une absence excusée."


@dataclass(frozen=True)
class Tap:
    """What somebody asks of one line of a roll.

    What is not said stays as it is on the line; on a new one, the hours are the session's.
    `version` is the one they had under their eyes: 0 without a line, None when it does not matter
    (a program, which has nothing under its eyes).
    """

    status: str = ""
    site: Site | None = None
    reason: ReferenceCode | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    version: int | None = None
    client_uuid: UUID = field(default_factory=uuid4)
    observed_at: datetime = field(default_factory=timezone.now)


@dataclass(frozen=True)
class Held:
    """What is locked while somebody is ticked: the session, the enrolment and its lines in it.

    `near` are these lines and the person's presences of the same hours elsewhere.
    """

    session: Session
    enrolled: Enrolment
    own: list[Attendance]
    near: list[Attendance]
    #: Those of the session, when they are at hand.
    sites: Sequence[Site] = ()

    @property
    def line(self) -> Attendance | None:
        """Return the line that a tap changes."""
        return self.own[0] if self.own else None


@contextmanager
def holding(scope: Scope, key: int) -> Iterator[Session]:
    """Hold a session (its key) of the scope as `hold` does, in one read instead of two.

    Session.DoesNotExist outside the scope. What is done inside is done whole, or not at all.
    """
    with told(), transaction.atomic():
        rows = Session.objects.for_scope(scope, Action.TICK_ATTENDANCE)
        rows = rows.select_related("programme__territory").select_for_update(of=("self",))
        session = rows.get(pk=key)
        check_open(session)
        yield session


@told()
@transaction.atomic
def tick(*, scope: Scope, session: Session, enrolment: int, tap: Tap) -> Row:
    """Hold the session, then do as `tick_held`."""
    hold(session)
    return tick_held(scope=scope, session=session, enrolment=enrolment, tap=tap)


def tick_held(*, scope: Scope, session: Session, enrolment: int, tap: Tap) -> Row:
    """Create or change the line of an enrolment (its key) in a session, and return its row.

    The row has no name: whoever draws it knows it. The same tap twice is one tap. Raise
    ValidationError: an « unknown » enrolment, a « stale » version, the « mark » of another line,
    a session that cannot be ticked, a wrong site, wrong hours or an overlap.
    """
    return tick_line(scope, hold_lines(session, enrolment), tap)


def tick_line(scope: Scope, held: Held, tap: Tap) -> Row:
    """Do as `tick_held` on what is held already."""
    session, own, line = held.session, held.own, held.line
    wanted = asked_of(scope, held, tap)
    if wanted is None:
        return Row(held.enrolled, line.site, own)
    if wanted.status != Presence.PRESENT:
        delete(scope, own[1:])
    kept = own[1:] if wanted.status == Presence.PRESENT else []
    begin_roll(session)
    try:
        return Row(held.enrolled, wanted.site, [write(scope, line, wanted), *kept])
    except IntegrityError as error:
        # The month is signed; or the mark of this tap is another line's: tampered with, sent twice.
        raise ValidationError(words_of(error) or RELOAD, code="mark") from error


def asked_of(scope: Scope, held: Held, tap: Tap) -> Attendance | None:
    """Return the line a tap asks for, not saved; None when the line there says it already.

    ValidationError as `tick_held`.
    """
    line = held.line
    wanted = _wanted(held, _completed(tap, line))
    if line and _is_same(line, wanted):
        return None
    check_version(line, tap.version)
    if wanted.status == Presence.PRESENT:
        check_overlap(scope, wanted, [other for other in held.near if other is not line])
    return wanted


@told()
@transaction.atomic
def untick(*, scope: Scope, session: Session, enrolment: int, version: int | None = None) -> Row:
    """Hold the session, then do as `untick_held`."""
    hold(session)
    return untick_held(scope=scope, session=session, enrolment=enrolment, version=version)


def untick_held(
    *, scope: Scope, session: Session, enrolment: int, version: int | None = None
) -> Row:
    """Take the person's lines off the roll, and return their row: they are to be ticked again.

    Raise ValidationError as `tick_held` does; without a line there is nothing to do.
    """
    held = hold_lines(session, enrolment)
    if held.line is None:
        return Row(held.enrolled, next(iter(sites_of(session)), None))
    check_version(held.line, version)
    delete(scope, held.own)
    end_roll(session)
    return Row(held.enrolled, held.line.site)


#: What the lock refreshes.
_HELD = ("roll_begun_at", "closed_at", "cancelled_on", "starts_at", "ends_at", "on", "version")


def hold(session: Session) -> None:
    """Lock the session and refresh what decides whether it is ticked; ValidationError if not."""
    now = Session.objects.select_for_update().only(*_HELD).filter(pk=session.pk).first()
    if now is None:
        raise ValidationError(GONE, code="unknown")
    for name in _HELD:
        setattr(session, name, getattr(now, name))
    check_open(session)


def check_open(session: Session) -> None:
    """Raise ValidationError unless the session can be ticked now."""
    if session.is_cancelled:
        raise ValidationError(CANCELLED, code="cancelled")
    if session.is_closed:
        raise ValidationError(CLOSED, code="closed")
    if not session.has_started(timezone.now()):
        raise ValidationError(FUTURE, code="future")


def begin_roll(session: Session) -> None:
    """Tell the session, which is held, that it has a line; once, and its version stays.

    Its form must not become stale because somebody ticked.
    """
    if session.roll_begun_at is None:
        session.roll_begun_at = timezone.now()
        Session.objects.filter(pk=session.pk).update(roll_begun_at=session.roll_begun_at)


def end_roll(session: Session) -> None:
    """Tell the session, which is held, that its last line is gone; nothing while one is left."""
    lines = Attendance.objects.filter(session=OuterRef("pk"))
    bare = Session.objects.filter(~Exists(lines), pk=session.pk)
    if bare.update(roll_begun_at=None):
        session.roll_begun_at = None


def hold_persons(session: Session, enrolments: Sequence[Enrolment]) -> set[int]:
    """Lock the persons of these enrolments, in the order of their keys.

    Return the enrolments (keys) still in the programme on the session's day once it is done.
    """
    keys = {one.person_id for one in enrolments}
    list(Person.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    now = Enrolment.objects.filter(pk__in=[one.pk for one in enrolments])
    return set(now.ongoing(session.on).values_list("pk", flat=True))


def hold_lines(session: Session, enrolment: int) -> Held:
    """Lock the person of an enrolment (its key) in a session that is held, and return it all.

    ValidationError when the enrolment is not of the programme, or not on that day.
    """
    enrolled = _hold_person(session, enrolment)
    near = _lines_near(session, enrolled)
    ours = (session.pk, enrolled.pk)
    own = [one for one in near if (one.session_id, one.enrolment_id) == ours]
    return Held(session, enrolled, own, near)


def _hold_person(session: Session, enrolment: int) -> Enrolment:
    """Lock the person of an enrolment, then the enrolment itself, and return it.

    Both are locked: a stay that somebody ended meanwhile is then read as they left it.
    """
    rows = Enrolment.objects.filter(programme=session.programme_id, pk=enrolment)
    rows = rows.select_related("person")
    # Whoever only points to these rows does not wait.
    enrolled = rows.select_for_update(of=("person", "self"), no_key=True).first()
    if enrolled is None:
        raise ValidationError(UNKNOWN, code="unknown")
    if not is_in(enrolled, session.on):
        raise ValidationError(NOT_IN, code="not_in")
    return enrolled


def _lines_near(session: Session, enrolled: Enrolment) -> list[Attendance]:
    """Return the person's lines in the session, and their presences at the same hours."""
    same_hours = Q(
        status=Presence.PRESENT, starts_at__lt=session.ends_at, ends_at__gt=session.starts_at
    )
    ours = Q(session=session, enrolment=enrolled)
    # A session lasts a day at most, and two territories' calendars are a day apart at most.
    around = (session.on - 2 * ONE_DAY, session.on + 2 * ONE_DAY)
    rows = Attendance.objects.filter(enrolment__person=enrolled.person_id, on__range=around)
    return list(
        rows.filter(ours | same_hours)
        .select_related("session__programme__territory", "session__kind", "site", "reason")
        .order_by("starts_at", "pk")
    )


def _completed(tap: Tap, line: Attendance | None) -> Tap:
    """Return the tap, completed by what the line already says."""
    if line is None:
        if not tap.status:
            raise ValidationError(STALE, code="stale")
        return tap
    stays = {"site": tap.site or line.site}
    if not tap.status:
        stays |= {"status": line.status, "reason": tap.reason or line.reason}
    if (tap.status or line.status) == line.status == Presence.PRESENT:
        stays["starts_at"] = tap.starts_at or line.starts_at
        stays["ends_at"] = tap.ends_at or line.ends_at
    return replace(tap, **stays)


def _wanted(held: Held, tap: Tap) -> Attendance:
    """Return the line asked for, not saved; ValidationError when it cannot be."""
    if tap.reason and tap.status != Presence.EXCUSED:
        raise ValidationError({"reason": NO_REASON})
    if tap.site not in (held.sites or sites_of(held.session)):
        raise ValidationError({"site": WRONG_SITE})
    return line_for(held.session, held.enrolled, tap)


def line_for(session: Session, enrolled: Enrolment, tap: Tap) -> Attendance:
    """Return a line, not saved, with the minutes that really pass; ValidationError on its hours."""
    present = tap.status == Presence.PRESENT
    start = (present and tap.starts_at) or session.starts_at
    end = (present and tap.ends_at) or session.ends_at
    _check_hours(session, start, end)
    return Attendance(
        session=session,
        enrolment=enrolled,
        site=tap.site,
        status=tap.status,
        reason=tap.reason,
        starts_at=start,
        ends_at=end,
        minutes=minutes_between(start, end) if present else 0,
        on=session.on,
        client_uuid=tap.client_uuid,
        observed_at=tap.observed_at,
    )


def _check_hours(session: Session, start: datetime, end: datetime) -> None:
    if end <= start:
        raise ValidationError({"ends_at": BACKWARDS})
    said = OUTSIDE.format(hours=_clock_range(session, session.starts_at, session.ends_at))
    faults = {}
    if start < session.starts_at:
        faults["starts_at"] = said
    if end > session.ends_at:
        faults["ends_at"] = said
    if faults:
        raise ValidationError(faults)


def check_overlap(scope: Scope, wanted: Attendance, others: list[Attendance]) -> None:
    """Raise ValidationError naming the session where the person already is at these hours.

    A session outside the scope is not named.
    """
    for other in others:
        shares = other.starts_at < wanted.ends_at and other.ends_at > wanted.starts_at
        if other.status == Presence.PRESENT and shares:
            if not scope.opens(Action.TICK_ATTENDANCE, other.session.programme):
                raise ValidationError(ELSEWHERE, code="overlap")
            said = _clock_range(other.session, other.starts_at, other.ends_at)
            raise ValidationError(
                ELSEWHERE_NAMED.format(session=other.session, hours=said), code="overlap"
            )


def _clock_range(session: Session, start: datetime, end: datetime) -> str:
    return clock_range(start.astimezone(session.zone), end.astimezone(session.zone))


def _is_same(line: Attendance, wanted: Attendance) -> bool:
    """Tell whether the line already says what is asked: two devices that agree do not clash."""
    names = ("status", "site_id", "reason_id", "starts_at", "ends_at")
    return all(getattr(line, name) == getattr(wanted, name) for name in names)


def check_version(line: Attendance | None, version: int | None) -> None:
    """Raise ValidationError unless the version seen, if one was, is the one stored."""
    stored = line.version if line else 0
    if version is not None and version != stored:
        raise ValidationError(STALE, code="stale")


#: What a tap writes on a line.
WRITTEN = (
    "site",
    "status",
    "reason",
    "starts_at",
    "ends_at",
    "minutes",
    "client_uuid",
    "observed_at",
)


def delete(scope: Scope, lines: list[Attendance]) -> None:
    """Take lines away, each with its trace."""
    for line in lines:
        record(scope, Verb.DELETE, line)
        # One by one, from what was read under the lock: a queryset would read them again.
        line.delete()


def write(scope: Scope, line: Attendance | None, wanted: Attendance) -> Attendance:
    """Insert the line, or change the one there is in a single statement that checks its version."""
    if line is None:
        wanted.save(force_insert=True)
        record(scope, Verb.CREATE, wanted)
        return wanted
    values = {name: getattr(wanted, name) for name in WRITTEN}
    changed = [n for n in WRITTEN[:-2] if getattr(line, n) != values[n]]
    same = Attendance.objects.filter(pk=line.pk, version=line.version)
    if not same.update(version=F("version") + 1, **values):
        raise ValidationError(STALE, code="stale")
    wanted.pk, wanted.version = line.pk, line.version + 1
    wanted._state.adding = False
    record(scope, Verb.UPDATE, wanted, changed=changed)
    return wanted
