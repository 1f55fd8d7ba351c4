"""Public holidays of France: the days when a programme plans nothing unless it says so."""

from datetime import date
from functools import cache

from holidays.countries.france import France


@cache
def _of_year(year: int) -> dict[date, str]:
    # The list of the whole country (Code du travail, art. L. 3133-1): Alsace-Moselle and the
    # overseas departments add days that nothing here tells, which they note as closed days.
    named = France(years=year, language="fr")
    return {day: name.replace("'", "’") for day, name in named.items()}


def holiday(day: date) -> str:
    """Return « Lundi de Pâques », the name of the public holiday; empty on any other day."""
    return _of_year(day.year).get(day, "")
