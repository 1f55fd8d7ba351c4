"""Rows built once by factories, then written again as they were: a large world in few statements.

Thousands of tests begin in the same world. Each works on rows and objects of its own, so what one
changes never shows in another.
"""

import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import connection, models


def _sent(value: object) -> object:
    """Return a value as a statement takes it: SQLite reads hours and does not write them."""
    return value.isoformat() if isinstance(value, time) else value


@dataclass
class _Rows:
    """What one table gained."""

    table: str
    columns: list[str]
    rows: list[tuple]

    def write(self) -> None:
        """Insert the rows again, keys included."""
        quote = connection.ops.quote_name
        columns = ", ".join(map(quote, self.columns))
        one = f"({', '.join(['%s'] * len(self.columns))})"
        values = ", ".join([one] * len(self.rows))
        statement = f"INSERT INTO {quote(self.table)} ({columns}) VALUES {values}"
        with connection.cursor() as cursor:
            cursor.execute(statement, [_sent(value) for row in self.rows for value in row])


@dataclass
class Replay:
    """Calls `build` the first time it can, and gives back the same rows and objects afterwards."""

    build: Callable[[], object]
    _tables: list[_Rows] = field(default_factory=list)
    _files: list[tuple[models.FileField, str, bytes]] = field(default_factory=list)
    _objects: bytes = b""

    def play(self) -> object:
        """Return what `build` returns, its rows saved in the current transaction.

        Where rows stand already, or without a transaction to undo them, it is built for good.
        """
        if not connection.in_atomic_block or _is_inhabited():
            return self.build()
        if not self._objects:
            return self._recorded()
        for table in self._tables:
            table.write()
        for storage_field, name, content in self._files:
            if not storage_field.storage.exists(name):
                storage_field.storage.save(name, ContentFile(content))
        return pickle.loads(self._objects)

    def _recorded(self) -> object:
        before = {table: _last_key(table) for table in _tables()}
        built = self.build()
        self._tables = [rows for table, key in before.items() if (rows := _gained(table, key))]
        self._files = list(_files_of(before))
        self._objects = pickle.dumps(built)
        return built


def _models() -> list[type[models.Model]]:
    return [m for m in apps.get_models(include_auto_created=True) if m._meta.managed]


def _tables() -> dict[str, str]:
    """Return the key's column of each table that has a whole number for key."""
    found = {}
    for model in _models():
        if isinstance(model._meta.pk, models.AutoField | models.BigAutoField):
            found[model._meta.db_table] = model._meta.pk.column
    return found


def _is_inhabited() -> bool:
    """Tell whether a test has already saved rows that the world might collide with."""
    return any(apps.get_model(name)._base_manager.exists() for name in _FIRST)


#: What anything else hangs on.
_FIRST = ("programmes.Territory", "accounts.User")


def _last_key(table: str) -> int:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT MAX({quote(_tables()[table])}) FROM {quote(table)}")
        return cursor.fetchone()[0] or 0


def _gained(table: str, after: int) -> _Rows | None:
    quote = connection.ops.quote_name
    key = quote(_tables()[table])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {quote(table)} WHERE {key} > %s ORDER BY {key}", [after])
        rows = cursor.fetchall()
        columns = [column[0] for column in cursor.description]
    return _Rows(table, columns, rows) if rows else None


def _files_of(before: dict[str, int]):
    for model in _models():
        fields = [f for f in model._meta.concrete_fields if isinstance(f, models.FileField)]
        if fields and model._meta.db_table in before:
            for row in model._base_manager.filter(pk__gt=before[model._meta.db_table]):
                for each in fields:
                    stored = getattr(row, each.name)
                    with stored.open() as file:
                        yield each, stored.name, file.read()
