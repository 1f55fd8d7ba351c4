"""Keeps the web server and the worker running, and stops both together.

Run by `manage.py serve`, in its place: `python -m autoprod.operating.supervisor 127.0.0.1:8000 3`,
the second argument being the descriptor of the data folder's lock.
It imports neither Django nor the application, so it is small and outlives their mistakes.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

#: Seconds between two looks at the processes.
BEAT = 0.5
#: Seconds a process has to finish what it is doing once asked to stop.
GRACE = 30
#: A worker that dies at once is started again after 1, 2, 4… seconds, no more than this.
LONGEST_PAUSE = 30
#: A worker that lived this long is sound: the pauses start again from the shortest.
SOUND_AFTER = 60

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Address:
    """Where the pages are served."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Return the address of « 127.0.0.1:8000 » or « [::1]:8000 »; raise ValueError."""
        host, _, port = text.rpartition(":")
        if not host or not 0 < int(port) < 65536:
            raise ValueError(text)
        return cls(host.strip("[]"), int(port))

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def port_is_free(address: Address) -> bool:
    """Tell whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the server will: a port that only waits for its last packets is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except OSError:
            return False
    return True


class Child:
    """One process to keep alive."""

    def __init__(self, name: str, arguments: Sequence[str], lock: int | None = None) -> None:
        """Remember how to start it; `lock` is the descriptor of the data folder's lock."""
        self.name, self.arguments = name, [sys.executable, *arguments]
        # Held by the processes too: the folder is free when the last of them has ended.
        self.descriptors = [] if lock is None else [lock]
        self.pause, self.started_at, self.start_at = 1, 0.0, 0.0
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start the process in a session of its own: only this one hears Ctrl-C."""
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own modules, no shell
            self.arguments,
            start_new_session=True,
            pass_fds=self.descriptors,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - the supervisor has no thread
        )

    def has_ended(self) -> bool:
        """Tell whether the process ran and is no more."""
        return self.process is not None and self.process.poll() is not None

    def plan_restart(self) -> None:
        """Say when to start again, later each time it dies young."""
        now = time.monotonic()
        if now - self.started_at > SOUND_AFTER:
            self.pause = 1
        code = self.process.returncode if self.process else None
        _say(f"{self.name} s’est arrêté (code {code}), relance dans {self.pause} s")
        self.start_at, self.process = now + self.pause, None
        self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def stop(self, deadline: float) -> None:
        """Wait for the end until the deadline, then insist."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            _say(f"{self.name} ne s’arrête pas, il est interrompu")
            self.process.kill()
            self.process.wait()

    def ask_to_stop(self) -> None:
        """Send SIGTERM, which both processes take as « finish, then leave »."""
        if self.process and self.process.poll() is None:
            with suppress(ProcessLookupError):
                self.process.terminate()


def run(web: Child, worker: Child, stop: threading.Event) -> int:
    """Keep both alive until `stop` is set or the web server ends; return the exit code.

    A dead worker is started again; a web server that ends takes everything with it, and the
    service manager decides.
    """
    web.start()
    while not stop.is_set() and not web.has_ended():
        if worker.has_ended():
            worker.plan_restart()
        if worker.process is None and time.monotonic() >= worker.start_at:
            worker.start()
        stop.wait(BEAT)
    code = 0 if stop.is_set() else (web.process.returncode or 1)
    deadline = time.monotonic() + GRACE
    for child in (web, worker):
        child.ask_to_stop()
    for child in (web, worker):
        child.stop(deadline)
    return code


def _die_with_parent() -> None:
    """Ask Linux to stop this process when the supervisor disappears (prctl(2)).

    Otherwise a killed supervisor would leave a worker writing in a base thought to be at rest.
    """
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def main(arguments: Sequence[str]) -> int:
    """Run until a signal; return the exit code."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, lambda *_: stop.set())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "autoprod.settings.production")
    bind, lock = arguments[0], int(arguments[1])
    web = Child("le serveur", ["-m", "autoprod.operating.webserver", bind], lock)
    worker = Child("l’ouvrier", ["manage.py", "run_worker"], lock)
    return run(web, worker, stop)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
