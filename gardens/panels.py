"""What this floor shows on the pages below it."""

from autoprod.core.panels import Panel, register

#: On the pages of the floors below: a slot, a template, what fills it, for whom, in what order.
PANELS: tuple[Panel, ...] = ()


def register_all() -> None:
    """Register the panels; called once at start-up."""
    for panel in PANELS:
        register(panel)
