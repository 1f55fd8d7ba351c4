"""Copies of the database: written while the app runs, read back aside, put in place whole.

One module per engine, with the same functions: `write(target)`, `read(source)`,
`replace(source)`.
"""

from types import ModuleType

from django.db import connection

from autoprod.operating.dumps import postgresql, sqlite

ENGINES = {"sqlite": sqlite, "postgresql": postgresql}


def engine() -> ModuleType:
    """Return the module of the engine this installation uses."""
    return ENGINES[connection.vendor]
