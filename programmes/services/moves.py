"""Moving a session, or it and the rest of its series, under the locks of each."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import counted
from autoprod.core.scoping import Scope
from programmes.models import ClosedPeriod, ScheduleSlot, Session, Site
from programmes.services.plans import CLOCK_CHANGE, Stretch, reason_to_skip, stretch_at
from programmes.services.replanning import clash_with, closed_in
from programmes.services.sessions import ROLL_BEGUN, writing

CANCELLED = "Cette séance est annulée\u00a0: rétablissez-la avant de la déplacer."
OUTSIDE = "Un atelier sortirait de la séance\u00a0: changez d’abord ses heures."
NO_CLOCK = "Ce jour-là, les horloges sautent cette heure. Choisissez-en une autre."
BEGUN, CLOSED_SITE = "son appel est commencé", "un site est fermé ce jour-là"


@dataclass(frozen=True)
class Target:
    """Where a session goes: a day and its hours, on the clocks of the place."""

    on: date
    starts: time
    ends: time


@dataclass
class Done:
    """What was moved; why others of the series stay; what to know of the new time."""

    moved: int = 0
    staying: Counter = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)


def clocks_of(session: Session) -> tuple[int, time, time]:
    """Return the weekday (1 is Monday) and the two clocks of a session, where it takes place."""
    start, end = (at.astimezone(session.zone) for at in (session.starts_at, session.ends_at))
    return session.on.isoweekday(), start.time(), end.time()


def series_of(session: Session, *, lock: bool = False) -> list[Session]:
    """Return the session and those after it of the same schedule, weekday and hours.

    Cancelled ones are left out: they keep the day that was cancelled. Held when `lock`.
    """
    if session.schedule_id is None:
        return [session]
    rows = Session.objects.filter(schedule=session.schedule_id, cancelled_on=None)
    rows = rows.filter(starts_at__gte=session.starts_at, closed_at=None).order_by("pk")
    rows = rows.select_related("programme__territory", "kind").prefetch_related(
        "sites", "workshops"
    )
    if lock:
        rows = rows.select_for_update(of=("self",))
    same = [row for row in rows if clocks_of(row) == clocks_of(session)]
    return sorted(same, key=lambda row: row.starts_at)


@transaction.atomic
def move_one(*, scope: Scope, session: Session, to: Target) -> Done:
    """Move a session with its workshops; ValidationError when it may not be."""
    with writing(session) as held:
        if held.is_cancelled:
            raise ValidationError(CANCELLED)
        if held.roll_begun_at:
            raise ValidationError(ROLL_BEGUN)
        stretch = _stretch(held, to)
        if not _workshops_fit(held, stretch):
            raise ValidationError(OUTSIDE)
        done = Done(moved=1, warnings=_warnings(held, stretch))
        _write(held, stretch)
        record(scope, Verb.UPDATE, held, changed=["on", "starts_at", "ends_at"])
    return done


@transaction.atomic
def move_rest(*, scope: Scope, session: Session, to: Target) -> Done:
    """Move a session and the rest of its series by as many days, to the same hours.

    Those that may not move stay, and are counted by reason; ValidationError when the first may not.
    The schedule's week follows when no session to come is left before.
    """
    with writing(session) as held:
        rows = series_of(held, lock=True)
        done, days = move_one(scope=scope, session=held, to=to), to.on - session.on
        rest = [row for row in rows if row.pk != session.pk]
        around = _around(held, rest, days)
        for row in rest:
            there = Target(row.on + days, to.starts, to.ends)
            if reason := _reason_to_stay(row, there, around):
                done.staying[reason] += 1
            else:
                _write(row, _stretch(row, there))
                done.moved += 1
        _move_slot(session, to)
        told = counted(done.moved, "séance déplacée", "séances déplacées")
        record(scope, Verb.UPDATE, session.schedule, changed=["slots"], reason=told)
    return done


def _stretch(session: Session, to: Target) -> Stretch:
    try:
        return stretch_at(to.on, to.starts, to.ends, session.zone)
    except ValueError as error:
        raise ValidationError(NO_CLOCK) from error


def _write(session: Session, to: Stretch) -> None:
    """Move a session; its workshops keep their place in it."""
    later = to.starts_at - session.starts_at
    for workshop in session.workshops.all():
        workshop.starts_at += later
        workshop.ends_at += later
        workshop.save()
    session.starts_at, session.ends_at = to.starts_at, to.ends_at
    session.save()


def _workshops_fit(session: Session, to: Stretch) -> bool:
    """Tell whether the workshops, moved along, still end with the session at the latest."""
    later = to.starts_at - session.starts_at
    return all(workshop.ends_at + later <= to.ends_at for workshop in session.workshops.all())


@dataclass(frozen=True)
class _Around:
    """What a series may meet where it goes."""

    others: list[Session]
    closed: list[ClosedPeriod]
    works_on_holidays: bool


def _around(session: Session, rest: list[Session], days: timedelta) -> _Around:
    """Return what takes place where the rest of a series goes, the series left out."""
    others = Session.objects.filter(programme=session.programme_id, cancelled_on=None)
    moving = [session.pk, *(row.pk for row in rest)]
    if rest:
        others = others.on_days(rest[0].on + days, rest[-1].on + days).exclude(pk__in=moving)
    else:
        others = others.none()
    others = others.select_related("kind", "programme__territory").prefetch_related("sites")
    works = session.schedule is not None and session.schedule.works_on_holidays
    return _Around(list(others), closed_in(session.programme), works)


def _reason_to_stay(row: Session, to: Target, around: _Around) -> str:
    """Return why a session of the series does not move; empty when it may."""
    if row.roll_begun_at:
        return BEGUN
    works = around.works_on_holidays
    if reason := reason_to_skip(to.on, around.closed, works_on_holidays=works):
        return reason
    if not all(_is_open(site, to.on) for site in row.places):
        return CLOSED_SITE
    try:
        stretch = _stretch(row, to)
    except ValidationError:
        return CLOCK_CHANGE
    if other := clash_with(stretch, around.others, row.places):
        return f"en même temps que «\u00a0{other}\u00a0»"
    return "" if _workshops_fit(row, stretch) else "un atelier en sortirait"


def _is_open(site: Site, on: date) -> bool:
    return not (
        (site.opened_on and on < site.opened_on) or (site.closed_on and on > site.closed_on)
    )


def _warnings(session: Session, to: Stretch) -> list[str]:
    """Return what to know of the new time of one session: it moves all the same."""
    told = []
    if reason := reason_to_skip(to.on, closed_in(session.programme), works_on_holidays=False):
        told.append(f"Ce jour est marqué «\u00a0{reason}\u00a0».")
    others = Session.objects.filter(programme=session.programme_id, cancelled_on=None)
    others = others.on_days(to.on, to.on).exclude(pk=session.pk).prefetch_related("sites")
    others = others.select_related("kind", "programme__territory")
    if other := clash_with(to, others, session.places):
        told.append(f"«\u00a0{other}\u00a0» ({other.hours}) s’y tient en même temps.")
    return told


def _move_slot(session: Session, to: Target) -> None:
    """Move the half-day of the schedule's week, when the series had no session to come before."""
    weekday, starts, ends = clocks_of(session)
    before = Session.objects.filter(
        schedule=session.schedule_id, starts_at__lt=session.starts_at, cancelled_on=None
    )
    before = before.to_come(timezone.now()).select_related("programme__territory")
    if any(clocks_of(row) == (weekday, starts, ends) for row in before):
        return
    slots = ScheduleSlot.objects.filter(schedule=session.schedule_id)
    there = {"weekday": to.on.isoweekday(), "starts": to.starts}
    slot = slots.filter(weekday=weekday, starts=starts, ends=ends).first()
    if slot and not slots.filter(**there).exclude(pk=slot.pk).exists():
        slots.filter(pk=slot.pk).update(**there, ends=to.ends)
