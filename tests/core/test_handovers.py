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
def register(monkeypatch):
    """Register a handler for the test only, without those of the floors above."""
    monkeypatch.setattr(handovers, "_handlers", [])
    return handovers.register


def test_counts_of_all_handlers_add_up_and_zeros_are_left_out(handover, register):
    register(lambda seen: {"personnes suivies": 3, "rendez-vous": 0})
    register(lambda seen: {"personnes suivies": 2})
    assert handovers.move_all(handover) == {"personnes suivies": 5}


def test_a_handler_receives_the_handover_once_even_registered_twice(handover, register):
    seen = []

    def handler(given):
        seen.append(given)
        return {}

    register(handler)
    handovers.register(handler)
    handovers.move_all(handover)
    assert seen == [handover]
