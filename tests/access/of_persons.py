"""Who may open the addresses of persons, their situations and enrolments: a line per URL name."""

from django.utils import timezone

from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from beneficiaries.enums import Part
from tests.access.entries import Entry, fill, press, see
from tests.factories import beneficiaries as people
from tests.factories import programmes as make

A = Action


def _programme(place, frame):
    return frame.programme


def _month(place, frame):
    return Period.containing(timezone.localdate(), Kind.MONTH)


def _person(place, frame):
    return frame.somebody.person


def _newcomer(place, frame):
    return people.make_person(frame.programme)


def _situation(place, frame):
    return frame.somebody.situation


def _enrolment(place, frame):
    return frame.somebody.enrolment


def _left(place, frame):
    person = people.make_person(frame.programme, left_on=make.yesterday())
    return people.enrolment_of(person)


def _as_volunteer(place, frame):
    return {"part": Part.VOLUNTEER}


LINES: dict[str, Entry] = {
    # Persons
    # Without a word of a name, the filters sent are read back from the address.
    "beneficiaries:person_list": fill(A.VIEW_PERSONS, programme=_programme, period=_month),
    "beneficiaries:person_create": fill(A.EDIT_PERSONS, parent=_programme),
    "beneficiaries:person_search": fill(A.VIEW_PERSONS, posted=200),
    "beneficiaries:person_suggest": Entry(A.VIEW_PERSONS, ("POST",), posted=200),
    "beneficiaries:person_detail": see(A.VIEW_PERSONS, pk=_person),
    "beneficiaries:person_attendance": see(A.VIEW_PERSONS, pk=_person),
    "beneficiaries:person_update": fill(A.EDIT_PERSONS, pk=_person),
    "beneficiaries:person_identity": fill(A.EDIT_PERSONS, parent=_person),
    "beneficiaries:person_address": fill(A.EDIT_PERSONS, parent=_person),
    "beneficiaries:person_delete": fill(A.EDIT_PERSONS, pk=_newcomer),
    # Situations
    "beneficiaries:person_situation": see(A.VIEW_PERSONS, pk=_person),
    "beneficiaries:situation_create": fill(A.EDIT_PERSONS, parent=_person),
    "beneficiaries:situation_update": fill(A.EDIT_PERSONS, pk=_situation),
    "beneficiaries:situation_complete": fill(A.EDIT_PERSONS, pk=_situation),
    "beneficiaries:situation_exit": fill(A.EDIT_PERSONS, enrolment=_left),
    "beneficiaries:situation_delete": fill(A.EDIT_PERSONS, pk=_situation),
    # Enrolments
    "beneficiaries:person_enrolments": see(A.VIEW_PERSONS, pk=_person),
    "beneficiaries:enrolment_create": fill(A.EDIT_PERSONS, parent=_person, data=_as_volunteer),
    "beneficiaries:enrolment_update": fill(A.EDIT_PERSONS, pk=_enrolment),
    "beneficiaries:enrolment_delete": fill(A.EDIT_PERSONS, pk=_left),
    "beneficiaries:enrolment_exit": fill(A.EDIT_PERSONS, pk=_enrolment),
    "beneficiaries:enrolment_reopen": press(A.EDIT_PERSONS, pk=_left),
}
