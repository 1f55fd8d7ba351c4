"""The demo's days towards people: permanences in the districts and public information, no name.

They are beside the week of the gardens, on Fridays, in any year but 2015: the fiche says nothing
of their numbers.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from autoprod.accounts.models import User
from programmes.management.demo.calendars import holidays
from programmes.management.demo.sessions import LEADER, unsaved
from programmes.models import (
    ClosedPeriod,
    Outreach,
    Programme,
    ReferenceCode,
    Session,
    Site,
)

ZONE = ZoneInfo("Europe/Paris")
FIRST_YEAR = 2015
_FRIDAY = 5
_CLOSED_AFTER = timedelta(minutes=20)
_DISTRICTS = ("Dutemple", "Chasse Royale", "Fg de Paris", "St Waast", "La Briquette")
#: The months, and what is told to whoever passes by.
_INFORMATION = {
    3: "Forum des associations solidaires",
    6: "Fête du quartier de Dutemple",
    9: "Réunion publique\u00a0: les jardins ouvrent leurs portes",
    11: "Rencontre avec les bailleurs et les centres sociaux",
}


@dataclass(frozen=True)
class _Planned:
    """A Friday afternoon: its kind, its title, and the numbers it gives."""

    on: date
    kind: str
    title: str
    headcount: int = 0
    met: int = 0
    oriented: int = 0
    entered: int = 0

    @property
    def starts_at(self) -> datetime:
        """Return two in the afternoon."""
        return datetime.combine(self.on, time(14), tzinfo=ZONE)

    @property
    def ends_at(self) -> datetime:
        """Return two hours later."""
        return self.starts_at + timedelta(hours=2)


def load(*, programme: Programme, on: date, years: list[int]) -> None:
    """Create the missing days of these years, and write the numbers of those before `on`."""
    planned = {one.starts_at: one for year in years if year > FIRST_YEAR for one in _plan(year)}
    rows = _rows(programme, planned)
    missing = [one for start, one in planned.items() if start not in rows]
    if missing:
        _create(programme, missing)
        rows = _rows(programme, planned)
    for start, session in rows.items():
        if planned[start].on < on and not (session.is_closed or session.is_cancelled):
            _hold(session, planned[start])
    for year in years:
        _close_in_summer(programme, year)


def _plan(year: int) -> Iterator[_Planned]:
    """Yield the Fridays of a year: a permanence a month but August, information four times."""
    for month in range(1, 13):
        # Numbers that the month alone decides, and that look like nothing.
        met = 4 + (7 * month + year) % 9
        oriented = 1 + (5 * month + year) % met
        entered = min(oriented, (month + year) % 3)
        if month != 8:
            title = f"Permanence de quartier, {_DISTRICTS[month % len(_DISTRICTS)]}"
            day = _friday(year, month, 2)
            yield _Planned(day, "permanence", title, met=met, oriented=oriented, entered=entered)
        if month in _INFORMATION:
            number = 25 + (13 * month + year) % 60
            yield _Planned(_friday(year, month, 3), "information", _INFORMATION[month], number)


def _friday(year: int, month: int, rank: int) -> date:
    """Return a Friday of a month, the next one when it is a public holiday."""
    days = [date(year, month, day) for day in range(1, calendar.monthrange(year, month)[1] + 1)]
    fridays = [day for day in days if day.isoweekday() == _FRIDAY and day not in holidays(year)]
    return fridays[rank - 1]


def _rows(programme: Programme, planned: dict[datetime, _Planned]) -> dict[datetime, Session]:
    rows = Session.objects.filter(programme=programme, schedule=None).order_by("starts_at", "pk")
    return {row.starts_at: row for row in rows if row.starts_at in planned}


def _create(programme: Programme, planned: list[_Planned]) -> None:
    codes = ReferenceCode.objects.in_list("session_kinds").filter(territory=None)
    kinds = {row.code: row for row in codes.order_by("pk")}
    site = Site.objects.used_by(programme).get(name="Blaise Pascal")
    leader = User.objects.get(email=LEADER)
    sessions = [unsaved(programme, one, kind=kinds[one.kind], leader=leader) for one in planned]
    Session.objects.bulk_create(sessions, batch_size=200)
    link = Session.sites.through
    link.objects.bulk_create(link(session=session, site=site) for session in sessions)


def _hold(session: Session, one: _Planned) -> None:
    """Write down what a day gave, and close it."""
    session.closed_at, session.headcount = one.ends_at + _CLOSED_AFTER, one.headcount
    session.save()
    if one.met:
        numbers = {"met": one.met, "oriented": one.oriented, "entered": one.entered}
        Outreach.objects.get_or_create(session=session, defaults=numbers)


def _close_in_summer(programme: Programme, year: int) -> None:
    """Close the gardens for the two weeks of August that have no session."""
    first, last = (
        (date(2015, 8, 10), date(2015, 8, 23))
        if year == FIRST_YEAR
        else (
            date(year, 8, 4),
            date(year, 8, 17),
        )
    )
    ClosedPeriod.objects.get_or_create(
        programme=programme,
        starts_on=first,
        defaults={"ends_on": last, "label": "Fermeture d’été"},
    )
