"""Entries of this floor in the menu."""

from autoprod.core.navigation import Entry, register

#: « Au quotidien », after the presences (20) and the persons (30): the day in the garden.
ENTRIES: tuple[Entry, ...] = ()


def register_all() -> None:
    """Register the entries; called once at start-up."""
    for entry in ENTRIES:
        register(entry)
