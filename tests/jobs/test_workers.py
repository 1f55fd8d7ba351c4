"""Worker processes: killed, suspended, told to stop, several at once."""

import signal

import pytest
from django.db import connections
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from autoprod.jobs.enums import JobStatus
from autoprod.jobs.models import Job
from autoprod.jobs.queue import enqueue_for
from tests.jobs import tasks
from tests.jobs.waiting import wait_until
from tests.jobs.workers import ALIAS, Gate, kill, wait_status

pytestmark = pytest.mark.server


def traces(key: str) -> int:
    """Count the rows that a task wrote."""
    return AuditEvent.objects.filter(object_kind="trace", object_key=key).count()


def test_a_job_killed_in_the_middle_is_finished_once_by_the_next_worker(workers, tmp_path):
    gate = Gate(tmp_path, "body")
    job = enqueue_for(None, tasks.gated_trace, "Trace", key="killed", gate=str(tmp_path))
    victim = workers.start()
    gate.wait_reached()
    kill(victim)
    job.refresh_from_db()
    assert job.status == JobStatus.RUNNING
    gate.open()
    workers.start()
    job = wait_status(job, JobStatus.SUCCESSFUL)
    assert job.attempts == 2
    assert traces("killed") == 1


def test_a_job_killed_while_it_writes_leaves_nothing_half_written(workers, tmp_path):
    gate = Gate(tmp_path, "effects")
    job = enqueue_for(None, tasks.gated_effects, "Trace", key="written", gate=str(tmp_path))
    victim = workers.start()
    gate.wait_reached()
    kill(victim)
    assert traces("written") == 0
    gate.open()
    workers.start()
    assert wait_status(job, JobStatus.SUCCESSFUL).attempts == 2
    assert traces("written") == 1


def test_a_suspended_worker_cannot_finish_a_job_another_has_done(workers, tmp_path):
    gate = Gate(tmp_path, "body")
    job = enqueue_for(None, tasks.gated_trace, "Trace", key="frozen", gate=str(tmp_path))
    frozen = workers.start("--once")
    gate.wait_reached()
    frozen.send_signal(signal.SIGSTOP)
    gate.open()
    heir = workers.start()
    done = wait_status(job, JobStatus.SUCCESSFUL)
    frozen.send_signal(signal.SIGCONT)
    assert frozen.wait(timeout=30) == 0
    job.refresh_from_db()
    assert (job.attempts, job.finished_at) == (2, done.finished_at)
    assert traces("frozen") == 1
    assert "attempt 1: lost" in workers.logs()
    assert heir.poll() is None


def test_two_workers_do_fifty_jobs_once_each(workers):
    keys = [f"fifty-{number}" for number in range(50)]
    for _ in range(2):
        workers.start()
    wait_until(lambda: workers.logs().count("ready") == 2, "both workers to be ready")
    for key in keys:
        enqueue_for(None, tasks.trace, key, key=key)
    finished = Job.objects.filter(finished_at__isnull=False)
    wait_until(lambda: finished.count() == 50, "fifty jobs to be finished")
    assert set(Job.objects.values_list("status", "attempts")) == {(JobStatus.SUCCESSFUL, 1)}
    assert [traces(key) for key in keys] == [1] * 50
    names = {name for (name,) in Job.objects.values_list("worker_ids", flat=True)}
    assert len(names) == 2, "one worker did everything: nothing was tested"


def test_sigterm_lets_the_current_job_end_and_starts_no_other(workers, tmp_path):
    gate = Gate(tmp_path, "body")
    current = enqueue_for(None, tasks.gated_trace, "Trace", key="last", gate=str(tmp_path))
    waiting = enqueue_for(None, tasks.trace, "Trace", key="later")
    process = workers.start()
    gate.wait_reached()
    process.send_signal(signal.SIGTERM)
    gate.open()
    assert process.wait(timeout=30) == 0
    current.refresh_from_db()
    waiting.refresh_from_db()
    assert (current.status, waiting.status) == (JobStatus.SUCCESSFUL, JobStatus.READY)


def test_sigterm_stops_an_idle_worker_without_waiting(workers):
    process = workers.start()
    wait_until(lambda: "ready" in workers.logs(), "the worker to be ready")
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=5) == 0
    assert "stopped" in workers.logs()


def test_progress_is_readable_while_the_job_runs(workers, tmp_path):
    gate = Gate(tmp_path, "body")
    job = enqueue_for(None, tasks.gated_trace, "Trace", key="seen", gate=str(tmp_path))
    workers.start("--once")
    gate.wait_reached()
    job.refresh_from_db()
    seen = (job.status, job.progress_done, job.progress_total, job.progress_label)
    assert seen == (JobStatus.RUNNING, 1, 3, "Lecture du fichier")
    gate.open()
    wait_status(job, JobStatus.SUCCESSFUL)


def test_progress_is_readable_during_a_long_write(workers, tmp_path):
    if connections[ALIAS].vendor == "sqlite":
        pytest.skip("SQLite has one writer: the progress waits for the end of the write")
    gate = Gate(tmp_path, "effects")
    job = enqueue_for(None, tasks.gated_effects, "Trace", key="long", gate=str(tmp_path))
    workers.start("--once")
    gate.wait_reached()
    wait_until(lambda: Job.objects.get().progress_done == 2, "the progress of the write")
    assert traces("long") == 0
    gate.open()
    wait_status(job, JobStatus.SUCCESSFUL)


def test_a_job_longer_than_its_lease_is_not_taken_from_a_living_worker(workers, tmp_path):
    gate = Gate(tmp_path, "body")
    job = enqueue_for(None, tasks.gated_trace, "Trace", key="alive", gate=str(tmp_path))
    for _ in range(2):
        workers.start()
    gate.wait_reached()
    job.refresh_from_db()
    first_lease = job.lease_until
    wait_until(lambda: timezone.now() > first_lease, "the first lease to be over")
    gate.open()
    assert wait_status(job, JobStatus.SUCCESSFUL).attempts == 1
    assert traces("alive") == 1


def test_burst_does_what_is_due_then_ends(workers):
    for number in range(3):
        enqueue_for(None, tasks.add, "Somme", left=number, right=1)
    assert workers.start("--burst").wait(timeout=30) == 0
    assert Job.objects.filter(status=JobStatus.SUCCESSFUL).count() == 3


def test_once_does_one_job(workers):
    for number in range(2):
        enqueue_for(None, tasks.add, "Somme", left=number, right=1)
    assert workers.start("--once").wait(timeout=30) == 0
    assert Job.objects.filter(status=JobStatus.SUCCESSFUL).count() == 1
