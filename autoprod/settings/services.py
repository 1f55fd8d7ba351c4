"""Outside services: database, e-mail, background tasks, logs."""

from autoprod.settings.base import DATA_DIR, env


def database(url: str) -> dict:
    """Return Django's database settings for an URL, hardened for the engine it names.

    SQLite: WAL lets readers go on while one writes, IMMEDIATE takes the write lock at BEGIN
    (otherwise a read-then-write transaction can fail midway), FULL makes « enregistré » survive
    a power cut (sqlite.org/pragma.html#pragma_synchronous).
    """
    config = env.db_url_config(url)
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;",
        }
    else:
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
    return config


DATABASES = {
    "default": database(env("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'autoprod.sqlite3'}"))
}

# E-mail is optional: without it, invitations and resets are links handed over.
EMAIL_ENABLED = bool(env("EMAIL_URL", default=""))
if EMAIL_ENABLED:
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
DEFAULT_FROM_EMAIL = env("AUTOPROD_FROM_EMAIL", default="autoprod@localhost")

TASKS = {"default": {"BACKEND": "autoprod.jobs.backend.DatabaseBackend"}}
# A worker renews its lease while it works; past it, another worker takes the job over.
JOB_LEASE_SECONDS = 30
JOB_MAX_ATTEMPTS = 3
JOB_RETRY_SECONDS = 10
JOB_POLL_SECONDS = 1
JOB_KEEP_DAYS = 7

# Names stay out of logs: no query string, no body, no e-mail address (axes logs logins).
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "autoprod": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "axes": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "django.request": {"handlers": [], "level": "CRITICAL", "propagate": False},
        # Writes paths, where a one-time link is.
        "django.security.csrf": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "django.server": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}
