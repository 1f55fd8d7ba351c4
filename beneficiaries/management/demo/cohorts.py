"""The demo's people, read from the CSV files: who they are, when they come and when they leave.

Those of 2015 are a year of their own, which adds up to the fiche. Those of any other year share one
file, whose dates are read from that year: « 03-12 », « +1 02-10 » the year after, « -34 05-12 » for
a birth. Surnames move on from one year to the next, so that two years never share a person.
"""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIRST_YEAR = 2015

#: One day of a situation: the columns of the two files that hold some.
_SITUATION = (
    "district",
    "education_level",
    "minimum_income",
    "employment_status",
    "housing_status",
    "household_type",
)


@dataclass(frozen=True)
class Stay:
    """Somebody's stay; without entry they wait, then give up."""

    referred_on: date | None
    entered_on: date | None
    left_on: date
    exit_motive: str

    @property
    def known_on(self) -> date:
        """Return the day the stay is first written down."""
        return self.referred_on or self.entered_on

    def covers(self, day: date) -> bool:
        """Tell whether they are in the programme on a day, the last included."""
        return self.entered_on is not None and self.entered_on <= day <= self.left_on


@dataclass(frozen=True)
class Pause:
    """A stretch of days somebody is not expected, ends included."""

    starts_on: date
    ends_on: date
    reason: str

    def covers(self, day: date) -> bool:
        """Tell whether nobody expects them on a day."""
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True)
class Someone:
    """One invented person: the row of their file, and their stays in order."""

    year: int
    number: int
    first_name: str
    last_name: str
    born_on: date
    row: dict[str, str]
    stays: tuple[Stay, ...]
    situations: tuple[tuple[date, dict[str, str]], ...]
    pauses: tuple[Pause, ...]
    #: Days from which they are accompanied otherwise, and how, in order.
    levels: tuple[tuple[date, str], ...]

    @property
    def key(self) -> tuple[int, int]:
        """Return what names them in the files."""
        return self.year, self.number

    @property
    def known_on(self) -> date:
        """Return the day their file is opened."""
        return self.stays[0].known_on

    def stay_on(self, day: date) -> Stay | None:
        """Return the stay of a day."""
        return next((stay for stay in self.stays if stay.covers(day)), None)

    def is_paused(self, day: date) -> bool:
        """Tell whether their stay is suspended on a day."""
        return any(pause.covers(day) for pause in self.pauses)

    def level_on(self, day: date) -> str:
        """Return how they are accompanied on a day."""
        since = [level for first, level in self.levels if first <= day]
        return since[-1] if since else self.row["level"]

    def is_here_in(self, year: int) -> bool:
        """Tell whether they are still known to the programme in a year."""
        return self.known_on.year <= year <= self.stays[-1].left_on.year


def rows(year: int, name: str) -> list[dict[str, str]]:
    """Return the rows of one file of a year's people."""
    folder = "year_2015" if year == FIRST_YEAR else "any_year"
    return _read(f"{folder}/{name}.csv")


@cache
def _read(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rows_of(someone: Someone, name: str) -> list[dict[str, str]]:
    """Return the rows of one file that are about somebody."""
    return _rows_about(someone.year, name, someone.number)


def _rows_about(year: int, name: str, number: int) -> list[dict[str, str]]:
    return [row for row in rows(year, name) if row["number"] == str(number)]


def pool(name: str) -> list[dict[str, str]]:
    """Return the rows of a file that is of nobody: words, names to draw from."""
    return _read(f"{name}.csv")


def day_of(text: str, year: int) -> date | None:
    """Return the day a file writes, from its year: « 03-12 », « +1 02-10 », nothing."""
    if not text:
        return None
    shift, _, month_and_day = text.rpartition(" ")
    month, day = month_and_day.split("-")
    return date(year + int(shift or 0), int(month), int(day))


def working_day_of(text: str, year: int) -> date | None:
    """Return the same, put off to Monday when it falls at the end of a week."""
    day = day_of(text, year)
    if day is None or day.isoweekday() <= 5:
        return day
    return day + timedelta(days=8 - day.isoweekday())


@cache
def people_of(year: int) -> tuple[Someone, ...]:
    """Return who the programme knows in a year: those of the year before who stay, and its own."""
    before = _cohort(year - 1) if year > FIRST_YEAR else ()
    return (*(someone for someone in before if someone.is_here_in(year)), *_cohort(year))


@cache
def _cohort(year: int) -> tuple[Someone, ...]:
    """Return the people whose file is opened for a year."""
    return tuple(_someone(year, row) for row in rows(year, "people"))


def _someone(year: int, row: dict[str, str]) -> Someone:
    number = int(row["number"])
    more = _rows_about(year, "stays", number)
    stays = tuple(_stay(year, each) for each in (row, *more))
    first = stays[0].entered_on or stays[0].known_on
    later = _rows_about(year, "situations", number)
    dated = [(first, row), *((working_day_of(r["observed_on"], year), r) for r in later)]
    return Someone(
        year=year,
        number=number,
        first_name=row["first_name"],
        last_name=row["last_name"] or _surname(year, number),
        born_on=day_of(row["born_on"], year),
        row=row,
        stays=stays,
        situations=tuple((day, {name: r[name] for name in _SITUATION}) for day, r in dated),
        pauses=tuple(_pause(year, r) for r in _rows_about(year, "suspensions", number)),
        levels=tuple(
            (working_day_of(r["since"], year), r["level"])
            for r in _rows_about(year, "levels", number)
        ),
    )


def _pause(year: int, row: dict[str, str]) -> Pause:
    start, end = (working_day_of(row[name], year) for name in ("starts_on", "ends_on"))
    return Pause(start, end, row["reason"])


def _stay(year: int, row: dict[str, str]) -> Stay:
    return Stay(
        referred_on=working_day_of(row["referred_on"], year),
        entered_on=working_day_of(row["entered_on"], year),
        left_on=working_day_of(row["left_on"], year),
        exit_motive=row["exit_motive"],
    )


def _surname(year: int, number: int) -> str:
    names = pool("surnames")
    return names[(number + 7 * year) % len(names)]["last_name"]
