"""Periods of civil days, both ends included, and the conversion between days and instants.

A day belongs to a territory's time zone: a session that starts at 23:30 UTC in summer is on the
next day in Valenciennes. So days are always asked with a zone, and durations are always measured
between instants (a night of clock change has 23 or 25 hours).
"""

import calendar
import datetime
import re
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.urls import register_converter
from django.urls.converters import get_converters

from autoprod.core import formatting

ONE_DAY = datetime.timedelta(days=1)
_ORDINALS = ("1er", "2e", "3e", "4e")
_DAY = r"[12]\d{3}-\d{2}-\d{2}"
#: Years 1000 to 2999 only, so that a neighbouring period always exists.
SLUG = rf"[12]\d{{3}}-(?:0[1-9]|1[0-2])|[12]\d{{3}}-T[1-4]|{_DAY}_{_DAY}|[12]\d{{3}}"


class Kind(StrEnum):
    """The kinds of periods that people name."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    CUSTOM = "custom"


_MONTHS_IN = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.YEAR: 12}


def _whole_months(year: int, first_month: int, count: int) -> "Period":
    last_month = first_month + count - 1
    last_day = calendar.monthrange(year, last_month)[1]
    return Period(datetime.date(year, first_month, 1), datetime.date(year, last_month, last_day))


@dataclass(frozen=True, order=True)
class Period:
    """Days from `start` to `end`, both included; ValueError when the end comes first."""

    start: datetime.date
    end: datetime.date

    def __post_init__(self) -> None:
        for day in (self.start, self.end):
            if isinstance(day, datetime.datetime) or not isinstance(day, datetime.date):
                raise TypeError(f"a period is made of dates, not {type(day).__name__}")
        if self.end < self.start:
            raise ValueError("a period ends before it starts")

    def __str__(self) -> str:
        return self.label

    @classmethod
    def year(cls, year: int) -> "Period":
        """Return the calendar year."""
        return _whole_months(year, 1, 12)

    @classmethod
    def month(cls, year: int, month: int) -> "Period":
        """Return the calendar month."""
        return _whole_months(year, month, 1)

    @classmethod
    def quarter(cls, year: int, number: int) -> "Period":
        """Return the quarter, `number` from 1 to 4."""
        return _whole_months(year, 3 * number - 2, 3)

    @classmethod
    def containing(cls, day: datetime.date, kind: Kind) -> "Period":
        """Return the month, quarter or year that `day` is in; ValueError for CUSTOM."""
        if kind == Kind.CUSTOM:
            raise ValueError("a custom period is given by its two days")
        count = _MONTHS_IN[Kind(kind)]
        return _whole_months(day.year, (day.month - 1) // count * count + 1, count)

    @classmethod
    def week_of(cls, day: datetime.date) -> "Period":
        """Return the days from the Monday to the Sunday of a day."""
        monday = day - day.weekday() * ONE_DAY
        return cls(monday, monday + 6 * ONE_DAY)

    @classmethod
    def parse(cls, slug: str) -> "Period":
        """Read `2015`, `2016-03`, `2015-T2` or `2015-01-15_2016-02-28`; ValueError otherwise."""
        if not re.fullmatch(SLUG, slug, flags=re.ASCII):
            raise ValueError(f"not a period: {slug[:40]!r}")
        if "_" in slug:
            start, end = slug.split("_")
            return cls(datetime.date.fromisoformat(start), datetime.date.fromisoformat(end))
        year, _, rest = slug.partition("-")
        if not rest:
            return cls.year(int(year))
        if rest.startswith("T"):
            return cls.quarter(int(year), int(rest[1]))
        return cls.month(int(year), int(rest))

    @property
    def kind(self) -> Kind:
        """The kind its two days make: 1 to 31 March is a month, however it was built."""
        for kind in (Kind.MONTH, Kind.QUARTER, Kind.YEAR):
            if Period.containing(self.start, kind) == self:
                return kind
        return Kind.CUSTOM

    @property
    def slug(self) -> str:
        """What the URL carries; `Period.parse` reads it back."""
        year = f"{self.start.year:04d}"
        match self.kind:
            case Kind.YEAR:
                return year
            case Kind.QUARTER:
                return f"{year}-T{self.start.month // 3 + 1}"
            case Kind.MONTH:
                return f"{year}-{self.start.month:02d}"
        return f"{self.start.isoformat()}_{self.end.isoformat()}"

    @property
    def has_address(self) -> bool:
        """Tell whether a URL may carry it: the first and last weeks of all may not."""
        return re.fullmatch(SLUG, self.slug, flags=re.ASCII) is not None

    @property
    def label(self) -> str:
        """« mars 2016 », « 2e trimestre 2015 », « année 2015 », « du 3 au 9 mai 2015 »."""
        year = self.start.year
        match self.kind:
            case Kind.YEAR:
                return f"année{formatting.SPACE}{year}"
            case Kind.QUARTER:
                return f"{_ORDINALS[self.start.month // 3]} trimestre{formatting.SPACE}{year}"
            case Kind.MONTH:
                return formatting.month(self.start)
        return formatting.day_range(self.start, self.end)

    @property
    def is_week(self) -> bool:
        """Tell whether it goes from a Monday to its Sunday."""
        return self == Period.week_of(self.start)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1

    def previous(self) -> "Period":
        """Return the month, quarter or year before; for other periods, as many days before."""
        day_before = self.start - ONE_DAY
        if self.kind == Kind.CUSTOM:
            return Period(day_before - (self.days - 1) * ONE_DAY, day_before)
        return Period.containing(day_before, self.kind)

    def next(self) -> "Period":
        """Return the month, quarter or year after; for other periods, as many days after."""
        day_after = self.end + ONE_DAY
        if self.kind == Kind.CUSTOM:
            return Period(day_after, day_after + (self.days - 1) * ONE_DAY)
        return Period.containing(day_after, self.kind)

    def contains(self, day: datetime.date) -> bool:
        """Tell whether the day is in the period."""
        return self.start <= day <= self.end

    def overlaps(self, start: datetime.date, end: datetime.date | None) -> bool:
        """Tell whether some day from `start` to `end` (None: no end yet) is in the period."""
        return start <= self.end and (end is None or end >= self.start)

    def intersection(self, other: "Period") -> "Period | None":
        """Return the days in both, None when there is none."""
        if not self.overlaps(other.start, other.end):
            return None
        return Period(max(self.start, other.start), min(self.end, other.end))

    def months(self) -> tuple["Period", ...]:
        """Cut the period by month; the first and last pieces are shorter than a month if it is."""
        pieces = []
        month = Period.containing(self.start, Kind.MONTH)
        while month.start <= self.end:
            pieces.append(Period(max(self.start, month.start), min(self.end, month.end)))
            month = month.next()
        return tuple(pieces)


class PeriodConverter:
    """The `period` of a URL: `<period:period>` gives the view a Period, 404 for a wrong one."""

    regex = SLUG

    def to_python(self, value: str) -> Period:
        """Return the period; a ValueError makes the URL not found."""
        return Period.parse(value)

    def to_url(self, value: "Period | str") -> str:
        """Return the slug; a slug is accepted too, and checked."""
        return value.slug if isinstance(value, Period) else Period.parse(value).slug


def register_converters() -> None:
    """Make `<period:…>` known to URL patterns; registering twice is harmless."""
    if "period" not in get_converters():
        register_converter(PeriodConverter, "period")


def _require_aware(*instants: datetime.datetime) -> None:
    for instant in instants:
        if instant.utcoffset() is None:
            raise ValueError("an instant needs a time zone")


def local_day(instant: datetime.datetime, zone: ZoneInfo) -> datetime.date:
    """Return the civil day of an instant in a zone; ValueError without a time zone."""
    _require_aware(instant)
    return instant.astimezone(zone).date()


def instant_at(day: datetime.date, clock: datetime.time, zone: ZoneInfo) -> datetime.datetime:
    """Return the instant when the clocks of a zone show `clock` on a day.

    An hour that autumn plays twice is the first one; ValueError for an hour that spring skips.
    """
    instant = datetime.datetime.combine(day, clock.replace(fold=0), tzinfo=zone)
    shown = instant.astimezone(datetime.UTC).astimezone(zone)
    if shown.replace(tzinfo=None) != instant.replace(tzinfo=None):
        raise ValueError("the clocks skip this hour")
    return instant


def minutes_between(start: datetime.datetime, end: datetime.datetime) -> int:
    """Return the whole minutes that really pass; ValueError without zones or if end < start.

    Python subtracts the clock readings of two datetimes of the same zone, which counts one hour
    too many or too few on the Sundays of clock change: the subtraction is made in UTC.
    """
    _require_aware(start, end)
    passed = end.astimezone(datetime.UTC) - start.astimezone(datetime.UTC)
    if passed < datetime.timedelta(0):
        raise ValueError("a stretch of time ends before it starts")
    return passed // datetime.timedelta(minutes=1)


def month_bounds_utc(period: Period, zone: ZoneInfo) -> tuple[datetime.datetime, datetime.datetime]:
    """Return the first instant of the period and the first one after it, in UTC.

    Filter instants with `at >= first` and `at < after`; any period will do, not only months.
    """
    midnights = (
        datetime.datetime.combine(day, datetime.time.min, tzinfo=zone)
        for day in (period.start, period.end + ONE_DAY)
    )
    first, after = (midnight.astimezone(datetime.UTC) for midnight in midnights)
    return first, after


def age_on(born: datetime.date, day: datetime.date) -> int:
    """Return the completed years on a day; born on 29 February, one turns on 1 March.

    ValueError when the day comes before the birth.
    """
    if day < born:
        raise ValueError("an age is asked before the birth")
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
