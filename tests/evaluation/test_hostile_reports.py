"""Somebody outside the team who opens a bilan early: what is being written is not theirs yet."""

import pytest
from django.urls import reverse

from evaluation.enums import Audience
from evaluation.services import reports
from programmes.access import scope_of
from programmes.enums import Role
from tests.evaluation.bilans import MARCH, words_of
from tests.factories import evaluation as bilans

OUTSIDE = (Role.WORKSHOP_LEADER, Role.COMMITTEE_MEMBER, Role.NETWORK_COORDINATOR)


@pytest.fixture
def garden(world):
    return world.here.garden


def publish(garden, **reason):
    scope = scope_of(garden.programme_manager)
    number = reports.next_number(scope, garden.programme, MARCH)
    asked = {"scope": scope, "programme": garden.programme, "period": MARCH}
    return reports.publish(**asked, number=number, **reason)


@pytest.mark.parametrize("role", OUTSIDE)
def test_words_are_read_outside_the_team_once_published(role, garden, client_for):
    page = reverse("evaluation:report_detail", args=[garden.programme.pk, MARCH])
    browser, manager = client_for(garden.member(role)), client_for(garden.programme_manager)
    note = bilans.make_note(garden.programme, MARCH, "Karim a eu un contrat.")
    assert "Karim" in manager.get(page).content.decode()
    assert "Karim" not in browser.get(page).content.decode()
    note.text = "Un contrat a été signé."
    note.save()
    publish(garden)
    note.text = "Encore Karim."
    note.save()
    html = browser.get(page).content.decode()
    assert "Un contrat a été signé." in html
    assert "Karim" not in html
    assert "Encore Karim." in manager.get(page).content.decode()


def test_the_document_of_the_day_says_no_more_than_the_page(garden, client_for):
    bilans.make_note(garden.programme, MARCH, "Karim a eu un contrat.")
    args = [garden.programme.pk, MARCH, Audience.DIFFUSION.value]
    path = reverse("evaluation:report_pdf", args=args)
    readers = (garden.programme_manager, garden.committee_member)
    texts = [words_of(client_for(user).get(path).content) for user in readers]
    assert ["Karim" in text for text in texts] == [True, False]
