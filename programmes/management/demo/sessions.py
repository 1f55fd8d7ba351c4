"""The demo's sessions: the whole calendar of a year planned, held up to the day of the demo."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from autoprod.accounts.models import User
from programmes.management.demo.calendars import Half, HalfDay, half_days
from programmes.models import (
    Organisation,
    Programme,
    ReferenceCode,
    Schedule,
    ScheduleSlot,
    Session,
    Site,
    Workshop,
)

SPECIALS = Path(__file__).resolve().parent / "sessions.csv"
ZONE = ZoneInfo("Europe/Paris")
LEADER = "workshop-leader@demo.example"
#: What the fiche announces for a year.
WORKSHOPS = 276
_HOURS = {Half.MORNING: (8, 12), Half.AFTERNOON: (14, 16)}
_WORKSHOP = timedelta(hours=2)
_CLOSED_AFTER = timedelta(minutes=20)

#: What workshops are about when nothing special is planned: one after the other.
_THEMES = ("culture", "biodiversite", "culture", "emploi", "culture", "reemploi", "savoirs")
_THEME_OF_KIND = {"cuisine": "cuisine", "biodiversite": "biodiversite", "apiculture": "apiculture"}


@dataclass(frozen=True)
class PlannedWorkshop:
    """A two-hour workshop of a session."""

    starts_at: datetime
    theme: str
    title: str = ""
    speaker: str = ""

    @property
    def ends_at(self) -> datetime:
        """Return its end."""
        return self.starts_at + _WORKSHOP


@dataclass(frozen=True)
class PlannedSession:
    """A session as the year's calendar has it, whatever the day of the demo."""

    day: date
    half: Half
    kind: str
    title: str
    site: str
    headcount: int
    cancel_reason: str
    workshops: tuple[PlannedWorkshop, ...]

    @property
    def starts_at(self) -> datetime:
        """Return the first instant."""
        return _at(self.day, _HOURS[self.half][0])

    @property
    def ends_at(self) -> datetime:
        """Return the last instant."""
        return _at(self.day, _HOURS[self.half][1])

    def is_over(self, on: date) -> bool:
        """Tell whether the day of the demo is after it."""
        return self.day < on


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=ZONE)


@cache
def plan(year: int) -> tuple[PlannedSession, ...]:
    """Return the sessions of a year, in order."""
    found, ranks = [], count()
    afternoons = _afternoons_with_a_workshop(year)
    for half_day in half_days(year):
        special = _specials(year).get(half_day.slot, {})
        kind = special.get("kind") or _usual_kind(half_day)
        has_workshop = half_day.half == Half.MORNING or half_day.day in afternoons
        found.append(
            PlannedSession(
                day=half_day.day,
                half=half_day.half,
                kind=kind,
                title=special.get("title", ""),
                site=special.get("site", ""),
                headcount=int(special.get("headcount", 0)),
                cancel_reason=special.get("cancel_reason", ""),
                workshops=tuple(_workshops(half_day, kind, special, ranks)) if has_workshop else (),
            )
        )
    return tuple(found)


@cache
def _specials(year: int) -> dict[tuple[int, int, int, Half], dict[str, str]]:
    """Return what the year has beside its usual half-days, by slot."""
    name = "2015" if year == 2015 else "other"
    with SPECIALS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["years"] == name]
    return {(int(r["month"]), int(r["week"]), int(r["weekday"]), Half(r["half"])): r for r in rows}


def _usual_kind(half_day: HalfDay) -> str:
    if half_day.half == Half.MORNING:
        return "culture"
    is_season = 3 <= half_day.day.month <= 10
    weekday = half_day.day.isoweekday()
    if weekday == 2:
        return "cuisine"
    if weekday == 3 and is_season:
        # The hives of the Vignoble opened to the workshops in 2016 (fiche).
        return "apiculture" if half_day.week == 1 and half_day.day.year > 2015 else "biodiversite"
    return "culture"


