"""What this floor shows on the pages below it."""


def register_all() -> None:
    """Register the panels; called once at start-up."""
