"""Who may open the addresses of interviews: one line per URL name."""

from autoprod.core.scoping import Action
from beneficiaries.enums import InterviewState
from tests.access.entries import Entry, fill, press, see
from tests.factories import pathways as paths
from tests.factories import programmes as make

A = Action


def _person(place, frame):
    return frame.somebody.person


def _interview(place, frame):
    return frame.somebody.interview


def _document(place, frame):
    return frame.somebody.document


def _appointment(place, frame):
    stay = frame.somebody.enrolment
    return paths.make_interview(stay, make.tomorrow(), state=InterviewState.PLANNED)


def _typed(place, frame):
    return {"social": "Un texte", "draft_tab": "a", "turn": "1"}


def _keep(**objects) -> Entry:
    return Entry(A.EDIT_PATHWAYS, ("POST",), objects, _typed, posted=200)


LINES: dict[str, Entry] = {
    # Interviews and their drafts
    "beneficiaries:interview_create": fill(A.EDIT_PATHWAYS, person=_person),
    "beneficiaries:interview_detail": see(A.VIEW_PATHWAYS, pk=_interview),
    "beneficiaries:interview_update": fill(A.EDIT_PATHWAYS, pk=_interview),
    "beneficiaries:interview_hold": fill(A.EDIT_PATHWAYS, pk=_appointment),
    "beneficiaries:interview_delete": fill(A.EDIT_PATHWAYS, pk=_appointment),
    "beneficiaries:interview_draft": _keep(person=_person),
    "beneficiaries:interview_draft_over": _keep(pk=_interview),
    # Documents
    "beneficiaries:interview_document_create": fill(A.VIEW_NOTES, interview=_interview),
    "beneficiaries:interview_document_download": see(A.VIEW_NOTES, pk=_document),
    "beneficiaries:interview_document_delete": fill(A.VIEW_NOTES, pk=_document),
    # Appointments
    "beneficiaries:appointment_create": fill(A.EDIT_PATHWAYS, person=_person),
    "beneficiaries:appointment_update": fill(A.EDIT_PATHWAYS, pk=_appointment),
    "beneficiaries:appointment_missed": press(A.EDIT_PATHWAYS, pk=_appointment),
    "beneficiaries:appointment_cancel": press(A.EDIT_PATHWAYS, pk=_appointment),
    "beneficiaries:appointment_undo": press(A.EDIT_PATHWAYS, pk=_appointment),
}
