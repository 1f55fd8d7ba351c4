"""What a copy of the database holds, so that two copies can be compared."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

#: A cursor's `execute` and `fetchall` in one: SQL in, rows out.
Query = Callable[[str], list[tuple]]


class DumpError(Exception):
    """The copy could not be made, read or put back; the message is French, for the operator."""


@dataclass(frozen=True)
class Facts:
    """Rows per table, applied migrations (« app.name »), and what the base says it is."""

    counts: dict[str, int]
    migrations: list[str]
    #: True for a demo, False for real records, None before the first start.
    is_demo: bool | None


def gather(query: Query, tables: Iterable[str]) -> Facts:
    """Return the facts of the base that `query` reads; `tables` are its table names."""
    counts = {
        # A table's name comes from the base's own catalogue.
        table: query(f'SELECT count(*) FROM "{table}"')[0][0]  # noqa: S608
        for table in sorted(tables)
    }
    applied, demo = [], []
    if "django_migrations" in counts:
        applied = query("SELECT app, name FROM django_migrations")
    if "core_installation" in counts:
        demo = query("SELECT is_demo FROM core_installation")
    return Facts(
        counts=counts,
        migrations=sorted(f"{app}.{name}" for app, name in applied),
        is_demo=bool(demo[0][0]) if demo else None,
    )
