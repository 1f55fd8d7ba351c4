"""The bench of taps: a tap answered that the base does not hold is told; both sides write alike."""

from uuid import uuid4

import pytest
from django.test import Client

from autoprod.accounts.models import User
from beneficiaries.models import Attendance
from evaluation.management.bench.taps import Answer, TapWorld, bare_taps, lost


@pytest.fixture
def world(db) -> TapWorld:
    return TapWorld(leaders=1, persons=3)


@pytest.fixture
def answers(world) -> list[Answer]:
    """Return what a leader was answered: three ticked, the last of them changed."""
    (sheet,), browser = world.sheets(1), Client()
    browser.force_login(
        User.objects.get(email=world.emails[0]),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    asked = [Answer(sheet, key, "present", uuid4()) for key in world.enrolments]
    asked.append(Answer(sheet, world.enrolments[-1], "absent", uuid4()))
    for number, tap in enumerate(asked):
        sent = {"status": tap.status, "version": number // 3, "client_uuid": tap.mark}
        sent["current_site"] = world.site.pk
        path = f"/seances/{sheet}/pointer/{tap.enrolment}/"
        assert browser.post(path, sent, headers={"HX-Request": "true"}).status_code == 200
    return asked


def test_taps_answered_are_all_found(answers):
    assert lost(answers) == []


@pytest.mark.parametrize("harm", ["deleted", "doubled", "said otherwise", "marked otherwise"])
def test_a_tap_that_is_missing_is_told(answers, harm):
    rows = Attendance.objects.filter(client_uuid=answers[0].mark)
    if harm == "deleted":
        rows.delete()
    elif harm == "doubled":
        line = rows.get()
        line.pk, line.client_uuid, line.starts_at = None, uuid4(), line.starts_at.replace(minute=1)
        Attendance.objects.bulk_create([line])
    elif harm == "said otherwise":
        rows.update(status="absent", minutes=0)
    else:
        rows.update(client_uuid=uuid4())
    assert lost(answers) == [answers[0].mark]


def test_bare_statements_write_what_taps_write(world, answers):
    """Otherwise the ratio would compare two different things."""
    (sheet,) = world.sheets(1)
    spent = bare_taps(sheet, world.site.pk, world.enrolments)
    assert len(spent) == 2 * len(world.enrolments)
    names = ("enrolment", "site", "status", "minutes", "version", "reason")
    changed = Attendance.objects.filter(client_uuid=answers[-1].mark).values(*names)
    written = Attendance.objects.filter(session=sheet).order_by("enrolment").values(*names)
    assert len(written) == 3
    assert written[2] == changed[0]
