"""Who may open the addresses of the FSE+ questionnaire: one line per URL name."""

from autoprod.core.scoping import Action
from beneficiaries.models import Enrolment
from programmes.models import Edition
from tests.access.entries import Entry, fill, see
from tests.factories import programmes as make

A = Action


def _operation(place, frame):
    rows = Edition.objects.filter(pk=frame.edition.pk)
    rows.update(operation_number="202600123", starts_on=make.LONG_AGO)
    return frame.edition


def _person(place, frame):
    return frame.somebody.person


def _left(place, frame):
    rows = Enrolment.objects.filter(pk=frame.somebody.enrolment.pk)
    rows.update(left_on=make.yesterday())
    return frame.somebody.person


LINES: dict[str, Entry] = {
    "beneficiaries:fse_update": fill(A.EDIT_PERSONS, parent=_person, edition=_operation),
    "beneficiaries:fse_exit": fill(A.EDIT_PERSONS, parent=_left, edition=_operation),
    "beneficiaries:fse_list": see(A.VIEW_FSE, edition=_operation),
}
