"""Who may open the addresses of doubles: one line per URL name."""

from autoprod.core.scoping import Action
from beneficiaries.models import NamesakePair
from beneficiaries.services.merges import merge
from programmes.access import scope_of
from tests.access.entries import Entry, fill, press
from tests.factories import beneficiaries as people

A = Action.EDIT_PERSONS


def _one(place, frame):
    return people.make_person(frame.programme)


def _person(place, frame):
    return frame.somebody.person


def _pair(place, frame):
    return NamesakePair.objects.get(first=frame.somebody.person)


def _merge(place, frame):
    scope = scope_of(frame.social_worker)
    return merge(scope=scope, kept=_one(place, frame), absorbed=_one(place, frame))


def _two(place, frame):
    return {"one": _one(place, frame).pk, "other": _one(place, frame).pk}


LINES: dict[str, Entry] = {
    "beneficiaries:double_list": fill(A, data=_two),
    "beneficiaries:double_compare": fill(A, first=_one, second=_one),
    "beneficiaries:double_tell_apart": press(A, first=_person, second=_one),
    "beneficiaries:double_propose_again": press(A, pk=_pair),
    "beneficiaries:merge_undo": press(A, pk=_merge),
}
