"""What the base itself refuses: one trigger, written once, for SQLite and PostgreSQL.

Whatever the door, somebody is told the words of the trigger: see `told`.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

#: What a refusal of ours is called by PostgreSQL (restrict_violation).
_SQLSTATE = "23001"


def words_of(error: DatabaseError) -> str:
    """Return the French words of one of our triggers; empty for any other error."""
    cause = error.__cause__
    if getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_CONSTRAINT_TRIGGER:
        return str(cause)
    if getattr(cause, "sqlstate", None) == _SQLSTATE:
        return cause.diag.message_primary or ""
    return ""


@contextmanager
def told() -> Iterator[None]:
    """Raise ValidationError, code « refused », with the words of the trigger that refuses.

    Stands outside of the transaction, which is rolled back then. Decorates a service too.
    """
    try:
        yield
    except IntegrityError as error:
        if words := words_of(error):
            raise ValidationError(words, code="refused") from error
        raise


class Refuse(Operation):
    """Migration operation: from now on the base refuses to change some rows of a table.

    `cases` gives, for INSERT, UPDATE or DELETE, a condition on OLD and NEW that both engines
    read; PostgreSQL's TRUNCATE, which has neither, takes one too. SQLite's OR REPLACE deletes the
    rows in the way of NEW without a trigger of DELETE (sqlite.org/lang_conflict.html): the
    condition of REPLACE is on NEW and on such a row, called « taken ». `message` is in French.
    """

    reversible = True

    def __init__(self, name: str, *, table: str, cases: Mapping[str, str], message: str) -> None:
        """Name the rule; the table exists when the operation runs."""
        self.name, self.table, self.cases, self.message = name, table, cases, message

    def deconstruct(self) -> tuple[str, list, dict]:
        """Return what makes the same operation again."""
        values = {"table": self.table, "cases": self.cases, "message": self.message}
        return type(self).__name__, [self.name], values

    def state_forwards(self, app_label: str, state: object) -> None:
        """Leave the models' state alone: a trigger is not part of it."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state, to_state
    ) -> None:
        """Create the triggers."""
        write = _on_sqlite if schema_editor.connection.vendor == "sqlite" else _on_postgresql
        for event, condition in self.cases.items():
            for statement in write(self, event, condition):
                schema_editor.execute(statement, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state, to_state
    ) -> None:
        """Drop the triggers."""
        is_sqlite = schema_editor.connection.vendor == "sqlite"
        for event in self.cases:
            name = self.trigger(event)
            if not is_sqlite:
                drop = f'DROP FUNCTION IF EXISTS "{name}"() CASCADE'
                schema_editor.execute(drop, params=None)
                continue
            for made in (name, *(f"{name}_{verb}" for verb in _IN_THE_WAY)):
                schema_editor.execute(f'DROP TRIGGER IF EXISTS "{made}"', params=None)

    def trigger(self, event: str) -> str:
        """Return the name of the trigger of an event."""
        return f"{self.name}_{event.lower()}"

    def describe(self) -> str:
        """Return what the operation does, for `migrate --plan`."""
        return f"Refuse some changes of {self.table} ({self.name})"


#: What may take a row away on its way, and the row that it changes itself.
_IN_THE_WAY = {"INSERT": "", "UPDATE": " AND taken.id <> OLD.id"}


def _on_sqlite(rule: Refuse, event: str, condition: str) -> list[str]:
    if event == "TRUNCATE":
        return []
    name, wanted = rule.trigger(event), {event: condition}
    if event == "REPLACE":
        wanted = {
            # Our own conditions: nothing that anybody typed.
            verb: f'EXISTS (SELECT 1 FROM "{rule.table}" taken WHERE ({condition}){but})'  # noqa: S608
            for verb, but in _IN_THE_WAY.items()
        }
    return [
        (
            f'CREATE TRIGGER "{name if verb == event else f"{name}_{verb}"}" '
            f'BEFORE {verb} ON "{rule.table}" '
            f"WHEN {when} BEGIN SELECT RAISE(ABORT, '{rule.message}'); END"
        )
        for verb, when in wanted.items()
    ]


def _on_postgresql(rule: Refuse, event: str, condition: str) -> list[str]:
    if event == "REPLACE":
        return []
    name = rule.trigger(event)
    row = "OLD" if event == "DELETE" else "NEW"
    each = "STATEMENT" if event == "TRUNCATE" else "ROW"
    return [
        (
            f'CREATE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS '
            f"$$BEGIN IF {condition} THEN "
            f"RAISE EXCEPTION '{rule.message}' USING ERRCODE = 'restrict_violation'; END IF; "
            f"RETURN {'NULL' if event == 'TRUNCATE' else row}; END$$"
        ),
        (
            f'CREATE TRIGGER "{name}" BEFORE {event} ON "{rule.table}" '
            f'FOR EACH {each} EXECUTE FUNCTION "{name}"()'
        ),
    ]
