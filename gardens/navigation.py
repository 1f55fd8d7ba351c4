"""Entries of this floor in the menu."""

from autoprod.core.navigation import Entry, register
from autoprod.core.periods import Kind
from autoprod.core.scoping import Action
from programmes.enums import Module

#: « Au quotidien », after the presences (20) and the persons (30): the day in the garden.
ENTRIES: tuple[Entry, ...] = (
    Entry(
        "Au quotidien",
        "Stock",
        "shopping-basket",
        "gardens:stock_list",
        Action.VIEW_GARDENS,
        module=Module.GARDEN,
        order=46,
        prefix=tuple(
            f"gardens:{name}_"
            for name in ("stock", "lot", "movement", "recall", "gift_note", "price")
        ),
        within="programme",
    ),
    Entry(
        "Au quotidien",
        "Récoltes",
        "carrot",
        "gardens:harvest_list",
        Action.VIEW_GARDENS,
        module=Module.GARDEN,
        order=44,
        prefix="gardens:harvest_",
        within="period",
    ),
    Entry(
        "Au quotidien",
        "Peser",
        "scale",
        "gardens:harvest_weigh",
        Action.EDIT_GARDENS,
        module=Module.GARDEN,
        order=43,
        within="programme",
        on_devices=True,
    ),
    Entry(
        "Au quotidien",
        "Jardins",
        "layers",
        "gardens:garden_list",
        Action.VIEW_GARDENS,
        module=Module.GARDEN,
        order=40,
        prefix=tuple(
            f"gardens:{name}_" for name in ("garden", "label", "agreement", "plot", "holding")
        ),
        within="programme",
    ),
    Entry(
        "Au quotidien",
        "Cultures",
        "leaf",
        "gardens:planting_list",
        Action.VIEW_GARDENS,
        module=Module.GARDEN,
        order=42,
        prefix=tuple(
            f"gardens:{name}_"
            for name in ("planting", "plan", "species", "variety", "operation", "reading", "week")
        ),
        within="period",
        kind=Kind.YEAR,
    ),
    Entry(
        "Au quotidien",
        "Ruchers",
        "hexagon",
        "gardens:apiary_list",
        Action.VIEW_GARDENS,
        module=Module.GARDEN,
        order=48,
        prefix=tuple(
            f"gardens:{name}_"
            for name in ("apiary", "colony", "visit", "treatment", "honey", "declaration")
        ),
        within="programme",
    ),
    Entry(
        "Au quotidien",
        "Outils",
        "hammer",
        "gardens:tool_list",
        Action.VIEW_GARDENS,
        module=Module.GARDEN,
        order=49,
        prefix=tuple(f"gardens:{name}_" for name in ("tool", "loan", "repair")),
        within="programme",
    ),
)


def register_all() -> None:
    """Register the entries; called once at start-up."""
    for entry in ENTRIES:
        register(entry)
