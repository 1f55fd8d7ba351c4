"""Entries of this floor in the menu."""


def register_all() -> None:
    """Register the entries; called once at start-up."""
