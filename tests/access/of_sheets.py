"""Who may open the sheets to sign, typed back, and the exports: one line per URL name."""

from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from tests.access.entries import Entry, fill, see
from tests.factories import programmes as make

A = Action


def _programme(place, frame):
    return frame.programme


def _month(place, frame):
    return Period.containing(make.yesterday(), Kind.MONTH)


def _open(place, frame):
    return frame.open_session


def _csv(place, frame):
    return "csv"


LINES: dict[str, Entry] = {
    "beneficiaries:attendance_table": see(A.TICK_ATTENDANCE, programme=_programme, period=_month),
    "beneficiaries:attendance_collective": see(A.TICK_ATTENDANCE, pk=_open),
    "beneficiaries:attendance_export": see(
        A.VIEW_PERSONS, programme=_programme, period=_month, kind=_csv
    ),
    "beneficiaries:attendance_month_export": see(
        A.VIEW_PERSONS, programme=_programme, period=_month, kind=_csv
    ),
    "beneficiaries:attendance_typing_month": fill(
        A.TICK_ATTENDANCE, programme=_programme, period=_month
    ),
    "beneficiaries:attendance_typing": fill(A.TICK_ATTENDANCE, pk=_open),
}
