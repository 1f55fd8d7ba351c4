"""Who may open the addresses of households: one line per URL name."""

from autoprod.core.scoping import Action
from beneficiaries.models import HouseholdMember
from tests.access.entries import Entry, fill

A = Action


def _person(place, frame):
    return frame.somebody.person


def _child(place, frame):
    return HouseholdMember.objects.get(household=frame.somebody.household, person=None)


def _named(place, frame):
    return {"first_name": "Sam"}


_MEMBER = {"parent": _person, "pk": _child}

LINES: dict[str, Entry] = {
    "beneficiaries:household_member_create": fill(A.EDIT_PERSONS, data=_named, parent=_person),
    "beneficiaries:household_member_update": fill(A.EDIT_PERSONS, **_MEMBER),
    "beneficiaries:household_member_leave": fill(A.EDIT_PERSONS, **_MEMBER),
    "beneficiaries:household_member_delete": fill(A.EDIT_PERSONS, **_MEMBER),
}
