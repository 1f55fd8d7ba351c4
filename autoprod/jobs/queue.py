"""What the rest of the house calls: ask for a job, ask again, remove, purge."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task, task_backends
from django_tasks.backends.immediate import ImmediateBackend
from django_tasks.base import Task

from autoprod.accounts.models import User
from autoprod.jobs.backend import DatabaseBackend, attempts_of, new_job
from autoprod.jobs.enums import JobStatus
from autoprod.jobs.models import FOLDER, Job
from autoprod.jobs.running import run_now

#: A file younger than this may belong to a job that is about to be marked done.
_ORPHAN_AGE = timedelta(days=1)


@task()
def run_job(key: int) -> None:
    """Run a job on an engine that is not ours: the engine carries the key, the row the rest."""
    run_now(key, "engine")


def enqueue_for(user: User | None, asked: Task, label: str, /, **kwargs: Any) -> Job:
    """Ask for a task on behalf of a user and return its job; `label` is what their page says.

    The task is given nothing of the user's rights: it recomputes them when it runs. None is for
    commands run on the machine.
    """
    job = new_job(asked, kwargs=kwargs, run_after=asked.run_after, owner=user, label=label)
    _hand_over(job)
    return job


def retry(job: Job) -> bool:
    """Put a failed job back; tell whether it was failed. `attempts` goes on: it never repeats."""
    failed = Job.objects.filter(pk=job.pk, status=JobStatus.FAILED)
    again = failed.update(
        status=JobStatus.READY,
        attempts_allowed=F("attempts") + attempts_of(job.backend),
        run_after=None,
        started_at=None,
        finished_at=None,
        keep_until=None,
        progress_done=0,
        progress_total=None,
        progress_label="",
        error_type="",
        error_message="",
        error_place="",
    )
    if again:
        _hand_over(job)
    return bool(again)


def _hand_over(job: Job) -> None:
    """Tell the engine; ours reads the row, an immediate one runs it before this returns."""
    backend = task_backends[job.backend]
    if isinstance(backend, DatabaseBackend):
        if backend.is_immediate:
            run_now(job.pk, "immediate")
    elif isinstance(backend, ImmediateBackend):
        run_job.using(backend=job.backend).enqueue(job.pk)
    else:
        transaction.on_commit(lambda: run_job.using(backend=job.backend).enqueue(job.pk))
    job.refresh_from_db()


@transaction.atomic
def remove(job: Job) -> None:
    """Delete a job and its file; a worker that was doing it stops and leaves nothing behind."""
    storage, name = job.result_file.storage, job.result_file.name
    job.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def purge_jobs(at: datetime | None = None) -> int:
    """Remove the finished jobs kept long enough, and files no job names; return how many jobs."""
    at = at or timezone.now()
    expired = list(Job.objects.expired(at))
    for job in expired:
        remove(job)
    _remove_orphans(at)
    return len(expired)


def _remove_orphans(at: datetime) -> None:
    storage = Job._meta.get_field("result_file").storage
    try:
        names = [f"{FOLDER}/{name}" for name in storage.listdir(FOLDER)[1]]
    except FileNotFoundError:
        return  # no job has made a file yet
    known = set(Job.objects.exclude(result_file="").values_list("result_file", flat=True))
    for name in names:
        # Another worker may be purging too.
        with suppress(FileNotFoundError):
            if name not in known and storage.get_modified_time(name) < at - _ORPHAN_AGE:
                storage.delete(name)
