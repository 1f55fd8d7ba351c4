"""What the base itself writes after a row is added: one trigger for SQLite and PostgreSQL.

For a figure that must always follow from its rows, whatever door they come in by.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation


class Follow(Operation):
    """Migration operation: from now on a statement runs after each row added to a table.

    `statement` is SQL on NEW that both engines read.
    """

    reversible = True

    def __init__(self, name: str, *, table: str, statement: str) -> None:
        """Name the rule; its tables exist when the operation runs."""
        self.name, self.table, self.statement = name, table, statement

    def deconstruct(self) -> tuple[str, list, dict]:
        """Return what makes the same operation again."""
        return type(self).__name__, [self.name], {"table": self.table, "statement": self.statement}

    def state_forwards(self, app_label: str, state: object) -> None:
        """Leave the models' state alone: a trigger is not part of it."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state, to_state
    ) -> None:
        """Create the trigger."""
        write = _on_sqlite if schema_editor.connection.vendor == "sqlite" else _on_postgresql
        for statement in write(self):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state, to_state
    ) -> None:
        """Drop the trigger."""
        is_sqlite = schema_editor.connection.vendor == "sqlite"
        drop = "DROP TRIGGER IF EXISTS" if is_sqlite else "DROP FUNCTION IF EXISTS"
        end = "" if is_sqlite else "() CASCADE"
        schema_editor.execute(f'{drop} "{self.name}"{end}', params=None)

    def describe(self) -> str:
        """Return what the operation does, for `migrate --plan`."""
        return f"Write after each row of {self.table} ({self.name})"


def _on_sqlite(rule: Follow) -> list[str]:
    return [
        (f'CREATE TRIGGER "{rule.name}" AFTER INSERT ON "{rule.table}" BEGIN {rule.statement}; END')
    ]


def _on_postgresql(rule: Follow) -> list[str]:
    return [
        (
            f'CREATE FUNCTION "{rule.name}"() RETURNS trigger LANGUAGE plpgsql AS '
            f"$$BEGIN {rule.statement}; RETURN NULL; END$$"
        ),
        (
            f'CREATE TRIGGER "{rule.name}" AFTER INSERT ON "{rule.table}" '
            f'FOR EACH ROW EXECUTE FUNCTION "{rule.name}"()'
        ),
    ]
