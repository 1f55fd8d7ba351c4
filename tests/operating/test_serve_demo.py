"""What `serve` loads before it serves: a demo at each start, nothing in real records."""

from io import StringIO

import pytest
from django.core.management.base import CommandError

from autoprod.core.models import Installation
from autoprod.operating.management.commands import serve

pytestmark = pytest.mark.django_db


@pytest.fixture
def called(monkeypatch) -> list[str]:
    """Return the commands called, which do nothing."""
    names = []
    monkeypatch.setattr(serve, "call_command", names.append)
    return names


def prepare(*, demo: bool) -> str:
    """Run what comes before serving, and return what it said."""
    said = StringIO()
    serve.Command(stdout=said)._ensure_installation(demo=demo)
    return said.getvalue()


@pytest.mark.parametrize("is_demo", [None, True])
def test_the_demo_is_loaded_at_each_start(called, is_demo):
    if is_demo:
        Installation.objects.create(pk=1, is_demo=True)
    assert prepare(demo=True) == ""
    assert called == ["load_demo"]


def test_a_demo_started_without_the_option_lives_on_too(called):
    Installation.objects.create(pk=1, is_demo=True)
    prepare(demo=False)
    assert called == ["load_demo"]


def test_real_records_receive_nothing(called):
    Installation.objects.create(pk=1, is_demo=False)
    prepare(demo=False)
    assert called == []


def test_an_empty_base_that_cannot_take_the_demo_is_not_served(monkeypatch):
    def fail(name: str) -> None:
        raise CommandError(name)

    monkeypatch.setattr(serve, "call_command", fail)
    with pytest.raises(CommandError, match="load_demo"):
        prepare(demo=True)
    Installation.objects.create(pk=1, is_demo=True)
    assert "reste telle qu’elle était" in prepare(demo=True)
