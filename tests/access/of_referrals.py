"""Who may open the addresses of referrals and their answers: one line per URL name."""

from autoprod.core.scoping import Action
from beneficiaries.enums import ReferralAnswerKind
from beneficiaries.models import ReferralAnswer
from tests.access.entries import Entry, fill, press, see
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths

A = Action


def _enrolment(place, frame):
    return frame.somebody.enrolment


def _referral(place, frame):
    return paths.make_referral(people.enrolment_of(people.make_person(frame.programme)))


def _answer(place, frame):
    return ReferralAnswer.objects.get(referral=frame.somebody.referral)


def _started(place, frame):
    return ReferralAnswerKind.STARTED.value


def _programme(place, frame):
    return frame.programme


def _csv(place, frame):
    return "csv"


_ANSWER = {"enrolment": _enrolment, "kind": _started}

LINES: dict[str, Entry] = {
    "beneficiaries:referral_update": fill(A.EDIT_PATHWAYS, enrolment=_enrolment),
    "beneficiaries:referral_delete": fill(A.EDIT_PATHWAYS, pk=_referral),
    # Answers to the prescriber
    "beneficiaries:answer_create": fill(A.EDIT_PATHWAYS, **_ANSWER),
    "beneficiaries:answer_today": press(A.EDIT_PATHWAYS, **_ANSWER),
    "beneficiaries:answer_undo": press(A.EDIT_PATHWAYS, pk=_answer),
    "beneficiaries:answer_letter": see(A.VIEW_PATHWAYS, pk=_answer),
    # Who waits
    "beneficiaries:waiting_list": see(A.EDIT_PERSONS, programme=_programme),
    "beneficiaries:waiting_list_export": see(A.EDIT_PERSONS, programme=_programme, kind=_csv),
}
