"""The loop of a worker process: take a job, do it, wait a little when there is none."""

import logging
import os
import secrets
import signal
import time
from queue import Empty, SimpleQueue

from django.db import DatabaseError, close_old_connections, connection

from autoprod.jobs import limits
from autoprod.jobs.backend import worked_backends
from autoprod.jobs.leases import claim
from autoprod.jobs.running import run
from autoprod.operating import upkeep

logger = logging.getLogger(__name__)

_SECONDS_BETWEEN_UPKEEPS = 3600


class Worker:
    """One process that does jobs one after the other."""

    def __init__(self) -> None:
        """Name the worker: a process number and chance, not the machine's name (a person's?)."""
        self.name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._backends = worked_backends()
        # put() may be called from a signal handler at any instant; Event.set() may deadlock there
        # (docs.python.org/3/library/queue.html#queue.SimpleQueue.put).
        self._stop: SimpleQueue[int] = SimpleQueue()

    def stop_on_signals(self) -> None:
        """Finish the current job, then stop, on SIGTERM and SIGINT; a second SIGINT interrupts."""
        signal.signal(signal.SIGTERM, self._ask_to_stop)
        signal.signal(signal.SIGINT, self._ask_to_stop)

    def _ask_to_stop(self, number: int, frame) -> None:
        self._stop.put(number)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def run_one(self) -> bool:
        """Do one job; tell whether there was one."""
        close_old_connections()
        job = claim(self.name, backends=self._backends)
        if job is None:
            return False
        run(job)
        return True

    def run_burst(self) -> None:
        """Do what is due, then return."""
        while self._stop.empty() and self.run_one():
            pass

    def run_forever(self) -> None:
        """Do jobs until a signal; a database that does not answer is waited for."""
        logger.info("worker %s ready", self.name)
        tidied_at = float("-inf")
        while self._stop.empty():
            try:
                if time.monotonic() - tidied_at > _SECONDS_BETWEEN_UPKEEPS:
                    upkeep.run()
                    tidied_at = time.monotonic()
                is_idle = not self.run_one()
            except DatabaseError as error:
                logger.warning("worker %s: %s", self.name, type(error).__name__)
                connection.close()
                is_idle = True
            if is_idle:
                self._wait(limits.poll_seconds())
        logger.info("worker %s stopped", self.name)

    def _wait(self, seconds: float) -> None:
        try:
            self._stop.put(self._stop.get(timeout=seconds))
        except Empty:
            return
