"""The sign of life of a worker, while its main thread is busy with the task."""

import logging
from threading import Thread

from django.db import DatabaseError, connection

from autoprod.jobs import limits
from autoprod.jobs.exceptions import LeaseLost
from autoprod.jobs.progress import Run

logger = logging.getLogger(__name__)


class Heartbeat(Thread):
    """Extends the lease three times per lease, on its own database connection."""

    def __init__(self, run: Run) -> None:
        """Prepare; `with Heartbeat(run):` starts and stops it."""
        super().__init__(name=f"heartbeat-{run.job.pk}", daemon=True)
        self._run = run
        self._is_over = False
        self._interval = limits.lease().total_seconds() / 3

    def __enter__(self) -> "Heartbeat":
        """Start beating."""
        self.start()
        return self

    def __exit__(self, *exc) -> None:
        """Stop beating; a beat under way ends first."""
        self._is_over = True
        self._run.news.set()
        self.join()

    def run(self) -> None:
        """Beat until the task ends or the job is lost."""
        try:
            while not self._run.is_lost:
                self._run.news.wait(self._interval)
                self._run.news.clear()
                if self._is_over:
                    return
                self._beat()
        finally:
            connection.close()

    def _beat(self) -> None:
        try:
            self._run.write()
        except LeaseLost:
            return  # the run knows: the task stops at its next progress, or at its end
        except DatabaseError as error:
            # SQLite busy with a long write, PostgreSQL restarting: the next beat tries again.
            logger.warning("job %s heartbeat: %s", self._run.job.pk, type(error).__name__)
            connection.close()
