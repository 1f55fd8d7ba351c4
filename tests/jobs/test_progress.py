"""What a running task says of itself."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from autoprod.jobs import progress as module
from autoprod.jobs.exceptions import LeaseLost
from autoprod.jobs.leases import claim
from autoprod.jobs.models import Job
from autoprod.jobs.progress import Run, active_run, current_job, progress
from autoprod.jobs.queue import enqueue_for
from autoprod.jobs.running import run
from tests.factories.accounts import make_user
from tests.harness.queries import max_queries
from tests.jobs import tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def running() -> Run:
    """Return a claimed job as its task sees it, without heartbeat."""
    enqueue_for(make_user(), tasks.add, "Un", left=1, right=1)
    attempt = Run(claim("w"), has_heartbeat=False)
    token = active_run.set(attempt)
    yield attempt
    active_run.reset(token)


def stored() -> tuple[int, int | None, str]:
    """Return the progress in the base."""
    return Job.objects.values_list("progress_done", "progress_total", "progress_label").get()


def test_progress_is_written_and_holds_the_job(running):
    Job.objects.update(lease_until=timezone.now())
    progress(1, 4, "Lecture")
    assert stored() == (1, 4, "Lecture")
    assert Job.objects.get().lease_until > timezone.now() + timedelta(seconds=20)


def test_a_loop_writes_its_steps_and_its_end_not_each_turn(running, monkeypatch):
    monkeypatch.setattr(module, "_SECONDS_BETWEEN_WRITES", 3600)
    with max_queries(3):
        for done in range(1, 501):
            progress(done, 500, "Lecture" if done < 200 else "Contrôle")
    assert stored() == (500, 500, "Contrôle")


def test_a_slow_loop_writes_each_turn(running, monkeypatch):
    monkeypatch.setattr(module, "_SECONDS_BETWEEN_WRITES", 0)
    progress(1, 4, "Lecture")
    progress(2, 4, "Lecture")
    assert stored() == (2, 4, "Lecture")


def test_progress_stops_a_worker_that_was_taken_over(running):
    Job.objects.update(attempts=2)
    with pytest.raises(LeaseLost):
        progress(1, 4)
    assert stored() == (0, None, "")


def test_progress_stops_at_once_when_the_heartbeat_saw_the_loss(running):
    running.is_lost = True
    with max_queries(0), pytest.raises(LeaseLost):
        progress(1, 4)


def test_during_a_transaction_the_heartbeat_is_asked_to_write(running):
    running.has_heartbeat = True
    with transaction.atomic(), max_queries(0):
        progress(1, 4, "Écriture")
    assert running.news.is_set()
    running.write()  # what the heartbeat does, on its own connection
    assert stored() == (1, 4, "Écriture")


@pytest.mark.parametrize(("done", "total"), [(5, 4), (-1, 4)])
def test_an_impossible_progress_is_a_mistake_of_the_task(running, done, total):
    with pytest.raises(ValueError, match=f"{done} out of {total}"):
        progress(done, total)


def test_outside_of_a_job_progress_says_nothing():
    assert current_job() is None
    with max_queries(0):
        progress(1, 2)


def test_a_task_knows_its_owner_and_forgets_it_afterwards():
    owner = make_user()
    job = enqueue_for(owner, tasks.tell_owner, "Qui")
    run(claim("w"), has_heartbeat=False)
    job.refresh_from_db()
    assert job.result == owner.email
    assert current_job() is None
