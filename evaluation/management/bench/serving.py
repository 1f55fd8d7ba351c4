"""The production server on a base of the measure's own, for as long as a block lasts."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection

#: Seconds it has to answer, then to stop.
PATIENCE = 60


@contextmanager
def serving(folder: Path) -> Iterator[int]:
    """Run `manage.py serve` on loopback, on the current base; yield its port.

    It is stopped by its process id, whatever the block does. CommandError when it does not start.
    """
    port, log = _free_port(), folder / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            [sys.executable, "manage.py", "serve", "--bind", f"127.0.0.1:{port}"],
            cwd=settings.BASE_DIR,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(process, port, log)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _environment(folder: Path) -> dict[str, str]:
    """Return the environment of production, its data in the folder, its base this one."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "autoprod.settings.production",
        "AUTOPROD_DATA": str(folder),
        "AUTOPROD_BACKUPS": str(folder / "backups"),
        "AUTOPROD_HTTPS": "no",
        "AUTOPROD_HOSTS": "127.0.0.1",
        "DATABASE_URL": url_of_base(),
    }


def url_of_base() -> str:
    """Return the URL of the base that this process uses now."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    user, secret, host, name = (
        quote(str(known[key]), safe="") for key in ("USER", "PASSWORD", "HOST", "NAME")
    )
    port = f":{known['PORT']}" if known["PORT"] else ""
    return f"postgres://{user}:{secret}@{host}{port}/{name}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(process: subprocess.Popen, port: int, log: Path) -> None:
    limit = time.monotonic() + PATIENCE
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > limit:
            raise CommandError(f"Le serveur ne répond pas\u00a0:\n{log.read_text()}")
        time.sleep(0.1)


def _answers(port: int) -> bool:
    with suppress(OSError, http.client.HTTPException):
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        asked.request("GET", "/sante/")
        return asked.getresponse().status == 200
    return False