def _afternoons_with_a_workshop(year: int) -> set[date]:
    """Return the afternoons that bring the year to 276 workshops.

    A year of 23 weeks has two each morning and one each afternoon. The longer 2015 has one each
    morning, and the health meeting and enough other afternoons.
    """
    days = [h.day for h in half_days(year) if h.half == Half.AFTERNOON]
    if year != 2015:
        return set(days)
    pinned = [h.day for h in half_days(year) if _is_health(_specials(year).get(h.slot))]
    others = [day for day in days if day not in pinned]
    missing = WORKSHOPS - len(days) - len(pinned)
    return {*pinned, *(others[rank * len(others) // missing] for rank in range(missing))}


def _is_health(special: dict[str, str] | None) -> bool:
    return bool(special) and special["kind"] == "sante"


def _workshops(
    half_day: HalfDay, kind: str, special: dict[str, str], ranks: Iterator[int]
) -> Iterator[PlannedWorkshop]:
    for hour in _workshop_hours(half_day):
        usual = _THEME_OF_KIND.get(kind) or _THEMES[next(ranks) % len(_THEMES)]
        yield PlannedWorkshop(
            starts_at=_at(half_day.day, hour),
            theme=special.get("theme") or usual,
            title=special.get("title", ""),
            speaker=special.get("speaker", ""),
        )


def _workshop_hours(half_day: HalfDay) -> tuple[int, ...]:
    if half_day.half == Half.AFTERNOON:
        return (14,)
    return (10,) if half_day.day.year == 2015 else (8, 10)


def load(*, programme: Programme, on: date, years: list[int]) -> dict[datetime, Session]:
    """Create the missing sessions of these years, hold those before `on`; return all by start."""
    planned = {one.starts_at: one for year in years for one in plan(year)}
    rows = _rows(programme, planned)
    missing = [one for start, one in planned.items() if start not in rows]
    if missing:
        _create(programme, missing)
        rows = _rows(programme, planned)
    _hold(rows, planned, on)
    return rows


def _rows(programme: Programme, planned: dict[datetime, PlannedSession]) -> dict:
    rows = Session.objects.filter(programme=programme).order_by("starts_at", "pk")
    return {row.starts_at: row for row in rows if row.starts_at in planned}


def _codes(list_name: str) -> dict[str, ReferenceCode]:
    rows = ReferenceCode.objects.in_list(list_name).filter(territory=None)
    return {row.code: row for row in rows.order_by("pk")}


def unsaved(programme: Programme, planned: object, **values) -> Session:
    """Return the session of what is planned (title, start, end), not saved."""
    hours = {name: getattr(planned, name) for name in ("title", "starts_at", "ends_at")}
    session = Session(programme=programme, **hours, **values)
    session.measure()
    return session


def _create(programme: Programme, planned: list[PlannedSession]) -> None:
    """Create sessions with their sites and their workshops."""
    kinds, leader = _codes("session_kinds"), User.objects.get(email=LEADER)
    years = {one.day.year for one in planned}
    schedules = {year: _schedule(programme, year, kinds["culture"], leader) for year in years}
    sessions = [
        unsaved(
            programme,
            one,
            kind=kinds[one.kind],
            leader=leader,
            schedule=schedules[one.day.year],
        )
        for one in planned
    ]
    Session.objects.bulk_create(sessions, batch_size=200)
    _create_sites(programme, sessions, planned)
    _create_workshops(programme, sessions, planned)


def _schedule(programme: Programme, year: int, kind: ReferenceCode, leader: User) -> Schedule:
    """Return the schedule that plans the sessions of a year: the fiche's week on every site."""
    days = [one.day for one in plan(year)]
    schedule, is_new = Schedule.objects.get_or_create(
        programme=programme,
        starts_on=days[0],
        defaults={"ends_on": days[-1], "kind": kind, "leader": leader},
    )
    if is_new:
        schedule.sites.set(Site.objects.used_by(programme))
        ScheduleSlot.objects.bulk_create(
            ScheduleSlot(schedule=schedule, weekday=day, starts=time(first), ends=time(last))
            for day in (1, 2, 3, 4)
            for first, last in _HOURS.values()
        )
    return schedule


def _create_sites(
    programme: Programme, sessions: list[Session], planned: list[PlannedSession]
) -> None:
    sites = {site.name: site for site in Site.objects.used_by(programme)}
    link = Session.sites.through
    links = [
        link(session=session, site=site)
        for session, one in zip(sessions, planned, strict=True)
        for site in ([sites[one.site]] if one.site else sites.values())
    ]
    link.objects.bulk_create(links, batch_size=200)


def _create_workshops(
    programme: Programme, sessions: list[Session], planned: list[PlannedSession]
) -> None:
    themes = _codes("workshop_themes")
    speakers = {o.name: o for o in Organisation.objects.filter(territory=programme.territory)}
    workshops = [
        Workshop(
            session=session,
            theme=themes[inside.theme],
            title=inside.title,
            starts_at=inside.starts_at,
            ends_at=inside.ends_at,
            speaker=speakers.get(inside.speaker),
        )
        for session, one in zip(sessions, planned, strict=True)
        for inside in one.workshops
    ]
    Workshop.objects.bulk_create(workshops, batch_size=200)


def _hold(rows: dict[datetime, Session], planned: dict[datetime, PlannedSession], on: date) -> None:
    """Close or cancel what is over; what somebody closed or cancelled stays as they left it."""
    reasons, changed = _codes("cancellation_reasons"), []
    for start, session in rows.items():
        one = planned[start]
        if session.is_closed or session.is_cancelled or not _is_known(one, on):
            continue
        if one.cancel_reason:
            session.cancelled_on = one.day
            session.cancel_reason = reasons[one.cancel_reason]
        else:
            session.closed_at = one.ends_at + _CLOSED_AFTER
            session.headcount = one.headcount
        session.version += 1
        changed.append(session)
    fields = ["cancelled_on", "cancel_reason", "closed_at", "headcount", "version"]
    Session.objects.bulk_update(changed, fields, batch_size=100)


def _is_known(one: PlannedSession, on: date) -> bool:
    """Tell whether it is over; a frost is known in the morning, before the day is over."""
    return one.is_over(on) or (bool(one.cancel_reason) and one.day == on)
