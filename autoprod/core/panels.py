"""Panels: how a lower page shows what a higher floor knows, without importing it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import models

from autoprod.core.scoping import Action, Scope


@dataclass(frozen=True)
class Panel:
    """A piece of page: `context(scope, objects) -> {pk: dict}`, always for a list.

    For the home page, which is about nobody, the list is empty and the key is None.
    """

    slot: str
    template: str
    context: Callable[[Scope, Sequence[models.Model]], dict]
    action: Action
    order: int = 50


_panels: list[Panel] = []


def register(panel: Panel) -> None:
    """Add a panel to a slot; called from an app's `panels` at start-up."""
    if panel not in _panels:
        _panels.append(panel)


def registered(slot: str = "") -> list[Panel]:
    """Return the panels of a slot (of all), in order."""
    chosen = [panel for panel in _panels if not slot or panel.slot == slot]
    return sorted(chosen, key=lambda panel: (panel.slot, panel.order, panel.template))


def shown(slot: str, scope: Scope, objects: Sequence[models.Model]) -> dict:
    """Return {pk: [{template, context}, …]} of what the scope may see; empty ones left out."""
    keys = [obj.pk for obj in objects] or [None]
    result = {key: [] for key in keys}
    for panel in registered(slot):
        if not scope.allows(panel.action):
            continue
        contexts = panel.context(scope, objects)
        for key in keys:
            if context := contexts.get(key):
                result[key].append({"template": panel.template, "context": context})
    return result
