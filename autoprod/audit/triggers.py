"""Rows that can only be added: the same trigger for SQLite and PostgreSQL."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

REFUSAL = "Cette ligne ne se modifie pas et ne s’efface pas."


def _statements(vendor: str, table: str) -> tuple[list[str], list[str]]:
    """Return the statements that put the trigger on a table, and those that take it away."""
    name = f"{table}_append_only"
    if vendor == "sqlite":
        forward = [
            f'CREATE TRIGGER "{name}_{verb}" BEFORE {verb} ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            for verb in ("UPDATE", "DELETE")
        ]
        return forward, [f'DROP TRIGGER IF EXISTS "{name}_{v}"' for v in ("UPDATE", "DELETE")]
    forward = [
        (
            f'CREATE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS '
            f"$$BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END$$"
        ),
        (
            f'CREATE TRIGGER "{name}_rows" BEFORE UPDATE OR DELETE ON "{table}" '
            f'FOR EACH ROW EXECUTE FUNCTION "{name}"()'
        ),
        (
            f'CREATE TRIGGER "{name}_table" BEFORE TRUNCATE ON "{table}" '
            f'FOR EACH STATEMENT EXECUTE FUNCTION "{name}"()'
        ),
    ]
    backward = [
        f'DROP TRIGGER IF EXISTS "{name}_rows" ON "{table}"',
        f'DROP TRIGGER IF EXISTS "{name}_table" ON "{table}"',
        f'DROP FUNCTION IF EXISTS "{name}"()',
    ]
    return forward, backward


class AppendOnly(Operation):
    """Migration operation: from now on the table's rows can only be added."""

    reversible = True

    def __init__(self, table: str) -> None:
        """Name the table; it exists when the operation runs."""
        self.table = table

    def state_forwards(self, app_label: str, state: object) -> None:
        """Leave the models' state alone: a trigger is not part of it."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state, to_state
    ) -> None:
        """Create the triggers."""
        for statement in _statements(schema_editor.connection.vendor, self.table)[0]:
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state, to_state
    ) -> None:
        """Drop the triggers."""
        for statement in _statements(schema_editor.connection.vendor, self.table)[1]:
            schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        """Return what the operation does, for `migrate --plan`."""
        return f"Rows of {self.table} can only be added"


class NoReplacing(Operation):
    """Migration operation: from now on SQLite's OR REPLACE takes no row of the table away.

    It deletes the rows in the way of a new one without a trigger of DELETE
    (sqlite.org/lang_conflict.html). `same` is a condition on NEW and on such a row, called
    « taken »: one clause a unique key. PostgreSQL has nothing of the kind.
    """

    reversible = True

    def __init__(self, table: str, *, same: str = "taken.id = NEW.id") -> None:
        """Name the table, whose rows can only be added."""
        self.table, self.same = table, same

    @property
    def trigger(self) -> str:
        """Return the name of the trigger."""
        return f"{self.table}_append_only_REPLACE"

    def state_forwards(self, app_label: str, state: object) -> None:
        """Leave the models' state alone: a trigger is not part of it."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state, to_state
    ) -> None:
        """Create the trigger."""
        if schema_editor.connection.vendor == "sqlite":
            # Our own condition: nothing that anybody typed.
            taken = f'SELECT 1 FROM "{self.table}" taken WHERE {self.same}'  # noqa: S608
            schema_editor.execute(
                f'CREATE TRIGGER "{self.trigger}" BEFORE INSERT ON "{self.table}" '
                f"WHEN EXISTS ({taken}) BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
                params=None,
            )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state, to_state
    ) -> None:
        """Drop the trigger."""
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f'DROP TRIGGER IF EXISTS "{self.trigger}"', params=None)

    def describe(self) -> str:
        """Return what the operation does, for `migrate --plan`."""
        return f"Rows of {self.table} cannot be replaced"
