"""Who may open the addresses of what happens during a stay: one line per URL name."""

from autoprod.core.scoping import Action
from beneficiaries.models import FollowUp, LevelChange
from tests.access.entries import Entry, fill, press, see
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


def _programme(place, frame):
    return frame.programme


def _left(place, frame):
    person = people.make_person(frame.programme, left_on=make.yesterday())
    return people.enrolment_of(person)


def _not_reached(place, frame):
    return {"result": make.code("followup_results", "injoignable").pk}


def _follow_up(place, frame):
    return FollowUp.objects.get(enrolment=frame.somebody.enrolment)


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
    # News taken six months after
    "beneficiaries:follow_up_list": see(A.EDIT_PATHWAYS, programme=_programme),
    "beneficiaries:follow_up_update": fill(A.EDIT_PATHWAYS, enrolment=_left, data=_not_reached),
    "beneficiaries:follow_up_delete": fill(A.EDIT_PATHWAYS, pk=_follow_up),
}
