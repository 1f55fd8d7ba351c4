"""What is shown of presences elsewhere: on a session's row and page, on a person's page."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Count, Q, Sum, When
from django.utils import timezone

from autoprod.core.charts import Bar, Chart, sparkline_bars
from autoprod.core.formatting import hours
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import Part, Presence
from beneficiaries.models import Attendance, Enrolment, Person, Statement
from beneficiaries.services.rolls import state_of, tallies
from programmes.models import Session

#: What « Heures par semaine » shows.
WEEKS = 10
ONE_WEEK = timedelta(days=7)


def of_sessions(scope: Scope, sessions: Sequence[Session]) -> dict[int, dict]:
    """Return {session: its counts, its state, whether it is of today}, in constant queries."""
    opened = [s for s in sessions if scope.opens(Action.TICK_ATTENDANCE, s.programme)]
    counts, today = tallies(opened), timezone.localdate()
    return {
        session.pk: {
            "session": session,
            "tally": counts[session.pk],
            "state": state_of(session),
            "is_today": session.is_today(today),
        }
        for session in opened
    }


def by_site(scope: Scope, sessions: Sequence[Session]) -> dict[int, dict]:
    """Return what `of_sessions` does, with the participants and minutes of each site.

    `minutes_apart` are those of volunteers, members and trainees, on all sites.
    """
    shown = of_sessions(scope, sessions)
    rows = Attendance.objects.for_scope(scope, Action.TICK_ATTENDANCE).present()
    is_apart = ~Q(enrolment__part=Part.PARTICIPANT)
    rows = rows.filter(session__in=list(shown)).annotate(apart=Case(When(is_apart, 1), default=0))
    rows = rows.values("session", "site__name", "apart")
    counted = rows.annotate(people=Count("enrolment", distinct=True), minutes=Sum("minutes"))
    for panel in shown.values():
        panel |= {"sites": [], "minutes_apart": 0}
    for row in counted.order_by("site__sort_key", "session"):
        panel = shown[row["session"]]
        if row["apart"]:
            panel["minutes_apart"] += row["minutes"]
        else:
            names = {"name": row["site__name"], "people": row["people"]}
            panel["sites"].append(names | {"minutes": row["minutes"]})
    return shown


@dataclass(frozen=True)
class Fact:
    """One line of a roll, as a person's page counts it; minutes are nought until the closing."""

    enrolment: int
    on: date
    status: str
    minutes: int
    #: Of these minutes, those that the person signed for.
    signed: int = 0
    site: str = ""


@dataclass
class Month:
    """What a person did in a month; the minutes count, `signed` ones have a signed statement."""

    first: date
    days: int = 0
    minutes: int = 0
    signed: int = 0
    excused: int = 0
    absent: int = 0

    @property
    def absences(self) -> int:
        """Return the half-days missed, excused or not."""
        return self.excused + self.absent


def of_persons(scope: Scope, persons: Sequence[Person]) -> dict[int, dict]:
    """Return {person: months, sites, totals, last presence}, of the programmes of the scope."""
    facts, stays = _facts(scope, persons), _stays(scope, persons)
    return {
        key: {
            "months": _months(lines),
            "sites": _sites(lines),
            "chart": _chart(lines, _last_day(stays[key])),
            "total": sum(line.minutes for line in lines),
            "signed": sum(line.signed for line in lines),
            "since_entry": _since_entry(lines, stays[key]),
            "last_on": max((f.on for f in lines if f.status == Presence.PRESENT), default=None),
        }
        for key, lines in facts.items()
    }


def weeks_of(attendances: Iterable[Attendance], stays: Iterable[Enrolment]) -> dict:
    """Return the minutes since somebody entered, and their last ten weeks as bars.

    The weeks end today, or the day they left; none is drawn when all are empty, and nothing is told
    of who has not entered. Each presence comes with its session.
    """
    lines = [
        Fact(row.enrolment_id, row.on, row.status, row.minutes if row.session.closed_at else 0)
        for row in attendances
    ]
    entered = [stay for stay in stays if stay.entered_on]
    shown = _going_on(sorted(entered, key=lambda stay: (stay.entered_on, stay.pk)))
    if not shown:
        return {}
    return {"since_entry": _since_entry(lines, shown), "chart": _chart(lines, _last_day(shown))}


