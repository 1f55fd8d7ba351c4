"""Who may open the addresses of a month's hours and of its closing: one line per URL name."""

from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from tests.access.entries import Entry, see
from tests.factories import programmes as make

A = Action


def _programme(place, frame):
    return frame.programme


def _month(place, frame):
    return Period.containing(make.yesterday(), Kind.MONTH)


LINES: dict[str, Entry] = {
    "beneficiaries:month_closing": see(A.VIEW_PERSONS, programme=_programme, period=_month),
    "beneficiaries:check_in_list": see(A.VIEW_PERSONS),
    "beneficiaries:hours_detail": see(A.VIEW_PERSONS, programme=_programme, period=_month),
}
