"""Replanning: what saving a schedule would do to the sessions, told before it is done."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import models
from django.utils import timezone

from autoprod.accounts.models import User
from autoprod.core.fingerprints import fingerprint
from autoprod.core.formatting import counted
from autoprod.core.periods import local_day
from programmes.models import (
    ClosedPeriod,
    Programme,
    ReferenceCode,
    Schedule,
    Session,
    SessionPhoto,
    Site,
)
from programmes.services.plans import Plan, Skipped, Stretch, Week, plan_of, week_of

PAST, CANCELLED, BEGUN = "déjà passées", "annulées", "avec un appel"
BY_HAND, IN_USE = "déplacées à la main", "avec un atelier, une note ou une photo"
_TOLD_ONE = {
    PAST: "déjà passée",
    CANCELLED: "annulée",
    BEGUN: "avec un appel",
    BY_HAND: "déplacée à la main",
    IN_USE: IN_USE,
}


@dataclass(frozen=True)
class Values:
    """What a schedule gives to each of its sessions."""

    kind: ReferenceCode
    title: str
    theme: ReferenceCode | None
    leader: User | None
    capacity: int | None
    sites: frozenset[Site]

    def given(self) -> dict:
        """Return the values by the session's field, the sites aside."""
        names = ("kind", "title", "theme", "leader", "capacity")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Clash:
    """A half-day when a session already takes place on one of the same sites."""

    stretch: Stretch
    session: Session


@dataclass
class Review:
    """What saving a schedule would do."""

    plan: Plan
    #: What is over is not told of a schedule that changes.
    since: date | None = None
    created: list[Stretch] = field(default_factory=list)
    #: Not created unless asked: another session is there.
    clashes: list[Clash] = field(default_factory=list)
    #: Not created again unless asked: somebody deleted or moved them.
    missing: list[Stretch] = field(default_factory=list)
    followed: list[tuple[Session, Stretch]] = field(default_factory=list)
    removed: list[Session] = field(default_factory=list)
    staying: Counter = field(default_factory=Counter)

    @property
    def mark(self) -> str:
        """Return a mark that changes with what would be done."""
        return fingerprint(
            {
                "created": [s.starts_at for s in self.created],
                "clashes": [(c.stretch.starts_at, c.session.pk) for c in self.clashes],
                "missing": [s.starts_at for s in self.missing],
                "followed": [(s.pk, to.starts_at, to.ends_at) for s, to in self.followed],
                "removed": [s.pk for s in self.removed],
            }
        )

    @property
    def staying_told(self) -> str:
        """Return « 12 séances restent comme elles sont : 10 déjà passées, 2 annulées »."""
        total = sum(self.staying.values())
        if not total:
            return ""
        told = [
            f"{number} {reason if number > 1 else _TOLD_ONE[reason]}"
            for reason, number in self.staying.items()
        ]
        verb = "restent comme elles sont" if total > 1 else "reste comme elle est"
        return f"{counted(total, 'séance', 'séances')} {verb}\u00a0: {', '.join(told)}."

    @property
    def skipped(self) -> list[Skipped]:
        """Return the days skipped for some reason, those to come when `since` says so."""
        told = self.plan.skipped
        return [one for one in told if self.since is None or one.days[-1] >= self.since]

    def months(self) -> list[tuple[date, int]]:
        """Return how many sessions would be created in each month."""
        counts = Counter(stretch.on.replace(day=1) for stretch in self.created)
        return sorted(counts.items())


def values_of(schedule: Schedule) -> Values:
    """Return what a saved schedule gives to its sessions."""
    sites = frozenset(Site.objects.filter(schedules=schedule))
    names = ("kind", "title", "theme", "leader", "capacity")
    return Values(**{name: getattr(schedule, name) for name in names}, sites=sites)


def closed_in(programme: Programme) -> list[ClosedPeriod]:
    """Return the closed periods of a programme."""
    return list(ClosedPeriod.objects.filter(programme=programme))


def review_new(*, programme: Programme, week: Week, values: Values) -> Review:
    """Return what a new schedule would create."""
    plan = plan_of(week, closed_in(programme), programme.territory.zone)
    review = Review(plan)
    _settle(review, plan.stretches, _others(programme, week, frozenset()), values.sites)
    return review


def review_change(*, schedule: Schedule, week: Week, values: Values, lock: bool = False) -> Review:
    """Return what a change of a saved schedule would do to its sessions, held when `lock`."""
    stored, programme, now = stored_of(schedule), schedule.programme, timezone.now()
    before, zone, closed = week_of(stored), programme.territory.zone, closed_in(programme)
    old, plan = plan_of(before, closed, zone), plan_of(week, closed, zone)
    review = Review(plan, since=local_day(now, zone))
    rows = sessions_of(schedule, lock=lock)
    movable, moves = _movable(review, rows, old, now), _moves(old, plan)
    kept = moves.kept if values_of(stored) != values else set()
    for key, row in movable.items():
        if key in kept:
            review.followed.append((row, Stretch(*key)))
        elif key in moves.to and _holds_its_workshops(row, moves.to[key]):
            review.followed.append((row, moves.to[key]))
        elif key not in moves.kept:
            _remove(review, row)
    gone = frozenset(row.pk for row in [*review.removed, *(row for row, _ in review.followed)])
    span = (before.starts_on, before.ends_on)
    # A day added to the week is for the weeks to come, unless the schedule itself starts earlier.
    new = [s for s in moves.added if s.starts_at > now or not span[0] <= s.on <= span[1]]
    _settle(review, new, _others(programme, week, gone), values.sites)
    taken = {row.starts_at for row in rows}
    bare = [s for key, s in moves.wanted() if key not in movable and key[0] not in taken]
    review.missing = sorted(s for s in bare if s.starts_at > now)
    return review


