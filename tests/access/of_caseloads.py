"""Who may open the addresses of caseloads and agendas: one line per URL name."""

from django.utils import timezone

from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from tests.access.entries import Entry, fill, see

A = Action


def _csv(place, frame):
    return "csv"


def _stay(place, frame):
    return {"stay": frame.somebody.enrolment.pk}


def _month(place, frame):
    return Period.containing(timezone.localdate(), Kind.MONTH)


LINES: dict[str, Entry] = {
    # Without a word of a name, the filters sent are read back from the address.
    "beneficiaries:caseload_list": fill(A.EDIT_PATHWAYS),
    "beneficiaries:caseload_files": Entry(A.EDIT_PATHWAYS, ("POST",), {}, _stay, posted=200),
    "beneficiaries:caseload_export": see(A.EDIT_PATHWAYS, kind=_csv),
    "beneficiaries:agenda": see(A.EDIT_PATHWAYS),
    "beneficiaries:agenda_period": see(A.EDIT_PATHWAYS, period=_month),
    "beneficiaries:agenda_export": see(A.EDIT_PATHWAYS),
}
