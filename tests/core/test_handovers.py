"""Handovers: every handler runs, counts add up, nothing at zero is told."""

from datetime import date

import pytest

from autoprod.core import handovers
from autoprod.core.scoping import Scope


@pytest.fixture
def handover():
    scope = Scope.everything(reason="test")
    return handovers.Handover(scope=scope, leaver=None, successor=None, on=date(2026, 5, 4))


@pytest.fixture
def register():
    """Register a handler for the test only."""
    added = []

    def register_one(handler):
        handovers.register(handler)
        added.append(handler)
        return handler

    yield register_one
    for handler in added:
        handovers.unregister(handler)


def test_counts_of_all_handlers_add_up_and_zeros_are_left_out(handover, register):
    before = handovers.move_all(handover)
    register(lambda seen: {"personnes suivies": 3, "rendez-vous": 0})
    register(lambda seen: {"personnes suivies": 2})
    after = handovers.move_all(handover)
    assert after["personnes suivies"] - before.get("personnes suivies", 0) == 5
    assert "rendez-vous" not in after


def test_a_handler_receives_the_handover_once_even_registered_twice(handover, register):
    seen = []

    def handler(given):
        seen.append(given)
        return {}

    register(handler)
    handovers.register(handler)
    handovers.move_all(handover)
    assert seen == [handover]
