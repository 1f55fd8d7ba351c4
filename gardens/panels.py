"""What this floor shows on the pages below it."""

from autoprod.core.panels import Panel, register
from autoprod.core.scoping import Action
from gardens.services import gardens, harvest_totals, hives, loans, weeks

#: On the pages of the floors below: a slot, a template, what fills it, for whom, in what order.
PANELS: tuple[Panel, ...] = (
    Panel(
        "session_detail",
        "gardens/harvests/_session.html",
        harvest_totals.of_sessions,
        Action.VIEW_GARDENS,
        30,
    ),
    Panel("today_side", "gardens/gardens/_today.html", gardens.deadlines, Action.EDIT_GARDENS, 55),
    Panel("today", "gardens/weeks/_today.html", weeks.of_today, Action.EDIT_GARDENS, 18),
    Panel(
        "session_detail", "gardens/weeks/_session.html", weeks.of_sessions, Action.VIEW_GARDENS, 30
    ),
    Panel("today_side", "gardens/hives/_today.html", hives.of_today, Action.EDIT_GARDENS, 45),
    Panel("today_side", "gardens/tools/_today.html", loans.of_today, Action.EDIT_GARDENS, 46),
    Panel(
        "person_attendance", "gardens/tools/_person.html", loans.of_persons, Action.VIEW_PERSONS, 60
    ),
    Panel(
        "session_detail", "gardens/tools/_session.html", loans.of_sessions, Action.VIEW_GARDENS, 35
    ),
)


def register_all() -> None:
    """Register the panels; called once at start-up."""
    for panel in PANELS:
        register(panel)
