"""Upkeep: every floor's old rows are thrown away by the worker."""

import pytest

from autoprod.operating import upkeep


def test_every_task_is_done_in_order(monkeypatch):
    monkeypatch.setattr(upkeep, "_tasks", {})
    done = []
    upkeep.register("a", lambda: done.append("a"))
    upkeep.register("b", lambda: done.append("b"))
    assert upkeep.run() == ["a", "b"] == done


def test_two_tasks_cannot_share_a_name(monkeypatch):
    monkeypatch.setattr(upkeep, "_tasks", {})
    upkeep.register("a", print)
    upkeep.register("a", print)
    with pytest.raises(ValueError, match="a"):
        upkeep.register("a", repr)


def test_what_grows_is_registered(db):
    assert {"travaux", "sessions", "tentatives de connexion"} <= set(upkeep.run())
