"""A social worker notes the first moment of a situation, then comes back for the rest."""

import re

import pytest

from beneficiaries.models import Situation
from tests.factories import programmes as make
from tests.journeys.browser import Page, Remote, expect, login, visit
from tests.journeys.steps import follow, press


@pytest.fixture
def garden(world):
    make.make_district(world.here.territory, "Fg de Paris")
    return world.here.garden


def said(page: Page, label: str) -> Remote:
    """Return what the page says of a question."""
    question = page.locator("dt").filter(has_text=re.compile(f"^{label}$"))
    return question.locator("xpath=following-sibling::dd[1]")


def test_a_situation_in_two_moments(garden, page):
    login(page, garden.social_worker)
    visit(page, f"/actions/{garden.programme.pk}/personnes/nouvelle/")
    page.get_by_label("Prénom").fill("Awa")
    page.get_by_label("Nom", exact=True).fill("Benali")
    page.get_by_label("Entré le").fill("2016-01-04")
    page.get_by_label("Quartier").select_option(label="Fg de Paris")
    page.get_by_label("Aucun minimum social").check()
    press(page, "Inscrire")
    follow(page, "Situation")
    expect(said(page, "Minima sociaux")).to_have_text("Aucun minimum social")
    expect(said(page, "Permis de conduire")).to_have_text("pas encore demandé")

    follow(page, "Compléter la situation")
    expect(page.get_by_label("Quartier")).to_have_count(0)
    page.get_by_label("Permis de conduire").select_option(label="Ne souhaite pas répondre")
    page.get_by_label("Médecin traitant déclaré").select_option(label="Non")
    page.get_by_label("Enfants à charge").fill("0")
    press(page, "Enregistrer")

    expect(said(page, "Quartier")).to_have_text("Fg de Paris")
    expect(said(page, "Permis de conduire")).to_have_text("Ne souhaite pas répondre")
    expect(said(page, "Médecin traitant déclaré")).to_have_text("Non")
    expect(said(page, "Enfants à charge")).to_have_text("aucun")
    expect(said(page, "Couverture santé")).to_have_text("pas encore demandé")
    left = page.locator(".line-list-note").filter(has_text="la couverture santé")
    expect(left).to_be_visible()
    expect(left).not_to_contain_text("le permis de conduire")
    expect(page.get_by_role("link", name="Compléter la situation")).to_be_visible()
    assert Situation.objects.get(person__last_name="Benali").regular_doctor.code == "non"
