"""A curious or careless user of persons: what a leader reads, stale forms, names left behind."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.core.forms import STALE
from beneficiaries.models import OutcomeSurvey
from tests.factories import beneficiaries as people
from tests.factories import programmes as make


@pytest.fixture
def worker(garden, client_for):
    return client_for(garden.social_worker)


def test_a_leader_reads_neither_where_somebody_comes_from_nor_why_they_left(garden, client_for):
    yesterday = timezone.localdate() - timedelta(days=1)
    person = people.make_person(
        garden.programme,
        left_on=yesterday,
        exit_motive=make.code("exit_motives", "exclusion"),
        referral_source=make.code("referral_sources", "departement"),
        referred_by=make.make_organisation(garden.territory, "Service de probation"),
    )
    path = reverse("beneficiaries:person_enrolments", args=[person.pk])
    social = ("Exclusion", "Département", "Service de probation")
    pages = [
        client_for(user).get(path).content.decode()
        for user in (garden.social_worker, garden.workshop_leader)
    ]
    assert [[words in page for words in social] for page in pages] == [[True] * 3, [False] * 3]


# --- a form opened before its row was there


def test_an_identity_written_meanwhile_is_told_and_nothing_typed_is_lost(garden, worker):
    person = people.make_person(garden.programme)
    path = reverse("beneficiaries:person_identity", args=[person.pk])
    worker.get(path)
    people.make_identity(person, email="zoe@denain.example")
    page = worker.post(path, {"email": "zoe@anzin.example"}).content.decode()
    assert STALE in page
    assert "zoe@denain.example" in page
    assert 'value="zoe@anzin.example"' in page
    assert "obligatoire" not in page


def test_a_survey_opened_meanwhile_is_told(garden, worker):
    edition = make.make_edition(garden.programme, 2020)
    path = reverse("beneficiaries:survey_update", args=[edition.pk])
    worker.get(path)
    OutcomeSurvey.objects.create(edition=edition)
    page = worker.post(path, {"closed_on": "2021-01-15"}).content.decode()
    assert STALE in page
    assert "obligatoire" not in page


# --- names left behind


def test_no_message_about_somebody_is_kept_by_the_browser(garden, worker):
    """A message waits for the next page on the server: a cookie stays on a shared computer."""
    enrolment = garden.somebody.enrolment
    path = reverse("beneficiaries:step_create_many", args=[garden.programme.pk])
    kind = make.code("step_kinds", "bilan_sante").pk
    sent = {"kind": kind, "state": "done", "on": timezone.localdate(), "people": [enrolment.pk]}
    for _ in range(2):
        answer = worker.post(path, sent)
        assert answer.status_code == 302
    assert set(worker.cookies) == {"session"}
    assert enrolment.person.short_name in worker.get(answer.url).content.decode()
