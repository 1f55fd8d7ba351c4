"""Who holds a job, and what becomes of it."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from autoprod.jobs.enums import JobStatus
from autoprod.jobs.exceptions import LeaseLost
from autoprod.jobs.leases import claim, complete, extend, fail
from autoprod.jobs.models import Job
from autoprod.jobs.queue import enqueue_for, retry
from autoprod.jobs.results import Completed, ResultFile
from autoprod.jobs.running import OWNER_CLOSED, run
from tests.factories.accounts import make_user
from tests.jobs import tasks

pytestmark = pytest.mark.django_db


def let_lease_expire(job: Job) -> None:
    """Make the job look as if its worker had stopped giving signs of life."""
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def run_next(worker: str = "w") -> Job:
    """Do the next due job and return it as stored."""
    job = claim(worker)
    run(job, has_heartbeat=False)
    job.refresh_from_db()
    return job


def traces(key: str) -> int:
    """Count the rows that `tasks.trace` wrote."""
    return AuditEvent.objects.filter(object_kind="trace", object_key=key).count()


def test_the_oldest_job_is_claimed_first_and_only_once():
    first = enqueue_for(None, tasks.add, "Un", left=1, right=1)
    second = enqueue_for(None, tasks.add, "Deux", left=2, right=2)
    assert [claim("a").pk, claim("b").pk] == [first.pk, second.pk]
    assert claim("c") is None


def test_a_claim_based_on_an_old_reading_takes_nothing(monkeypatch):
    job = enqueue_for(None, tasks.add, "Un", left=1, right=1)
    reading = Job.objects.get(pk=job.pk)
    claim("fast")
    let_lease_expire(job)
    claim("second")
    let_lease_expire(job)
    # What a slow worker read before both: due again, but with another number of attempts.
    monkeypatch.setattr("autoprod.jobs.models.JobQuerySet.__getitem__", lambda *_: [reading])
    assert claim("slow") is None


def test_a_lease_renewed_since_it_was_read_is_respected(monkeypatch):
    job = enqueue_for(None, tasks.add, "Un", left=1, right=1)
    alive = claim("alive")
    let_lease_expire(job)
    reading = Job.objects.get(pk=job.pk)
    extend(alive)
    monkeypatch.setattr("autoprod.jobs.models.JobQuerySet.__getitem__", lambda *_: [reading])
    assert claim("hasty") is None


def test_a_job_whose_worker_is_silent_is_claimed_again():
    job = enqueue_for(None, tasks.add, "Un", left=1, right=1)
    claim("dead")
    assert claim("next") is None
    let_lease_expire(job)
    again = claim("next")
    assert (again.pk, again.attempts, again.worker_ids) == (job.pk, 2, ["dead", "next"])


def test_a_job_asked_for_later_waits_for_its_time():
    later = timezone.now() + timedelta(hours=1)
    tasks.add.using(run_after=later).enqueue(1, 2)
    assert claim("w") is None
    Job.objects.update(run_after=timezone.now())
    assert claim("w") is not None


def test_a_job_is_done_with_its_result():
    enqueue_for(None, tasks.add, "Addition", left=2, right=3)
    job = run_next()
    assert (job.status, job.result, job.lease_until) == (JobStatus.SUCCESSFUL, 5, None)
    assert job.keep_until - job.finished_at == timedelta(days=7)


def test_effects_and_completion_commit_together():
    enqueue_for(None, tasks.trace, "Trace", key="together")
    job = run_next()
    assert job.result == {"Traces": 1}
    assert traces("together") == 1


def test_effects_of_a_failed_attempt_are_undone():
    enqueue_for(None, tasks.trace_then_break, "Trace", key="undone")
    job = run_next()
    assert job.status == JobStatus.READY
    assert traces("undone") == 0


def test_a_worker_taken_over_can_neither_complete_nor_extend_nor_fail():
    enqueue_for(None, tasks.trace, "Trace", key="zombie")
    zombie = claim("zombie")
    let_lease_expire(zombie)
    heir = claim("heir")
    effects = tasks.trace.func("zombie")
    with pytest.raises(LeaseLost), transaction.atomic():
        complete(zombie, effects)
    with pytest.raises(LeaseLost):
        extend(zombie)
    assert fail(zombie, ValueError()) is False
    assert traces("zombie") == 0
    complete(heir, effects)
    assert traces("zombie") == 1


def test_a_job_done_cannot_be_done_again():
    enqueue_for(None, tasks.trace, "Trace", key="twice")
    job = claim("w")
    complete(job, tasks.trace.func("twice"))
    with pytest.raises(LeaseLost):
        complete(job, tasks.trace.func("twice"))
    assert traces("twice") == 1


def test_a_worker_whose_job_was_deleted_writes_nothing():
    enqueue_for(None, tasks.trace, "Trace", key="deleted")
    job = claim("w")
    Job.objects.all().delete()
    run(job, has_heartbeat=False)
    assert traces("deleted") == 0


def test_a_failing_job_is_tried_three_times_then_fails(settings):
    settings.JOB_MAX_ATTEMPTS, settings.JOB_RETRY_SECONDS = 3, 0
    enqueue_for(None, tasks.break_with_a_name, "Inscription")
    seen = [run_next().status for _ in range(3)]
    assert seen == [JobStatus.READY, JobStatus.READY, JobStatus.FAILED]
    assert claim("w") is None


def test_a_failed_attempt_waits_longer_each_time(settings):
    settings.JOB_RETRY_SECONDS = 10
    enqueue_for(None, tasks.break_with_a_name, "Inscription")
    delays = []
    for _ in range(2):
        Job.objects.update(run_after=None)
        before = timezone.now()
        delays.append(round((run_next().run_after - before).total_seconds()))
    assert delays == [10, 20]


def test_an_error_keeps_its_type_and_place_and_never_what_was_typed(settings):
    settings.JOB_MAX_ATTEMPTS = 1
    enqueue_for(None, tasks.break_with_a_name, "Inscription")
    job = run_next()
    assert job.error_type == "builtins.ValueError"
    assert job.error_place.startswith("tests.jobs.tasks:")
    assert "Durand" not in job.error_message
    assert "Relancez" in job.error_message


def test_the_log_names_nobody(caplog):
    owner = make_user("Odile", "Sarrazin")
    enqueue_for(owner, tasks.break_with_a_name, "Inscription de Madame Durand")
    with caplog.at_level("INFO", logger="autoprod"):
        run(claim("w"), has_heartbeat=False)
    assert "ValueError at tests.jobs.tasks:" in caplog.text
    assert not any(name in caplog.text for name in ("Durand", "Sarrazin", owner.email))


def test_a_refusal_is_final_and_said_in_its_own_words():
    enqueue_for(None, tasks.refuse, "Import")
    job = run_next()
    assert (job.status, job.attempts) == (JobStatus.FAILED, 1)
    assert job.error_message == "Ce classeur n’a pas de feuille « Jardins »."


def test_a_job_whose_workers_all_died_is_closed(settings):
    settings.JOB_MAX_ATTEMPTS = 2
    job = enqueue_for(None, tasks.add, "Un", left=1, right=1)
    for _ in range(2):
        claim("dead")
        let_lease_expire(job)
    assert claim("next") is None
    job.refresh_from_db()
    assert (job.status, job.lease_until) == (JobStatus.FAILED, None)
    assert "interrompu" in job.error_message


def test_a_job_of_an_inactive_owner_is_refused():
    owner = make_user()
    enqueue_for(owner, tasks.trace, "Trace", key="closed")
    owner.is_active = False
    owner.save()
    job = run_next()
    assert (job.status, job.error_message) == (JobStatus.FAILED, OWNER_CLOSED)
    assert traces("closed") == 0


def test_the_path_of_something_else_than_a_task_is_an_error(settings):
    settings.JOB_MAX_ATTEMPTS = 1
    job = enqueue_for(None, tasks.add, "Un", left=1, right=1)
    Job.objects.update(task="os.getcwd")
    run(claim("w"), has_heartbeat=False)
    job.refresh_from_db()
    assert (job.status, job.error_type) == (JobStatus.FAILED, "builtins.TypeError")


def test_a_retried_job_never_reuses_a_number_of_attempt(settings):
    settings.JOB_MAX_ATTEMPTS = 1
    job = enqueue_for(None, tasks.break_with_a_name, "Inscription")
    zombie = claim("zombie")
    fail(zombie, ValueError())
    assert retry(job) is True
    again = claim("again")
    assert (again.attempts, again.attempts_allowed) == (2, 2)
    with pytest.raises(LeaseLost):
        complete(zombie, Completed())


def test_only_a_failed_job_is_retried():
    job = enqueue_for(None, tasks.add, "Un", left=1, right=1)
    assert retry(job) is False
    job.refresh_from_db()
    assert job.status == JobStatus.READY


def test_a_result_file_has_a_random_name_and_remembers_its_own():
    enqueue_for(None, tasks.add, "Export", left=1, right=1)
    job = claim("w")
    complete(job, Completed(file=ResultFile("sites.csv", b"nom\n")))
    job.refresh_from_db()
    assert job.result_name == "sites.csv"
    assert "sites" not in job.result_file.name
    assert job.result_file.read() == b"nom\n"
    job.result_file.close()
