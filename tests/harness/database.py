"""The test base: emptied although triggers forbid deletions, taken away after the run."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase


def _sqlite_triggers(cursor) -> dict[str, str]:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return dict(cursor.fetchall())


def _postgresql_tables(cursor) -> list[str]:
    cursor.execute(
        "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
    )
    return [name for (name,) in cursor.fetchall()]


@contextmanager
def triggers_lifted(alias: str = "default") -> Iterator[None]:
    """Lift every trigger of the test base for one block.

    They are read from the base itself: a trigger added tomorrow is lifted too, whatever made it.
    """
    connection = connections[alias]
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if is_sqlite:
            triggers = _sqlite_triggers(cursor)
            down = [f'DROP TRIGGER "{name}"' for name in triggers]
            up = list(triggers.values())
        else:
            tables = _postgresql_tables(cursor)
            down = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
            up = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
        for statement in down:
            cursor.execute(statement)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for statement in up:
                cursor.execute(statement)


@pytest.fixture(scope="session", autouse=True)
def flush_lifts_triggers() -> Iterator[None]:
    """Let the flush after a transactional test empty the append-only tables.

    The flush then sends post_migrate, which loads the reference lists again.
    """
    patch = pytest.MonkeyPatch()
    teardown = TransactionTestCase._fixture_teardown

    def lifting_teardown(self):
        with triggers_lifted():
            teardown(self)

    patch.setattr(TransactionTestCase, "_fixture_teardown", lifting_teardown)
    yield
    patch.undo()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Take away the folder of the run (its base, its files), never another one."""
    if settings.DATA_DIR.name.startswith("autoprod-test-"):
        shutil.rmtree(settings.DATA_DIR, ignore_errors=True)
