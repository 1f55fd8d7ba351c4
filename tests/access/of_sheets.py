"""Who may open the addresses of the sheets to sign: one line per URL name."""

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


LINES: dict[str, Entry] = {
    "beneficiaries:attendance_table": see(A.TICK_ATTENDANCE, programme=_programme, period=_month),
    "beneficiaries:attendance_collective": see(A.TICK_ATTENDANCE, pk=_open),
    "beneficiaries:attendance_typing": fill(A.TICK_ATTENDANCE, pk=_open),
}
