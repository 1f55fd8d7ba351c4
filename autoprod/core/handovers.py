"""Handovers: what a colleague who leaves was in charge of goes to the one who takes over.

The floor that knows accounts runs the handover; each floor above registers what it must move (the
persons a referent follows, say), so that nothing below has to know it.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import models

from autoprod.core.scoping import Scope


@dataclass(frozen=True)
class Handover:
    """Who leaves, who takes over from `on`, and the scope of whoever decides it.

    A handler moves only what the scope opens: the leaver may also work for another territory.
    """

    scope: Scope
    leaver: models.Model
    successor: models.Model
    on: date


#: Moves what a floor knows and returns how many of each, by French label; {} when nothing does.
Handler = Callable[[Handover], dict[str, int]]

_handlers: list[Handler] = []


def register(handler: Handler) -> None:
    """Add a handler; called from an app's start-up, once or more."""
    if handler not in _handlers:
        _handlers.append(handler)


def unregister(handler: Handler) -> None:
    """Take a handler away."""
    _handlers.remove(handler)


def move_all(handover: Handover) -> dict[str, int]:
    """Run every handler and return how many of each thing moved, by label, nothing at zero.

    The caller holds the transaction: either everything moves or nothing does.
    """
    moved = Counter()
    for handler in _handlers:
        moved.update(handler(handover))
    return {label: number for label, number in moved.items() if number}
