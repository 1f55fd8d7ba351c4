"""The real service of an installation, started, watched, stopped or killed by a test."""

import http.client
import os
import re
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlencode

from tests.operating.conftest import ROOT, Place

#: Seconds before something that should have been said is a failure.
PATIENCE = 60


def free_port() -> int:
    """Return a port of loopback nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children(pid: int) -> list[int]:
    """Return the processes started by a process, and by these, nearest first."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name may hold spaces and brackets: what counts comes after the last one.
            parent = int(entry.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
            found.append(int(entry.parent.name))
    return [*found, *(below for child in found for below in children(child))]


def are_gone(pids: Iterable[int]) -> bool:
    """Wait until these processes have ended; False when one still runs after a while."""
    for pid in pids:
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            # Readable once the process has ended (pidfd_open(2)).
            if not select.select([handle], [], [], PATIENCE)[0]:
                return False
        finally:
            os.close(handle)
    return True


def command_of(pid: int) -> str:
    """Return a process's command line."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


class Server:
    """`manage.py serve` on loopback."""

    def __init__(self, place: Place, *options: str, port: int = 0) -> None:
        """Start it and wait until it answers."""
        self.port = port or free_port()
        self.lines: list[str] = []
        self.heard = threading.Condition()
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--bind", f"127.0.0.1:{self.port}", *options],
            cwd=ROOT,
            env=place.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()
        self.wait_for("Autoprod répond sur")

    def _listen(self) -> None:
        for line in self.process.stdout:
            with self.heard:
                self.lines.append(line.rstrip())
                self.heard.notify_all()

    def wait_for(self, text: str, times: int = 1) -> None:
        """Wait until the server has said something so many times."""

        def said() -> bool:
            return sum(text in line for line in self.lines) >= times

        with self.heard:
            if not self.heard.wait_for(said, PATIENCE):
                raise AssertionError(f"{text!r} was not said:\n" + "\n".join(self.lines))

    def family(self) -> list[int]:
        """Return the process and all those it started."""
        return [self.process.pid, *children(self.process.pid)]

    def worker(self) -> int:
        """Return the process that does the jobs."""
        (pid,) = [pid for pid in self.family() if "run_worker" in command_of(pid)]
        return pid

    def stop(self) -> int:
        """End it as a service manager does and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self._end()

    def kill(self) -> list[int]:
        """Freeze every process at once, then kill them all; return which they were."""
        family = self.family()
        for name in (signal.SIGSTOP, signal.SIGKILL):
            for pid in family:
                os.kill(pid, name)
        self._end()
        return family

    def _end(self) -> int:
        code = self.process.wait(PATIENCE)
        self.listener.join(PATIENCE)
        self.process.stdout.close()
        return code

    def close(self) -> None:
        """Make sure that nothing is left, whatever the test did."""
        if self.process.poll() is None:
            self.kill()
        elif not self.process.stdout.closed:
            self._end()


class Visitor:
    """Somebody's browser, reduced to requests over one connection."""

    def __init__(self, port: int, session: str = "") -> None:
        """Open the connection."""
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.cookies = {"session": session} if session else {}

    def __enter__(self) -> "Visitor":
        """Return the browser; the block closes its connection."""
        return self

    def __exit__(self, *error) -> None:
        """Close the connection."""
        self.connection.close()

    def request(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        """Return the status and the text of an answer; keep its cookies."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        text = response.read().decode()
        for header in response.headers.get_all("Set-Cookie") or []:
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        return response.status, text

    def get(self, path: str) -> tuple[int, str]:
        """Return the status and text of a page."""
        return self.request("GET", path)

    def post(self, path: str, token: str, **fields: str) -> int:
        """Send a form and return the answer's status."""
        body = urlencode({"csrfmiddlewaretoken": token, **fields})
        return self.request("POST", path, body)[0]

    def token(self, path: str) -> str:
        """Return the token of a page's form."""
        status, text = self.get(path)
        assert status == 200, f"{path} answered {status}"
        return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text).group(1)
