"""Public holidays of France: the days when a programme plans nothing unless it says so."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from types import MappingProxyType

from holidays.countries.france import France


@cache
def holidays_of(year: int) -> Mapping[date, str]:
    """Return the eleven public holidays of a year, each with its name."""
    # The list of the whole country (Code du travail, art. L. 3133-1): Alsace-Moselle and the
    # overseas departments add days that nothing here tells, which they note as closed days.
    named = France(years=year, language="fr")
    return MappingProxyType({day: name.replace("'", "’") for day, name in named.items()})


def holiday(day: date) -> str:
    """Return « Lundi de Pâques », the name of the public holiday; empty on any other day."""
    return holidays_of(day.year).get(day, "")
