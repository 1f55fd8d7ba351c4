"""SQLite: the online backup interface, which never blocks the people at work."""

import contextlib
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connections

from autoprod.operating.dumps.facts import DumpError, Facts, gather

MEMBER = "database.sqlite3"
LABEL = "SQLite"
#: How long a copy waits for a writer, in seconds.
PATIENCE = 20


def write(target: Path) -> Facts:
    """Copy the database into `target` as it is at one instant, and return what the copy holds.

    sqlite.org/backup.html: the copy is a snapshot even while others write.
    """
    try:
        with closing(_open(_database())) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            # One file, without the side files of WAL.
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise DumpError("La base SQLite ne se lit pas : elle est absente ou abîmée.") from error
    return read(target)


def read(source: Path) -> Facts:
    """Check the copy's integrity and return what it holds; raise DumpError when it is damaged."""
    try:
        with closing(_open(source)) as copy:
            if copy.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                raise DumpError("La copie de la base est abîmée.")
            if copy.execute("PRAGMA foreign_key_check").fetchone():
                raise DumpError("La copie de la base a des fiches qui ont perdu leurs liens.")
            tables = copy.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
            names = [name for (name,) in tables]
            return gather(lambda sql: copy.execute(sql).fetchall(), names)
    except sqlite3.Error as error:
        raise DumpError("La copie de la base est abîmée.") from error


def replace(source: Path) -> None:
    """Put the copy in the database's place in one rename; on any error the old one is back."""
    connections.close_all()
    target = _database()
    staged = target.with_name(f"{target.name}.restoring")
    shutil.copyfile(source, staged)
    staged.chmod(0o600)
    _flush(staged)
    if target.exists():
        _fold_journal(target)
    staged.replace(target)
    _flush(target.parent)


def _fold_journal(target: Path) -> None:
    """Write the old base's journal into it and remove it: it must not be replayed on the new."""
    # A damaged base, which may be why one restores, cannot be folded.
    with contextlib.suppress(sqlite3.Error), closing(_open(target)) as old:
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)


def _database() -> Path:
    return Path(settings.DATABASES["default"]["NAME"])


def _open(path: Path) -> sqlite3.Connection:
    """Open a base that must exist: SQLite would otherwise create an empty one."""
    uri = f"file:{quote(str(path.absolute()))}?mode=rw"
    return sqlite3.connect(uri, uri=True, timeout=PATIENCE)


def _flush(path: Path) -> None:
    """Make sure that the file, or a folder's list of files, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
