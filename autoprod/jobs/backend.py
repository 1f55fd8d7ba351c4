"""The database as an engine of the standard Tasks interface."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django_tasks import TaskResult, task_backends
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task
from django_tasks.exceptions import TaskResultDoesNotExist
from django_tasks.utils import normalize_json

from autoprod.jobs import limits
from autoprod.jobs.models import Job
from autoprod.jobs.results import task_result
from autoprod.jobs.running import run_now


class DatabaseBackend(BaseTaskBackend):
    """A job is a row; `manage.py run_worker` does it.

    Being a row, a job enqueued in a transaction exists when it commits, and never otherwise.
    `OPTIONS: {"IMMEDIATE": True}` runs it at once instead, in the caller's thread.
    """

    supports_defer = True
    supports_get_result = True

    @property
    def is_immediate(self) -> bool:
        """Tell whether jobs run when they are enqueued."""
        return bool(self.options.get("IMMEDIATE"))

    def enqueue(self, task: Task, args: Sequence, kwargs: Mapping[str, Any]) -> TaskResult:
        """Add a job without owner, labelled by its task's name, and return its state."""
        self.validate_task(task)
        job = new_job(task, args=args, kwargs=kwargs, run_after=task.run_after)
        if self.is_immediate and not task.run_after:
            run_now(job.pk, "immediate")
            job.refresh_from_db()
        return task_result(job)

    def get_result(self, result_id: str) -> TaskResult:
        """Return the state of a job; raise TaskResultDoesNotExist for an unknown one."""
        try:
            return task_result(Job.objects.get(pk=int(result_id)))
        except (Job.DoesNotExist, ValueError) as error:
            raise TaskResultDoesNotExist(result_id) from error


def new_job(
    task: Task,
    *,
    args: Sequence = (),
    kwargs: Mapping[str, Any],
    run_after: datetime | None = None,
    **columns: Any,
) -> Job:
    """Add and return the row of a call; raise TypeError when an argument is not plain data.

    Only our worker tries again by itself: another engine has its own rules.
    """
    return Job.objects.create(
        task=task.module_path,
        args=normalize_json(args),
        kwargs=normalize_json(kwargs),
        backend=task.backend,
        run_after=run_after,
        attempts_allowed=attempts_of(task.backend),
        **{"label": task.name, **columns},
    )


def attempts_of(alias: str) -> int:
    """Return how many attempts a job of this engine gets."""
    backend = task_backends[alias]
    is_ours = isinstance(backend, DatabaseBackend) and not backend.is_immediate
    return limits.max_attempts() if is_ours else 1


def worked_backends() -> frozenset[str]:
    """Return the engines of the settings whose jobs `run_worker` does."""
    return frozenset(
        alias
        for alias in task_backends
        if isinstance(backend := task_backends[alias], DatabaseBackend) and not backend.is_immediate
    )