def _facts(scope: Scope, persons: Sequence[Person]) -> dict[int, list[Fact]]:
    """Return {person: their lines in order}; the hours of an open session do not count yet."""
    rows = Attendance.objects.for_scope(scope, Action.VIEW_PERSONS)
    signed = Statement.objects.signed().covering()
    rows = rows.filter(enrolment__person__in=persons).annotate(is_signed=signed)
    names = ("enrolment", "on", "status", "minutes", "site__name", "is_signed")
    facts = defaultdict(list)
    for person, closed, enrolment, on, status, minutes, site, is_signed in rows.order_by(
        "starts_at", "pk"
    ).values_list("enrolment__person", "session__closed_at", *names):
        counted = minutes if closed else 0
        signed = counted if is_signed else 0
        facts[person].append(Fact(enrolment, on, status, counted, signed, site))
    return facts


def _stays(scope: Scope, persons: Sequence[Person]) -> dict[int, list[Enrolment]]:
    """Return {person: the stays going on, otherwise the last one}."""
    rows = Enrolment.objects.for_scope(scope, Action.VIEW_PERSONS).entered()
    stays = defaultdict(list)
    for stay in rows.filter(person__in=persons).order_by("entered_on", "pk"):
        stays[stay.person_id].append(stay)
    return defaultdict(list, {key: _going_on(those) for key, those in stays.items()})


def _going_on(stays: Sequence[Enrolment]) -> list[Enrolment]:
    """Return the stays going on, otherwise the last one; they come in order of entry."""
    today = timezone.localdate()
    return [s for s in stays if s.left_on is None or s.left_on >= today] or list(stays[-1:])


def _since_entry(lines: Iterable[Fact], stays: Iterable[Enrolment]) -> int:
    keys = {stay.pk for stay in stays}
    return sum(line.minutes for line in lines if line.enrolment in keys)


def _last_day(stays: Sequence[Enrolment]) -> date:
    today = timezone.localdate()
    left = [stay.left_on or today for stay in stays]
    return min(max(left, default=today), today)


def _months(lines: Iterable[Fact]) -> list[Month]:
    """Return the months with a line, the last first; a day with two sites is one day."""
    months: dict[date, Month] = {}
    days = defaultdict(set)
    for line in lines:
        first = line.on.replace(day=1)
        month = months.setdefault(first, Month(first))
        month.minutes += line.minutes
        month.signed += line.signed
        month.excused += line.status == Presence.EXCUSED
        month.absent += line.status == Presence.ABSENT
        if line.status == Presence.PRESENT:
            days[first].add(line.on)
    for first, month in months.items():
        month.days = len(days[first])
    return sorted(months.values(), key=lambda month: month.first, reverse=True)


def _sites(lines: Iterable[Fact]) -> list[tuple[str, int]]:
    """Return what was spent on each site, the most first; nothing when there is one site."""
    spent: dict[str, int] = defaultdict(int)
    for line in lines:
        spent[line.site] += line.minutes
    found = [(name, minutes) for name, minutes in spent.items() if minutes]
    return sorted(found, key=lambda each: -each[1]) if len(found) > 1 else []


def _chart(lines: Iterable[Fact], last: date) -> Chart | None:
    monday = last - timedelta(days=last.weekday())
    mondays = [monday - ONE_WEEK * number for number in reversed(range(WEEKS))]
    spent = defaultdict(int)
    for line in lines:
        spent[line.on - timedelta(days=line.on.weekday())] += line.minutes
    if not any(spent[day] for day in mondays):
        return None
    bars = [Bar(f"S{day.isocalendar().week}", spent[day], hours(spent[day])) for day in mondays]
    return sparkline_bars("Heures par semaine", bars, header=("Semaine", "Heures"))