@dataclass(frozen=True)
class _Moves:
    """How the half-days of an old plan become those of a new one, by their two instants."""

    kept: set[tuple]
    #: Those that keep their day and take new hours.
    to: dict[tuple, Stretch]
    added: list[Stretch]

    def wanted(self) -> list[tuple[tuple, Stretch]]:
        """Return each half-day that was already planned, with what it becomes."""
        return [*((key, Stretch(*key)) for key in self.kept), *self.to.items()]


def _moves(old: Plan, new: Plan) -> _Moves:
    kept = {_key(s) for s in old.stretches} & {_key(s) for s in new.stretches}
    added, to = defaultdict(list), {}
    for stretch in new.stretches:
        if _key(stretch) not in kept:
            added[stretch.on].append(stretch)
    for stretch in old.stretches:
        if _key(stretch) not in kept and added[stretch.on]:
            to[_key(stretch)] = added[stretch.on].pop(0)
    return _Moves(kept, to, [stretch for of_day in added.values() for stretch in of_day])


def _key(stretch: Stretch) -> tuple:
    return stretch.starts_at, stretch.ends_at, stretch.on


def _holds_its_workshops(row: Session, to: Stretch) -> bool:
    """Tell whether the workshops of a session are still inside it at its new hours."""
    return all(
        to.starts_at <= workshop.starts_at and workshop.ends_at <= to.ends_at
        for workshop in row.workshops.all()
    )


def stored_of(schedule: Schedule) -> Schedule:
    """Return the schedule as it is saved, whatever a form wrote on it."""
    return Schedule.objects.select_related("kind", "theme", "leader").get(pk=schedule.pk)


def sessions_of(schedule: Schedule, *, lock: bool) -> list[Session]:
    """Return the sessions of a schedule; held when `lock`, so that nobody ticks meanwhile."""
    rows = Session.objects.filter(schedule=schedule).order_by("starts_at", "pk")
    if lock:
        rows = rows.select_for_update(of=("self",))
    shown = models.Exists(SessionPhoto.objects.filter(session=models.OuterRef("pk")))
    rows = rows.annotate(has_photo=shown).prefetch_related("sites", "workshops")
    return list(rows.select_related("programme__territory", "kind", "theme", "leader"))


def _movable(review: Review, rows: list[Session], plan: Plan, now: datetime) -> dict:
    """Return the sessions that follow their schedule, by their instants; count the others."""
    planned, movable = {_key(s) for s in plan.stretches}, {}
    for row in rows:
        key = (row.starts_at, row.ends_at, row.on)
        if row.starts_at <= now:
            review.staying[PAST] += 1
        elif row.is_cancelled:
            review.staying[CANCELLED] += 1
        elif row.is_closed or row.roll_begun_at:
            review.staying[BEGUN] += 1
        elif key not in planned or key in movable:
            review.staying[BY_HAND] += 1
        else:
            movable[key] = row
    return movable


def is_used(row: Session) -> bool:
    """Tell whether a session, read with what hangs on it, holds more than its plan."""
    return bool(row.workshops.all() or row.has_photo or row.note or row.headcount)


def _remove(review: Review, row: Session) -> None:
    if is_used(row):
        review.staying[IN_USE] += 1
    else:
        review.removed.append(row)


def _others(programme: Programme, week: Week, gone: frozenset[int]) -> list[Session]:
    """Return the sessions that take place in the programme beside those that go."""
    rows = Session.objects.filter(programme=programme, cancelled_on=None)
    rows = rows.on_days(week.starts_on, week.ends_on).exclude(pk__in=gone)
    return list(rows.select_related("kind", "programme__territory").prefetch_related("sites"))


def _settle(
    review: Review, stretches: Iterable[Stretch], others: list[Session], sites: frozenset[Site]
) -> None:
    """Tell the stretches that are free from those another session takes."""
    for stretch in stretches:
        session = clash_with(stretch, others, sites)
        if session:
            review.clashes.append(Clash(stretch, session))
        else:
            review.created.append(stretch)


def clash_with(
    stretch: Stretch, others: Iterable[Session], sites: Iterable[Site]
) -> Session | None:
    """Return a session at the same time on one of the sites, None when they are free."""
    wanted = set(sites)
    for other in others:
        shares = other.starts_at < stretch.ends_at and stretch.starts_at < other.ends_at
        if shares and wanted.intersection(other.places):
            return other
    return None
