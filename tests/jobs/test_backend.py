"""The standard Tasks interface, whatever the engine named in the settings."""

import pytest
from django.db import transaction
from django_tasks import TaskResultStatus, default_task_backend
from django_tasks.exceptions import TaskResultDoesNotExist, TaskResultMismatch

from autoprod.audit.models import AuditEvent
from autoprod.jobs.backend import worked_backends
from autoprod.jobs.enums import JobStatus
from autoprod.jobs.leases import claim
from autoprod.jobs.models import Job
from autoprod.jobs.queue import enqueue_for, retry
from autoprod.jobs.running import run
from tests.factories.accounts import make_user
from tests.jobs import tasks

pytestmark = pytest.mark.django_db

OURS = "autoprod.jobs.backend.DatabaseBackend"
IMMEDIATE = {"default": {"BACKEND": OURS, "OPTIONS": {"IMMEDIATE": True}}}
STOCK_IMMEDIATE = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
STOCK_DUMMY = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


@pytest.fixture(params=[IMMEDIATE, STOCK_IMMEDIATE], ids=["ours", "stock"])
def immediate(request, settings):
    """Name an engine that runs jobs at once."""
    settings.TASKS = request.param


def test_an_enqueued_task_is_a_row_then_a_result():
    result = tasks.add.enqueue(2, right=3)
    assert (result.status, result.is_finished) == (TaskResultStatus.READY, False)
    run(claim("w"), has_heartbeat=False)
    result.refresh()
    assert (result.status, result.return_value) == (TaskResultStatus.SUCCESSFUL, 5)
    assert result.worker_ids == ["w"]


def test_a_result_is_found_again_by_its_own_task_only():
    key = tasks.add.enqueue(1, 1).id
    assert tasks.add.get_result(key).args == [1, 1]
    with pytest.raises(TaskResultMismatch):
        tasks.trace.get_result(key)
    for unknown in ("0", "x"):
        with pytest.raises(TaskResultDoesNotExist):
            tasks.add.get_result(unknown)


def test_a_failed_task_tells_its_exception():
    result = tasks.refuse.enqueue()
    run(claim("w"), has_heartbeat=False)
    result.refresh()
    assert result.status == TaskResultStatus.FAILED
    assert [error.exception_class.__name__ for error in result.errors] == ["JobError"]


def test_the_standard_context_counts_attempts():
    result = tasks.tell_attempt.enqueue()
    Job.objects.update(attempts=1, worker_ids=["before"])
    run(claim("w"), has_heartbeat=False)
    result.refresh()
    assert result.return_value == 2


def test_an_argument_that_is_not_plain_data_is_refused():
    with pytest.raises(TypeError):
        enqueue_for(None, tasks.add, "Un", left=object(), right=1)
    assert not Job.objects.exists()


def test_a_rolled_back_transaction_leaves_no_job():
    with transaction.atomic():
        enqueue_for(None, tasks.add, "Un", left=1, right=1)
        transaction.set_rollback(True)
    assert claim("w") is None


def test_an_immediate_engine_gives_a_finished_job(immediate):
    owner = make_user()
    job = enqueue_for(owner, tasks.trace, "Trace", key="now")
    assert (job.owner, job.label, job.status) == (owner, "Trace", JobStatus.SUCCESSFUL)
    assert job.result == {"Traces": 1}
    assert AuditEvent.objects.filter(object_key="now").count() == 1


@pytest.mark.parametrize("broken", [tasks.trace_then_break, tasks.trace_in_body_then_break])
def test_an_immediate_engine_tries_once_and_spoils_no_transaction(immediate, broken):
    with transaction.atomic():
        job = enqueue_for(None, broken, "Trace", key="broken")
        kept = make_user()
    assert (job.status, job.attempts) == (JobStatus.FAILED, 1)
    kept.refresh_from_db()
    assert not AuditEvent.objects.filter(object_key="broken").exists()


def test_a_failed_job_is_retried_on_an_immediate_engine(immediate):
    job = enqueue_for(None, tasks.refuse, "Import")
    assert retry(job) is True
    job.refresh_from_db()
    assert (job.status, job.attempts) == (JobStatus.FAILED, 2)


def test_the_immediate_engine_also_serves_direct_calls(settings):
    settings.TASKS = IMMEDIATE
    assert tasks.add.enqueue(1, 2).return_value == 3


def test_another_engine_is_told_once_the_transaction_commits(
    settings, django_capture_on_commit_callbacks
):
    settings.TASKS = STOCK_DUMMY
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        job = enqueue_for(None, tasks.add, "Un", left=1, right=2)
    assert default_task_backend.results == []
    for callback in callbacks:
        callback()
    (carried,) = default_task_backend.results
    carried.task.call(*carried.args)
    job.refresh_from_db()
    assert (job.status, job.result) == (JobStatus.SUCCESSFUL, 3)


def test_a_worker_leaves_the_jobs_of_another_engine(settings):
    settings.TASKS = {"default": {"BACKEND": OURS}, "other": STOCK_DUMMY["default"]}
    enqueue_for(None, tasks.add.using(backend="other"), "Ailleurs", left=1, right=2)
    assert worked_backends() == {"default"}
    assert claim("w", backends=worked_backends()) is None
    mine = enqueue_for(None, tasks.add, "Ici", left=1, right=2)
    assert claim("w", backends=worked_backends()).pk == mine.pk
