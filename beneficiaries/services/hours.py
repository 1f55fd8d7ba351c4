"""Hours of a programme over a period: by person, by stretch of days and by site.

Those of closed sessions count (declared); signed ones are those of a statement that its person
signed. Source: fiche d’expérience « Les jardins du cœur », heures globales de présence par
bénéficiaire sur les sites.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Sum

from autoprod.core.periods import ONE_DAY, Kind, Period
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import Part
from beneficiaries.models import Attendance, Person, Statement
from beneficiaries.models.attendance import AttendanceQuerySet
from programmes.models import Programme, Site

#: Up to a week is cut by day; up to two months, by week; longer, by month.
WEEK, TWO_MONTHS = 7, 62


@dataclass
class Spent:
    """Minutes that count, those that were signed for, and the minutes of each site (key)."""

    declared: int = 0
    signed: int = 0
    sites: Counter[int] = field(default_factory=Counter)

    @property
    def unsigned(self) -> int:
        """Return the minutes that nobody signed for, yet or ever."""
        return self.declared - self.signed

    def add(self, minutes: int, site: int, is_signed: bool) -> None:
        """Add the minutes of a site."""
        self.declared += minutes
        self.signed += minutes if is_signed else 0
        self.sites[site] += minutes

    def take(self, other: "Spent") -> None:
        """Add what somebody else, or another stretch of days, spent."""
        self.declared += other.declared
        self.signed += other.signed
        self.sites.update(other.sites)


@dataclass
class Line:
    """One person, or one stretch of days, and what was spent."""

    spent: Spent = field(default_factory=Spent)
    person: Person | None = None
    days: Period | None = None
    statement: Statement | None = None


@dataclass
class Group:
    """Persons counted together, by name, and their sum."""

    lines: list[Line] = field(default_factory=list)
    total: Spent = field(default_factory=Spent)


@dataclass(frozen=True)
class Hours:
    """The hours of a period; `participants` are those that figures count."""

    sites: list[Site]
    participants: Group
    #: Volunteers, customers, trainees, and who came before any entry was noted.
    others: Group
    #: The participants' hours, cut by day, week or month.
    stretches: list[Line]
    #: Statements are told of a month alone.
    has_statements: bool


def of_programme(scope: Scope, programme: Programme, period: Period) -> Hours:
    """Return the hours of a programme over a period, in five queries at most.

    Each hour is of one site and of one person: by site, by person and by stretch of days, the sums
    are the same, and that of the figure « Heures de présence ».
    """
    rows = Attendance.objects.for_scope(scope, Action.VIEW_PERSONS).counted().in_period(period)
    signed = Statement.objects.signed().covering()
    rows = rows.filter(session__programme=programme).annotate(is_signed=signed).order_by()
    spent = _by_person(rows, period)
    keys = {person for person, _ in spent}
    persons = Person.objects.for_scope(scope, Action.VIEW_PERSONS).in_bulk(keys)
    statements = _statements(scope, programme, period)
    groups = {True: Group(), False: Group()}
    for (key, counts), each in spent.items():
        statement = statements.get(key) if counts else None
        line = Line(each, person=persons[key], statement=statement)
        groups[counts].lines.append(line)
        groups[counts].total.take(each)
    for group in groups.values():
        group.lines.sort(key=lambda line: (line.person.sort_key, line.person.pk))
    used = {site for group in groups.values() for site in group.total.sites}
    sites = Site.objects.for_scope(scope, Action.VIEW_FRAME).filter(pk__in=used)
    return Hours(
        sites=list(sites.order_by("sort_key", "pk")),
        participants=groups[True],
        others=groups[False],
        stretches=_by_stretch(rows, period),
        has_statements=bool(statements),
    )


def _by_person(rows: AttendanceQuerySet, period: Period) -> dict[tuple[int, bool], Spent]:
    """Return {(person, whether figures count them): what was spent}."""
    found: dict[tuple[int, bool], Spent] = {}
    names = ("enrolment__person", "enrolment__part", "enrolment__entered_on", "site", "is_signed")
    for person, part, entered_on, site, is_signed, minutes in rows.values_list(*names).annotate(
        spent=Sum("minutes")
    ):
        is_in = entered_on is not None and entered_on <= period.end
        counts = part == Part.PARTICIPANT and is_in
        found.setdefault((person, counts), Spent()).add(minutes, site, is_signed)
    return found


def _statements(scope: Scope, programme: Programme, period: Period) -> dict[int, Statement]:
    """Return {person: the statement in force of the month}; nothing of any other period."""
    if period.kind != Kind.MONTH:
        return {}
    rows = Statement.objects.for_scope(scope, Action.VIEW_PERSONS).in_force().of_month(period)
    rows = rows.filter(enrolment__programme=programme, enrolment__part=Part.PARTICIPANT)
    return {row.enrolment.person_id: row for row in rows.select_related("enrolment")}


def _by_stretch(rows: AttendanceQuerySet, period: Period) -> list[Line]:
    """Return each stretch of the period with hours of participants, in order."""
    found: dict[Period, Line] = {}
    rows = rows.filter(
        enrolment__part=Part.PARTICIPANT, enrolment__entered_on__lte=period.end
    ).values_list("on", "site", "is_signed")
    for on, site, is_signed, minutes in rows.annotate(spent=Sum("minutes")):
        days = stretch_of(on, period)
        found.setdefault(days, Line(days=days)).spent.add(minutes, site, is_signed)
    return [found[days] for days in sorted(found)]


def stretch_of(on: date, period: Period) -> Period:
    """Return the day, the week (from Monday) or the month of a day, within the period."""
    if period.days <= WEEK:
        return Period(on, on)
    if period.days > TWO_MONTHS:
        whole = Period.containing(on, Kind.MONTH)
    else:
        monday = on - timedelta(days=on.weekday())
        whole = Period(monday, monday + 6 * ONE_DAY)
    return Period(max(whole.start, period.start), min(whole.end, period.end))
