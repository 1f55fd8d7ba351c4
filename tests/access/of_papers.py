"""Who may open the addresses of papers printed for a person: one line per URL name."""

from autoprod.core.scoping import Action
from tests.access.entries import Entry, see

A = Action


def _person(place, frame):
    return frame.somebody.person


LINES: dict[str, Entry] = {
    "beneficiaries:booklet_pdf": see(A.VIEW_PATHWAYS, pk=_person),
}
