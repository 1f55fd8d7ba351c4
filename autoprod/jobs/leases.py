"""Who runs a job: one conditional UPDATE decides, the same on both engines.

`attempts` is the proof of ownership: a claim adds one, every later write of that attempt asks for
the value it got. Clocks only decide when a silent worker is replaced, never who is right.
"""

import logging
from collections.abc import Collection
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django_tasks.utils import get_module_path, normalize_json

from autoprod.core.files import gone_with_rows
from autoprod.jobs import limits
from autoprod.jobs.enums import JobStatus
from autoprod.jobs.exceptions import JobError, LeaseLost, WorkerLostError
from autoprod.jobs.models import Job
from autoprod.jobs.results import Completed, ResultFile

logger = logging.getLogger(__name__)

#: How many waiting jobs a worker looks at: another may take the first ones meanwhile.
_CANDIDATES = 10
_INTERNAL_ERROR = (
    "Une erreur imprévue a arrêté ce travail. Relancez-le\u00a0; si l’erreur revient, "
    "donnez son numéro à l’administrateur."
)
_WORKER_LOST = (
    "Ce travail a été interrompu plusieurs fois (machine arrêtée, mémoire insuffisante). "
    "Relancez-le sur une période plus courte, ou prévenez l’administrateur."
)


def claim(
    worker: str, *, backends: Collection[str] | None = None, key: int | None = None
) -> Job | None:
    """Take the oldest due job of these engines (or the job `key`) and return it, or None.

    A job whose workers all died is closed on the way.
    """
    due = Job.objects.due(timezone.now())
    if key is not None:
        due = due.filter(pk=key)
    if backends is not None:
        due = due.filter(Q(backend__in=backends) | Q(attempts=F("attempts_allowed")))
    for job in due.order_by("enqueued_at", "pk")[:_CANDIDATES]:
        if job.attempts == job.attempts_allowed:
            _abandon(job)
        elif _take(job, worker):
            return job
    return None


def _take(job: Job, worker: str) -> bool:
    now = timezone.now()
    changes = {
        "status": JobStatus.RUNNING,
        "attempts": job.attempts + 1,
        "lease_until": now + limits.lease(),
        "worker_ids": [*job.worker_ids, worker],
        "started_at": job.started_at or now,
        "last_attempted_at": now,
        "progress_done": 0,
        "progress_total": None,
        "progress_label": "",
    }
    taken = Job.objects.due(now).filter(pk=job.pk, attempts=job.attempts).update(**changes)
    if taken:
        for name, value in changes.items():
            setattr(job, name, value)
    return bool(taken)


def _abandon(job: Job) -> None:
    now = timezone.now()
    closed = Job.objects.due(now).filter(pk=job.pk, attempts=job.attempts)
    if closed.update(**_failed(WorkerLostError(_WORKER_LOST), now)):
        logger.error("job %s abandoned after %s attempts", job.pk, job.attempts)


def extend(job: Job, **progress: Any) -> None:
    """Hold the job for one more lease, and write its progress; raise LeaseLost if it is lost."""
    lease_until = timezone.now() + limits.lease()
    if not Job.objects.held(job).update(lease_until=lease_until, **progress):
        raise LeaseLost


def complete(job: Job, completed: Completed) -> None:
    """Apply the effects, write the result and mark the job done, all or nothing.

    Raise LeaseLost, with every effect undone, when the job is no longer held. A file left by an
    attempt that did not get here is removed by `purge_jobs`.
    """
    stored = _store(completed.file)
    with gone_with_rows(), transaction.atomic():
        returned = completed.effects() if completed.effects else None
        result = completed.result if returned is None else returned
        now = timezone.now()
        # Last, so that the row is locked for an instant only: heartbeats go on during the effects.
        done = Job.objects.held(job).update(
            status=JobStatus.SUCCESSFUL,
            finished_at=now,
            keep_until=now + limits.keep(),
            lease_until=None,
            result=None if result is None else normalize_json(result),
            error_type="",
            error_message="",
            error_place="",
            **stored,
        )
        if not done:
            raise LeaseLost


def _store(file: ResultFile | None) -> dict[str, str]:
    if file is None:
        return {}
    field = Job._meta.get_field("result_file")
    path = field.generate_filename(None, "")
    name = field.storage.save(path, ContentFile(file.content))
    return {"result_file": name, "result_name": file.name}


def fail(job: Job, error: Exception) -> bool:
    """Close the job in error, or put it back for another attempt; tell whether it was held."""
    now = timezone.now()
    changes = _failed(error, now)
    if not isinstance(error, JobError) and job.attempts < job.attempts_allowed:
        changes |= {
            "status": JobStatus.READY,
            "run_after": now + limits.retry_delay(job.attempts),
            "finished_at": None,
            "keep_until": None,
        }
    return bool(Job.objects.held(job).update(**changes))


def _failed(error: Exception, now) -> dict[str, Any]:
    """Return the columns of a failure; only messages written for people are kept.

    Another exception's message may quote a value somebody typed.
    """
    is_for_people = isinstance(error, JobError | WorkerLostError)
    return {
        "status": JobStatus.FAILED,
        "finished_at": now,
        "keep_until": now + limits.keep(),
        "lease_until": None,
        "error_type": get_module_path(type(error))[:200],
        "error_message": (str(error) if is_for_people else _INTERNAL_ERROR)[:500],
        "error_place": place_of(error),
    }


def place_of(error: Exception) -> str:
    """Return « module:line » of where it broke; the lines around may hold a value."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"[:200]
