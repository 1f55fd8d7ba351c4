"""PostgreSQL: pg_dump and pg_restore; the password goes by the environment, not as an argument."""

import os
import secrets
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import DatabaseError, ProgrammingError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from autoprod.operating.dumps.facts import DumpError, Facts, gather

MEMBER = "database.dump"
LABEL = "PostgreSQL"

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"

#: Empties the schema of what is ours and leaves extensions alone: a table that is not in the
#: archive must not outlive the restore.
_EMPTY = """
DO $$
DECLARE item record;
BEGIN
  FOR item IN
    SELECT c.oid::regclass AS name FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
  LOOP EXECUTE format('DROP TABLE IF EXISTS %s CASCADE', item.name); END LOOP;
  FOR item IN
    SELECT p.oid::regprocedure AS name FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  LOOP EXECUTE format('DROP FUNCTION IF EXISTS %s CASCADE', item.name); END LOOP;
END $$;
"""


def write(target: Path) -> Facts:
    """Dump the database into `target` and return what the dump holds.

    One exported snapshot serves the dump and the counts: they speak of the same instant
    (postgresql.org/docs/current/app-pgdump.html, --snapshot).
    """
    with closing(connection.copy()) as own, own.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        facts = _gather(cursor)
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges",
             f"--snapshot={snapshot}", f"--file={target}")  # fmt: skip
        cursor.execute("ROLLBACK")
    return facts


def read(source: Path) -> Facts | None:
    """Restore the dump into a database made for it, return what it holds, and drop it.

    Return None when the role may not create a database: the dump is then only read through.
    """
    try:
        with _scratch() as name:
            _restore_into(name, source)
            with closing(_connect(name)) as own, own.cursor() as cursor:
                return _gather(cursor)
    except PermissionError:
        _run("pg_restore", "--file=/dev/null", str(source))
        return None


def replace(source: Path) -> None:
    """Put the dump in the database's place in one transaction; on any error nothing has changed."""
    connections.close_all()
    with tempfile.TemporaryDirectory(dir=source.parent) as folder:
        empty, content = Path(folder, "empty.sql"), Path(folder, "content.sql")
        empty.write_text(_EMPTY)
        # Written to a file first: a dump that breaks halfway must not be half played.
        _run("pg_restore", "--no-owner", "--no-privileges", f"--file={content}", str(source))
        _run("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
             f"--file={empty}", f"--file={content}", lock_timeout="10s")  # fmt: skip


def _gather(cursor) -> Facts:
    def query(sql: str) -> list[tuple]:
        cursor.execute(sql)
        return cursor.fetchall()

    return gather(query, [name for (name,) in query(_TABLES)])


def _restore_into(name: str, source: Path) -> None:
    _run("pg_restore", "--exit-on-error", "--no-owner", "--no-privileges",
         f"--dbname={name}", str(source))  # fmt: skip


@contextmanager
def _scratch() -> Iterator[str]:
    """Create a database for one block; raise PermissionError when the role may not."""
    name = f"autoprod_check_{secrets.token_hex(6)}"
    with closing(connection.copy()) as own, own.cursor() as cursor:
        try:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        except ProgrammingError as error:
            raise PermissionError(name) from error
        except DatabaseError as error:
            raise DumpError("PostgreSQL n’a pas pu créer la base d’essai.") from error
        try:
            yield name
        finally:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _connect(name: str) -> BaseDatabaseWrapper:
    own = connection.copy()
    own.settings_dict["NAME"] = name
    return own


def _environment(lock_timeout: str) -> dict[str, str]:
    """Return the environment the PostgreSQL tools read their connection from."""
    target = connection.settings_dict
    _, options = connection.client.settings_to_cmd_args_env(target, [])
    known = {
        "PGHOST": target["HOST"],
        "PGPORT": str(target["PORT"] or ""),
        "PGUSER": target["USER"],
        "PGDATABASE": target["NAME"],
    }
    session = {"PGOPTIONS": f"-c lock_timeout={lock_timeout}"} if lock_timeout else {}
    chosen = {name: value for name, value in known.items() if value}
    return {**os.environ, **chosen, **(options or {}), **session, "LC_ALL": "C"}


def _run(tool: str, *arguments: str, lock_timeout: str = "") -> None:
    """Run a PostgreSQL tool; raise DumpError with its own first words when it fails."""
    try:
        done = subprocess.run(  # noqa: S603 - a fixed name, arguments of ours, no shell
            [tool, *arguments],
            env=_environment(lock_timeout),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise DumpError(f"{tool} manque : installez le paquet postgresql-client.") from error
    if done.returncode:
        # The tool's first line only: the next ones may quote a row.
        first = (done.stderr.strip().splitlines() or ["?"])[0]
        raise DumpError(f"{tool} a échoué : {first[:200]}")
