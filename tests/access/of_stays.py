"""Who may open the addresses of what happens during a stay: one line per URL name."""

from autoprod.core.scoping import Action
from beneficiaries.models import LevelChange
from tests.access.entries import Entry, fill, press
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import programmes as make

A = Action


def _enrolment(place, frame):
    return frame.somebody.enrolment


def _waiting(place, frame):
    return people.enrolment_of(people.make_person(frame.programme, entered_on=None))


def _change(place, frame):
    return LevelChange.objects.get(enrolment=frame.somebody.enrolment)


def _suspension(place, frame):
    return frame.somebody.suspension


def _pause(place, frame):
    person = people.make_person(frame.programme)
    return paths.make_suspension(people.enrolment_of(person), make.yesterday(), None)


LINES: dict[str, Entry] = {
    "beneficiaries:enrolment_welcome": fill(A.EDIT_PERSONS, pk=_waiting),
    # Another level
    "beneficiaries:level_change_create": fill(A.EDIT_PATHWAYS, enrolment=_enrolment),
    "beneficiaries:level_change_undo": press(A.EDIT_PATHWAYS, pk=_change),
    # Pauses
    "beneficiaries:suspension_create": fill(A.EDIT_PATHWAYS, enrolment=_enrolment),
    "beneficiaries:suspension_update": fill(A.EDIT_PATHWAYS, pk=_suspension),
    "beneficiaries:suspension_delete": fill(A.EDIT_PATHWAYS, pk=_suspension),
    "beneficiaries:suspension_resume": press(A.EDIT_PATHWAYS, pk=_pause),
    "beneficiaries:suspension_undo": press(A.EDIT_PATHWAYS, pk=_pause),
}
