"""Real worker processes on a base of their own, seen from the test through another connection."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

from autoprod.jobs.models import Job
from autoprod.settings.base import env
from tests.jobs.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
ALIAS = "workers"
_COMMAND = (sys.executable, "-W", "ignore", "manage.py")


class WorkersRouter:
    """Sends every query of the test to the base of the workers."""

    def db_for_read(self, model, **hints) -> str:
        return ALIAS

    db_for_write = db_for_read


@dataclass
class Workers:
    """Starts worker processes, and ends those it started."""

    url: str
    folder: Path
    lease: float = 2
    _started: list[subprocess.Popen] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        """Return what a process needs to open the base."""
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.jobs.worker_settings",
            "DATABASE_URL": self.url,
            "AUTOPROD_DATA": str(self.folder),
            "TEST_JOB_LEASE_SECONDS": str(self.lease),
        }

    def start(self, *options: str) -> subprocess.Popen:
        """Start a worker and return its process; its log goes to a file."""
        with (self.folder / f"worker-{len(self._started)}.log").open("w") as log:
            process = subprocess.Popen(
                [*_COMMAND, "run_worker", *options],
                cwd=ROOT,
                env=self.environment(),
                stdout=log,
                stderr=log,
            )
        self._started.append(process)
        return process

    def end(self) -> None:
        """Kill what still runs."""
        for process in self._started:
            with suppress(ProcessLookupError):
                process.kill()
            process.wait(timeout=10)

    def logs(self) -> str:
        """Return what the workers wrote."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("worker-*.log")))


@dataclass(frozen=True)
class Gate:
    """A point where a task waits for the test; see `tasks.pass_gate`."""

    folder: Path
    name: str

    def wait_reached(self) -> None:
        """Return once a task waits at the gate."""
        wait_until((self.folder / f"{self.name}.reached").exists, f"a task at {self.name}")

    def open(self) -> None:
        """Let the tasks through."""
        (self.folder / f"{self.name}.open").touch()


def kill(process: subprocess.Popen) -> None:
    """Stop a worker as a power cut would."""
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=10)


def wait_status(job: Job, status: str) -> Job:
    """Return the job once it is in this state."""
    wait_until(lambda: Job.objects.filter(pk=job.pk, status=status).exists(), f"job {status}")
    job.refresh_from_db()
    return job


@contextmanager
def _postgresql_base(server: str) -> Iterator[str]:
    name = f"autoprod_jobs_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield f"{server.rpartition('/')[0]}/{name}"
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )


@contextmanager
def _sqlite_base(folder: Path) -> Iterator[str]:
    yield f"sqlite:///{folder / 'workers.sqlite3'}"


@contextmanager
def migrated_base(folder: Path) -> Iterator[str]:
    """Make a base of the engine under test and return its address."""
    server = env("DATABASE_URL", default="")
    is_postgresql = server.startswith("postgres")
    with _postgresql_base(server) if is_postgresql else _sqlite_base(folder) as url:
        subprocess.run(
            [*_COMMAND, "migrate", "--skip-checks", "--verbosity=0"],
            cwd=ROOT,
            env=Workers(url, folder).environment(),
            check=True,
            timeout=120,
        )
        yield url
