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


@dataclass(frozen=True)
class _Rows:
    """What one table gained: the statement that inserts it again, keys included."""

    statement: str
    values: list


@dataclass
class Replay:
    """Calls `build` the first time it can, and gives back the same rows and objects afterwards."""

    build: Callable[[], object]
    _tables: list[_Rows] | str = field(default_factory=list)
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
        _write(self._tables)
        for storage_field, name, content in self._files:
            if not storage_field.storage.exists(name):
                storage_field.storage.save(name, ContentFile(content))
        return pickle.loads(self._objects)

    def _recorded(self) -> object:
        before = {table: _last_key(table) for table in _tables()}
        built = self.build()
        gained = [rows for table, key in before.items() if (rows := _gained(table, key))]
        self._tables = gained if connection.vendor == "sqlite" else _script(gained)
        self._files = list(_files_of(before))
        self._objects = pickle.dumps(built)
        return built


def _script(tables: list[_Rows]) -> str:
    """Return all the statements as one, for PostgreSQL: one journey instead of a hundred.

    The rows were checked when they were built. Written again as a replica writes them, they leave
    nothing to check at the end of each test: no key to follow, no trigger to run.
    """
    with connection.cursor() as cursor:
        inserts = [cursor.mogrify(rows.statement, rows.values) for rows in tables]
    role = "SET LOCAL session_replication_role"
    return ";\n".join([f"{role} = replica", *inserts, f"{role} = origin"])


def _write(tables: list[_Rows] | str) -> None:
    with connection.cursor() as cursor:
        if isinstance(tables, str):
            cursor.execute(tables)
            return
        for rows in tables:
            cursor.execute(rows.statement, rows.values)


def _models() -> list[type[models.Model]]:
    return [m for m in apps.get_models(include_auto_created=True) if m._meta.managed]


def _tables() -> dict[str, str]:
    """Return the key's column of each table to write again.

    A row that hangs one to one on another is written by the triggers, where they run again.
    """
    kinds = models.AutoField | models.BigAutoField
    if connection.vendor == "postgresql":
        kinds |= models.OneToOneField
    found = {}
    for model in _models():
        if isinstance(model._meta.pk, kinds):
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
    one = f"({', '.join(['%s'] * len(columns))})"
    places = f"({', '.join(map(quote, columns))}) VALUES {', '.join([one] * len(rows))}"
    values = [_sent(value) for row in rows for value in row]
    return _Rows(f"INSERT INTO {quote(table)} {places}", values) if rows else None


def _files_of(before: dict[str, int]):
    for model in _models():
        fields = [f for f in model._meta.concrete_fields if isinstance(f, models.FileField)]
        if fields and model._meta.db_table in before:
            for row in model._base_manager.filter(pk__gt=before[model._meta.db_table]):
                for each in fields:
                    stored = getattr(row, each.name)
                    with stored.open() as file:
                        yield each, stored.name, file.read()
