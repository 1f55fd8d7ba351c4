"""Who may open the addresses of contracts of hours: one line per URL name.

Only the referents of a stay find its contract: here two people follow it, and so find its pages;
everybody else, whatever their role, is in the tests of contracts.
"""

from autoprod.core.scoping import Action
from tests.access.entries import Entry, fill
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths

A = Action


def _followed(place, frame):
    """Somebody whom all those that the right opens to follow, one as second referent."""
    referents = {"referent": frame.social_worker, "co_referent": frame.programme_manager}
    return people.make_person(frame.programme, **referents)


def _contract(place, frame):
    return paths.make_contract(people.enrolment_of(_followed(place, frame)))


def _hours(place, frame):
    return {"weekly_minutes": "15 h"}


LINES: dict[str, Entry] = {
    "beneficiaries:contract_create": fill(A.EDIT_PATHWAYS, data=_hours, person=_followed),
    "beneficiaries:contract_update": fill(A.EDIT_PATHWAYS, pk=_contract),
    "beneficiaries:contract_delete": fill(A.EDIT_PATHWAYS, pk=_contract),
}
