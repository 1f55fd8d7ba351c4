"""What a task gives back, and what the Tasks interface says of a job."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import import_string
from django_tasks import TaskResult, TaskResultStatus
from django_tasks.base import Task, TaskError

from autoprod.jobs.models import Job


@dataclass(frozen=True)
class ResultFile:
    """A file for the owner: the name they will see, its content."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Completed:
    """What a task returns when plain data is not enough.

    `effects` is called in the very transaction that marks the job done: what it writes exists
    once, or not at all. When it returns something, that is the result. A task that writes rows
    must write them there, and nowhere else.
    """

    result: Any = None
    file: ResultFile | None = None
    effects: Callable[[], Any] | None = None

    @classmethod
    def of(cls, returned: Any) -> "Completed":
        """Return what a task returned, plain data included."""
        return returned if isinstance(returned, cls) else cls(result=returned)


def task_of(job: Job) -> Task:
    """Return the `@task()` function of a job; raise TypeError when its path names another thing."""
    task = import_string(job.task)
    if not isinstance(task, Task):
        raise TypeError(f"{job.task} is not a task")
    return task.using(backend=job.backend)


def task_result(job: Job) -> TaskResult:
    """Return the job as the Tasks interface shows it."""
    result = TaskResult(
        task=task_of(job),
        id=str(job.pk),
        status=TaskResultStatus(job.status),
        enqueued_at=job.enqueued_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        last_attempted_at=job.last_attempted_at,
        args=job.args,
        kwargs=job.kwargs,
        backend=job.backend,
        errors=[TaskError(exception_class_path=job.error_type, traceback=job.error_place)]
        if job.error_type
        else [],
        worker_ids=job.worker_ids,
    )
    # The interface has no other way to fill it: every engine does this.
    object.__setattr__(result, "_return_value", job.result)
    return result
