"""Who may open the addresses of caseloads and agendas: one line per URL name."""

from autoprod.core.scoping import Action
from tests.access.entries import Entry, fill, see

A = Action


def _csv(place, frame):
    return "csv"


LINES: dict[str, Entry] = {
    # Without a word of a name, the filters sent are read back from the address.
    "beneficiaries:caseload_list": fill(A.EDIT_PATHWAYS),
    "beneficiaries:caseload_export": see(A.EDIT_PATHWAYS, kind=_csv),
}
