"""What `/sante/` says: does the installation work, in facts without a name or a path."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from autoprod.core.models import Installation
from autoprod.operating.backups import PATTERN

OK, WARNING, FAILED = "ok", "warning", "failed"

#: Below the first, somebody should look; below the second, a save may fail at any moment.
DISK_WARNING_BYTES = 2 * 1024**3
DISK_FAILED_BYTES = 200 * 1024**2
#: A daily backup may be late by a few hours; two missed ones are a breakdown of the timer.
BACKUP_WARNING_HOURS = 36


@dataclass(frozen=True)
class Finding:
    """The answer of one check: a state, a French sentence, and a number a monitor can plot."""

    state: str
    message: str
    value: int | float | None = None


#: A check takes nothing and returns its finding; it may raise DatabaseError.
Check = Callable[[], Finding]

_checks: dict[str, Check] = {}


def register_check(name: str, check: Check) -> None:
    """Add a check; an app of an upper floor calls this from `ready` (the worker's, say)."""
    if _checks.setdefault(name, check) is not check:
        raise ValueError(f"a check is already named {name}")


def checks() -> dict[str, Check]:
    """Return the checks by name: the kernel's, then the registered ones."""
    return {
        "database": database,
        "migrations": migrations,
        "disk": disk,
        "backup": backup,
        **_checks,
    }


def report() -> dict:
    """Return what the health page prints: `ok`, and each check's state, message and value.

    A failed check makes the whole not ok (the page answers 503); a warning does not: the service
    still works, somebody should look.
    """
    findings = {name: _run(check) for name, check in checks().items()}
    return {
        "ok": all(finding.state != FAILED for finding in findings.values()),
        "checks": {
            name: {"state": finding.state, "message": finding.message, "value": finding.value}
            for name, finding in findings.items()
        },
    }


def _run(check: Check) -> Finding:
    try:
        return check()
    except (DatabaseError, OSError):
        # The cause may hold a path or an address of the network: it stays in the logs.
        return Finding(FAILED, "La vérification n’a pas pu se faire.")


def database() -> Finding:
    """Ask the database for a row; the value is the answer's time in milliseconds."""
    started = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    milliseconds = round((time.monotonic() - started) * 1000, 1)
    return Finding(OK, "La base répond.", milliseconds)


def migrations() -> Finding:
    """Compare the base with the code; the value counts the migrations that are missing."""
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        return Finding(FAILED, "La base n’est pas à jour : relancez « make serve ».", missing)
    return Finding(OK, "La base est à jour.", 0)


def disk() -> Finding:
    """Look at the free space where files are written; the value is in mebibytes."""
    free = shutil.disk_usage(_existing(Path(settings.MEDIA_ROOT))).free
    mebibytes = free // 1024**2
    if free < DISK_FAILED_BYTES:
        return Finding(FAILED, "Le disque est plein : faites de la place.", mebibytes)
    if free < DISK_WARNING_BYTES:
        return Finding(WARNING, "Le disque est presque plein.", mebibytes)
    return Finding(OK, "La place sur le disque suffit.", mebibytes)


def backup() -> Finding:
    """Look at the last archive's age; the value is in hours. A demo needs no backup."""
    installation = Installation.current()
    if installation is None or installation.is_demo:
        return Finding(OK, "Sans objet : pas de données réelles.")
    archives = Path(settings.BACKUP_DIR).glob(PATTERN)
    latest = max((path.stat().st_mtime for path in archives), default=None)
    if latest is None:
        return Finding(WARNING, "Aucune sauvegarde : programmez-en une par jour.")
    hours = round((time.time() - latest) / 3600, 1)
    if hours > BACKUP_WARNING_HOURS:
        return Finding(WARNING, "La dernière sauvegarde est trop ancienne.", hours)
    return Finding(OK, "La dernière sauvegarde est récente.", hours)


def _existing(path: Path) -> Path:
    """Return the path, or the nearest parent that exists."""
    while not path.exists():
        path = path.parent
    return path
