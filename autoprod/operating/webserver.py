"""The web server: gunicorn through its Python interface, no configuration file.

Run by the supervisor: `python -m autoprod.operating.webserver 127.0.0.1:8000`.
"""

import sys
from collections.abc import Sequence

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.util import import_app

#: Two processes for two cores; threads wait for the database side by side.
OPTIONS = {
    "workers": 2,
    "threads": 4,
    "worker_class": "gthread",
    # Each process opens its own database connections, after the fork.
    "preload_app": False,
    # No control socket in the home folder: nothing needs it.
    "control_socket_disable": True,
    "timeout": 60,
    "graceful_timeout": 20,
    "keepalive": 5,
    # An URL of ours is short; a longer line or more headers is not a browser of ours.
    "limit_request_line": 4094,
    "limit_request_fields": 64,
    "limit_request_field_size": 8190,
    # Requests are logged by the application, without keys or names.
    "accesslog": None,
    "errorlog": "-",
    "loglevel": "warning",
}


class WebServer(BaseApplication):
    """gunicorn with our options; the application is imported in each process."""

    def __init__(self, bind: str) -> None:
        """Remember the address."""
        self.bind = bind
        super().__init__()

    def load_config(self) -> None:
        """Set the options."""
        for name, value in {**OPTIONS, "bind": self.bind, "when_ready": _announce}.items():
            self.cfg.set(name, value)

    def load(self):
        """Return the WSGI application."""
        return import_app("autoprod.wsgi:application")


def _announce(arbiter: Arbiter) -> None:
    """Say where to look, once the port is open."""
    addresses = " ".join(
        f"http://{str(listener).split('://')[-1]}/" for listener in arbiter.LISTENERS
    )
    sys.stdout.write(f"Autoprod répond sur {addresses}\n")
    sys.stdout.flush()


def main(arguments: Sequence[str]) -> None:
    """Serve until SIGTERM."""
    WebServer(arguments[0]).run()


if __name__ == "__main__":
    main(sys.argv[1:])
