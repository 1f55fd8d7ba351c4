"""What this floor shows on the pages below it."""

from autoprod.core.panels import Panel, register
from autoprod.core.scoping import Action
from beneficiaries.services import outcomes, pathways

#: What hangs on the rights of pathways: on a person's page, on an edition's, on one's own day.
_PATHWAYS = (
    ("person_pathway", "beneficiaries/pathways/_person.html", pathways.of_persons, 10),
    ("person_pathway_side", "beneficiaries/outcomes/_person.html", outcomes.of_persons, 30),
    ("today", "beneficiaries/pathways/_today.html", pathways.to_follow, 30),
    ("edition_detail", "beneficiaries/outcomes/_edition.html", outcomes.of_editions, 50),
)


def register_all() -> None:
    """Register the panels; called once at start-up."""
    for slot, template, context, order in _PATHWAYS:
        register(Panel(slot, template, context, Action.VIEW_PATHWAYS, order))
