"""Taps: written at once, taken back whole, never over what somebody wrote since."""

from datetime import date

import pytest
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from autoprod.core.models import StaleError
from beneficiaries.models import Barrier, Step
from beneficiaries.services import taps
from programmes.access import scope_of
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths

NAMES = ("worked_since", "reassessed_on", "is_worse", "lifted_on")


@pytest.fixture
def scope(garden):
    return scope_of(garden.social_worker)


def undo(scope, row, before, version=None) -> bool:
    return taps.untap(
        scope=scope, row=row, version=str(version or row.version), before=before, names=NAMES
    )


def test_a_tap_gives_back_what_was_there_dates_and_truths(scope, stay):
    barrier = paths.make_barrier(stay, reassessed_on=date(2016, 2, 1), is_worse=True)
    values = {"reassessed_on": date(2016, 3, 1), "is_worse": False, "worked_since": None}
    before = taps.tap(scope=scope, row=barrier, values=values)
    assert before == {"reassessed_on": "2016-02-01", "is_worse": "True"}
    assert AuditEvent.objects.first().changed == ["is_worse", "reassessed_on"]
    assert undo(scope, barrier, before)
    kept = Barrier.objects.get(pk=barrier.pk)
    assert (kept.reassessed_on, kept.is_worse, kept.worked_since) == (date(2016, 2, 1), True, None)


def test_what_is_there_already_is_not_written(scope, stay):
    barrier = paths.make_barrier(stay, lifted_on=date(2016, 2, 1))
    assert taps.tap(scope=scope, row=barrier, values={"lifted_on": date(2016, 2, 1)}) == {}
    assert Barrier.objects.get(pk=barrier.pk).version == 1
    assert not AuditEvent.objects.exists()


def test_two_taps_at_once_do_not_both_write(scope, stay):
    barrier = paths.make_barrier(stay)
    late = Barrier.objects.get(pk=barrier.pk)
    today = timezone.localdate()
    taps.tap(scope=scope, row=barrier, values={"worked_since": today})
    with pytest.raises(StaleError):
        taps.tap(scope=scope, row=late, values={"lifted_on": today})


@pytest.mark.parametrize(
    "before",
    [
        {},
        {"identified_on": "2016-01-01"},
        {"lifted_on": "hier"},
        {"lifted_on": "1999-01-01"},
        {"enrolment": "1"},
        {"version": "1"},
    ],
)
def test_nothing_else_is_put_back(scope, stay, before):
    """A forged undo writes no other field, no text for a day, nothing the base refuses."""
    barrier = paths.make_barrier(stay)
    assert not undo(scope, barrier, before)
    assert Barrier.objects.get(pk=barrier.pk).version == 1


def test_what_moved_since_stays(scope, stay):
    barrier = paths.make_barrier(stay)
    before = taps.tap(scope=scope, row=barrier, values={"lifted_on": timezone.localdate()})
    tapped = barrier.version
    barrier.worked_since = barrier.identified_on
    barrier.save()
    assert not undo(scope, barrier, before, version=tapped)
    assert not taps.take_away(scope=scope, row=barrier, version=str(tapped))
    assert Barrier.objects.get(pk=barrier.pk).lifted_on


def test_a_start_that_an_end_rests_on_is_not_taken_back(scope, stay):
    step = people.make_step(stay, done_on=timezone.localdate())
    names = ("started_on", "done_on")
    sent = {"scope": scope, "row": step, "version": "1", "names": names}
    assert not taps.untap(before={"started_on": ""}, **sent)
    assert Step.objects.get(pk=step.pk).started_on


def test_what_a_tap_added_goes_with_its_trace(scope, stay):
    barrier = paths.make_barrier(stay)
    assert taps.take_away(scope=scope, row=barrier, version="1")
    assert not Barrier.objects.filter(pk=barrier.pk).exists()
    assert AuditEvent.objects.first().verb == "delete"
