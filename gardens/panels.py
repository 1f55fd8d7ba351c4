"""What this floor shows on the pages below it."""

from autoprod.core.panels import Panel, register
from autoprod.core.scoping import Action
from gardens.services import gardens, weeks

#: On the pages of the floors below: a slot, a template, what fills it, for whom, in what order.
PANELS: tuple[Panel, ...] = (
    Panel("today_side", "gardens/gardens/_today.html", gardens.deadlines, Action.EDIT_GARDENS, 55),
    Panel("today", "gardens/weeks/_today.html", weeks.of_today, Action.EDIT_GARDENS, 18),
    Panel(
        "session_detail", "gardens/weeks/_session.html", weeks.of_sessions, Action.VIEW_GARDENS, 30
    ),
)


def register_all() -> None:
    """Register the panels; called once at start-up."""
    for panel in PANELS:
        register(panel)
