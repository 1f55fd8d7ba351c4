"""Who may open the addresses of papers printed for a person: one line per URL name."""

from django.utils import timezone

from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from tests.access.entries import Entry, fill, see

A = Action


def _person(place, frame):
    return frame.somebody.person


def _programme(place, frame):
    return frame.programme


def _paper(place, frame):
    return frame.somebody.paper


def _month(place, frame):
    return Period.containing(timezone.localdate(), Kind.MONTH)


LINES: dict[str, Entry] = {
    "beneficiaries:booklet_pdf": see(A.VIEW_PATHWAYS, pk=_person),
    "beneficiaries:person_papers": see(A.VIEW_PATHWAYS, pk=_person),
    "beneficiaries:certificate_print": fill(A.VIEW_PATHWAYS, posted=200, person=_person),
    "beneficiaries:letter_print": fill(A.VIEW_PATHWAYS, posted=200, person=_person),
    "beneficiaries:paper_create": fill(A.EDIT_PATHWAYS, person=_person),
    "beneficiaries:paper_update": fill(A.EDIT_PATHWAYS, pk=_paper),
    "beneficiaries:paper_delete": fill(A.EDIT_PATHWAYS, pk=_paper),
    "beneficiaries:review_pdf": see(A.VIEW_PATHWAYS, pk=_person, period=_month),
    "beneficiaries:review_batch": fill(A.VIEW_PATHWAYS, programme=_programme, period=_month),
}
