"""The programme's sheet: its text, its pages, what it must not say."""

import pytest

from autoprod.audit.models import AuditEvent
from autoprod.core.models import Installation
from tests.harness.prints import text_of


def sheet_text(client, programme) -> str:
    answer = client.get(f"/actions/{programme.pk}/fiche/")
    assert answer.headers["Content-Type"] == "application/pdf"
    return text_of(answer.content)


@pytest.fixture
def browser(world, client_for):
    return client_for(world.here.garden.committee_member)


def test_the_sheet_says_what_the_programme_is_and_with_whom(world, browser):
    garden = world.here.garden
    text = sheet_text(browser, garden.programme)
    for words in (garden.programme.name, garden.site.name, garden.funder.name, "1 / 1"):
        assert words in text
    assert world.here.kitchen.funder.name not in text
    assert AuditEvent.objects.filter(verb="document").count() == 1


def test_the_sheet_of_a_demo_says_so(world, browser):
    assert "Données fictives" not in sheet_text(browser, world.here.garden.programme)
    Installation.objects.create(pk=1, is_demo=True)
    assert "Données fictives" in sheet_text(browser, world.here.garden.programme)
