"""What the base refuses to store about a job."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus

from autoprod.jobs.enums import JobStatus
from autoprod.jobs.models import Job
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db

NOW = timezone.now()
FINISHED = {"finished_at": NOW, "keep_until": NOW + timedelta(days=7)}
RUNNING = {"status": "RUNNING", "attempts": 1, "started_at": NOW, "lease_until": NOW}


def make_job(**columns) -> Job:
    """Return a job whose task is never called."""
    return Job.objects.create(**{"label": "Un", "task": "x", "attempts_allowed": 3} | columns)


@pytest.mark.parametrize(
    ("rule", "columns"),
    [
        ("status_known", {"status": "PAUSED"}),
        ("progress_bounded", {"progress_done": 3, "progress_total": 2}),
        ("attempts_bounded", {"attempts": 4}),
        ("running_leased", RUNNING | {"lease_until": None}),
        ("running_leased", RUNNING | {"attempts": 0}),
        ("running_leased", {"status": "READY", "lease_until": NOW}),
        ("finished_dated", {"status": "SUCCESSFUL"}),
        ("finished_dated", {"status": "READY"} | FINISHED),
        ("finished_dated", {"status": "SUCCESSFUL", "finished_at": NOW, "keep_until": None}),
        ("failed_explained", {"status": "FAILED"} | FINISHED),
        ("result_when_successful", {"status": "READY", "result": 4}),
        ("file_named", {"status": "SUCCESSFUL", "result_file": "jobs/x"} | FINISHED),
    ],
)
def test_the_base_refuses(rule, columns):
    with pytest.raises(IntegrityError, match=f"jobs_job_{rule}"), transaction.atomic():
        make_job(**columns)


@pytest.mark.parametrize(
    "columns",
    [
        {},
        RUNNING | {"progress_done": 2, "progress_total": 2},
        {"status": "SUCCESSFUL", "result": {"Fiches": 2}} | FINISHED,
        {"status": "FAILED", "error_type": "builtins.ValueError"} | FINISHED,
    ],
)
def test_the_base_accepts(columns):
    assert make_job(**columns).pk


def test_a_job_of_nobody_is_owned_by_nobody():
    make_job()
    mine = make_job(owner=(user := make_user()))
    assert list(Job.objects.owned_by(user)) == [mine]
    assert list(Job.objects.owned_by(make_user())) == []


def test_results_of_another_form_are_not_listed():
    assert Job(result=[1, 2]).result_items == []
    assert Job(result={"Fiches": 2}).result_items == [("Fiches", 2)]


def test_the_states_are_those_of_the_tasks_interface():
    assert set(JobStatus.values) == set(TaskResultStatus.values)
