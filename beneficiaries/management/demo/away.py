"""Whom the demo's team is to ask how they are: on any day, somebody silent, somebody expected.

Decided for the whole year by the year alone, one after the other, so that there always is one. Not
in 2015, whose presences are those of the fiche.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from autoprod.core.periods import ONE_DAY, Period
from beneficiaries.enums import Part
from beneficiaries.management.demo.cohorts import FIRST_YEAR, Someone, people_of, rows_of
from beneficiaries.management.demo.lots import lot

#: Every two weeks somebody stops coming: for six weeks without a word, for four while expected.
_EVERY = timedelta(days=14)
_SILENT, _MISSING = timedelta(days=42), timedelta(days=28)

#: Whose, and the days.
Stretches = dict[tuple[int, int], Period]


def is_silent(someone: Someone, day: date) -> bool:
    """Tell whether they are on no roll and meet nobody on a day."""
    return _covers(_away(day.year)[0], someone, day)


def is_missing(someone: Someone, day: date) -> bool:
    """Tell whether they are expected in vain on a day."""
    return _covers(_away(day.year)[1], someone, day)


def is_away(someone: Someone, day: date) -> bool:
    """Tell whether they neither come nor meet anybody on a day."""
    return is_silent(someone, day) or is_missing(someone, day)


def _covers(stretches: Stretches, someone: Someone, day: date) -> bool:
    return someone.key in stretches and stretches[someone.key].contains(day)


@cache
def _away(year: int) -> tuple[Stretches, Stretches]:
    """Return who is silent and who is missing in a year; nobody is twice."""
    silent: Stretches = {}
    missing: Stretches = {}
    if year == FIRST_YEAR:
        return silent, missing
    for first in _firsts(year):
        for found, length in ((silent, _SILENT), (missing, _MISSING)):
            days = Period(first, first + length - ONE_DAY)
            free = [
                p
                for p in people_of(year)
                if p.key not in silent and p.key not in missing and _may_be(p, days)
            ]
            if free:
                who = min(free, key=lambda p, first=first: lot("away", first, *p.key))
                found[who.key] = days
    return silent, missing


def _firsts(year: int) -> Iterator[date]:
    first = date(year, 1, 12)
    while (first + _SILENT).year == year:
        yield first
        first += _EVERY


def _may_be(someone: Someone, days: Period) -> bool:
    """Tell whether somebody may be away: in for long, on no pause, and nothing told of them."""
    stay = someone.stay_on(days.start - 3 * _EVERY)
    return (
        someone.row["part"] == Part.PARTICIPANT
        and someone.row["regularity"] != "0"
        and stay is not None
        and stay.covers(days.end)
        and not any(someone.is_paused(day) for day in _each(days))
        and not rows_of(someone, "interviews")
    )


def _each(days: Period) -> Iterator[date]:
    return (days.start + n * ONE_DAY for n in range(days.days))
