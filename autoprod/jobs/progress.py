"""What a running task may ask: which job it is, and to say how far it has come."""

import time
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Event

from django.db import connection

from autoprod.jobs.exceptions import LeaseLost
from autoprod.jobs.leases import extend
from autoprod.jobs.models import Job

#: A loop over thousands of rows must not write thousands of times: the page looks every 2 seconds.
_SECONDS_BETWEEN_WRITES = 0.5


@dataclass
class Run:
    """One attempt at a job, in the process that makes it; shared with its heartbeat."""

    job: Job
    has_heartbeat: bool
    done: int = 0
    total: int | None = None
    label: str = ""
    written_at: float = float("-inf")
    is_lost: bool = False
    news: Event = field(default_factory=Event)

    def report(self, done: int, total: int | None, label: str) -> None:
        """Keep the progress; write it when it is time, or let the heartbeat do it."""
        if self.is_lost:
            raise LeaseLost
        is_step = label != self.label or done == total
        self.done, self.total, self.label = done, total, label
        if not is_step and time.monotonic() - self.written_at < _SECONDS_BETWEEN_WRITES:
            return
        if self.has_heartbeat and connection.in_atomic_block:
            # Written here, it would show at the end of the transaction only.
            self.written_at = time.monotonic()
            self.news.set()
        else:
            self.write()

    def write(self) -> None:
        """Write the progress and hold the job for one more lease; raise LeaseLost if it is lost."""
        try:
            extend(
                self.job,
                progress_done=self.done,
                progress_total=self.total,
                progress_label=self.label[:120],
            )
        except LeaseLost:
            self.is_lost = True
            raise
        self.written_at = time.monotonic()


active_run: ContextVar[Run | None] = ContextVar("current job", default=None)


def current_job() -> Job | None:
    """Return the job being run, None when the function is called outside of any.

    A task recomputes what it may read from `current_job().owner`, when it runs: rights may have
    been withdrawn since it was asked for.
    """
    run = active_run.get()
    return run.job if run else None


def progress(done: int, total: int | None = None, label: str = "") -> None:
    """Say that `done` of `total` units are done, and the step in French; holds the job.

    Raise LeaseLost when another worker took it over: let it pass. Nothing outside of a job.
    """
    if done < 0 or (total is not None and done > total):
        raise ValueError(f"progress of {done} out of {total}")
    if run := active_run.get():
        run.report(done, total, label)
