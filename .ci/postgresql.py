"""Runs a command against a PostgreSQL server of its own, removed afterwards.

    python .ci/postgresql.py COMMAND [ARGUMENT…]

The server lives in a temporary folder and listens on a free port of loopback, nowhere else. It
asks for a password, as a hosted one does. DATABASE_URL names it to the command. As root, it runs as
an unprivileged account, which PostgreSQL insists on.
"""
# ruff: noqa: INP001, S603, PLW1509 - a script, not a package; our commands, no shell, no thread

import ctypes
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

#: Set by prctl(2): the server stops with this script, however the script ends.
_PR_SET_PDEATHSIG = 1
_ACCOUNTS = ("postgres", "nobody")
_SECONDS_TO_START = 60


def folder_of_tools() -> Path:
    """Return the folder of `initdb` and `postgres`, the newest when Debian has several."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: float(path.parts[-3]),
    )
    found = installed[-1] if installed else shutil.which("initdb")
    if not found:
        sys.exit("PostgreSQL manque : apt-get install postgresql")
    return Path(found).resolve().parent


def account() -> dict:
    """Return the options that make subprocess leave root's rights; nothing for others."""
    if os.geteuid() != 0:
        return {}
    for name in _ACCOUNTS:
        try:
            known = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": known.pw_uid, "group": known.pw_gid, "extra_groups": []}
    return sys.exit("Aucun compte non privilégié pour PostgreSQL.")


def free_port() -> int:
    """Return a port of loopback nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(folder: Path, password: str, port: int) -> subprocess.Popen:
    """Make a base in the folder and start its server."""
    tools, who = folder_of_tools(), account()
    data, secret = folder / "data", folder / "password"
    secret.write_text(password)
    if who:
        os.chown(folder, who["user"], who["group"])
        os.chown(secret, who["user"], who["group"])
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    subprocess.run(
        [tools / "initdb", "--pgdata", data, "--username=autoprod", f"--pwfile={secret}",
         "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"],
        check=True, cwd=folder, env=environment, stdout=subprocess.DEVNULL, **who,
    )  # fmt: skip
    secret.unlink()
    # The base lives as long as the run: what protects it from a power cut is left out.
    options = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": folder,
        "fsync": "off",
        # It would count rows between two tests, when there are none, and the next large one would
        # be planned for empty tables.
        "autovacuum": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_connections": 60,
    }
    settings = [f"-c{name}={value}" for name, value in options.items()]
    with (folder / "server.log").open("wb") as log:
        return subprocess.Popen(
            [tools / "postgres", "-D", data, *settings],
            cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True, preexec_fn=_die_with_parent, **who,
        )  # fmt: skip


def wait_until_ready(folder: Path, server: subprocess.Popen, port: int) -> None:
    """Return once the server answers; leave with its log when it does not start."""
    limit = time.monotonic() + _SECONDS_TO_START
    probe = [folder_of_tools() / "pg_isready", "--quiet", "--host=127.0.0.1", f"--port={port}"]
    while subprocess.run(probe, check=False).returncode != 0:
        if server.poll() is not None or time.monotonic() > limit:
            sys.exit((folder / "server.log").read_text(errors="replace"))
        time.sleep(0.1)


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def main(command: list[str]) -> int:
    """Run the command with the server and return its exit code."""
    if not command:
        sys.exit(__doc__)
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda *_: sys.exit(1))
    # A short path: the name of the server's own socket is limited to 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="autoprod-pg-", dir="/tmp"))
    password, port, server = secrets.token_hex(16), free_port(), None
    try:
        server = start(folder, password, port)
        wait_until_ready(folder, server, port)
        url = f"postgres://autoprod:{password}@127.0.0.1:{port}/postgres"
        return subprocess.run(
            command, env={**os.environ, "DATABASE_URL": url}, check=False
        ).returncode
    finally:
        if server:
            # Fast shutdown: connections are cut, the server ends by itself.
            server.send_signal(signal.SIGINT)
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
