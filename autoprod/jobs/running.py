"""Runs one claimed job: calls its task, keeps it held, closes it."""

import logging
import time
from contextlib import nullcontext
from typing import Any

from django.db import close_old_connections, connection, transaction
from django_tasks import TaskContext

from autoprod.jobs.exceptions import JobError, LeaseLost
from autoprod.jobs.heartbeat import Heartbeat
from autoprod.jobs.leases import claim, complete, fail, place_of
from autoprod.jobs.models import Job
from autoprod.jobs.progress import Run, active_run
from autoprod.jobs.results import Completed, task_of, task_result

logger = logging.getLogger(__name__)

OWNER_CLOSED = "Le compte qui a demandé ce travail est fermé."


def run(job: Job, *, has_heartbeat: bool = True) -> None:
    """Do a claimed job and close it: done, put back for another attempt, or failed.

    A task's exception is never raised: it is the job's error. The log has keys, no name.
    """
    started = time.monotonic()
    attempt = Run(job, has_heartbeat)
    token = active_run.set(attempt)
    try:
        with Heartbeat(attempt) if has_heartbeat else nullcontext():
            complete(job, _call(job))
        outcome = "done"
    except LeaseLost:
        outcome = "lost"
    except Exception as error:  # noqa: BLE001 - whatever a task raises is its job's error
        if has_heartbeat:
            close_old_connections()
        kept = fail(job, error)
        outcome = f"{type(error).__name__} at {place_of(error)}" if kept else "lost"
    finally:
        active_run.reset(token)
    milliseconds = round((time.monotonic() - started) * 1000)
    logger.info(
        "job %s %s attempt %s: %s, %s ms", job.pk, job.task, job.attempts, outcome, milliseconds
    )


def _call(job: Job) -> Completed:
    if job.owner_id and not job.owner.is_active:
        raise JobError(OWNER_CLOSED)
    task = task_of(job)
    context: list[Any] = [TaskContext(task_result=task_result(job))] if task.takes_context else []
    # Inside somebody's transaction (immediate engine), a failed task must not spoil it.
    with transaction.atomic() if connection.in_atomic_block else nullcontext():
        return Completed.of(task.call(*context, *job.args, **job.kwargs))


def run_now(key: int, worker: str) -> None:
    """Run a job in the caller's thread, without heartbeat; nothing when it is not to be run."""
    if job := claim(worker, key=key):
        run(job, has_heartbeat=False)
