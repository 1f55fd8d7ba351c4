"""Entries of this floor in the menu."""

from autoprod.core.navigation import Entry, register
from autoprod.core.scoping import Action


def register_all() -> None:
    """Register the entries; called once at start-up."""
    register(
        Entry(
            "Piloter",
            "Tableau de bord",
            "chart-column",
            "evaluation:dashboard",
            Action.VIEW_FIGURES,
            order=-1,
            prefix="evaluation:figure_",
            within="period",
        )
    )
    register(
        Entry(
            "Piloter",
            "Bilans",
            "file-text",
            "evaluation:report_list",
            Action.VIEW_FIGURES,
            order=1,
            prefix="evaluation:report_",
            within="programme",
        )
    )
