"""A leader opens their phone with six digits: the roll, and nothing else."""

import pytest

from tests.factories.accounts import PASSWORD
from tests.journeys.browser import PHONE, check, expect, login, visit
from tests.journeys.mornings import open_morning
from tests.journeys.steps import follow, press
from tests.journeys.test_accounts import log_out

CODE = "274916"


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_phone_opens_the_roll_with_its_code_and_the_account_with_the_password(garden, page):
    morning, leader = open_morning(garden), garden.workshop_leader
    login(page, leader)
    visit(page, "/mon-compte/")
    follow(page, "Choisir un code")
    page.get_by_label("Nom de l’appareil").fill("Téléphone du jardin")
    page.get_by_label("Code à 6 chiffres").fill("123456")
    page.get_by_label("Le même, une deuxième fois").fill("123456")
    press(page, "Enregistrer ce code")
    expect(page.get_by_text("Ce code est trop facile à deviner.")).to_be_visible()
    page.get_by_label("Code à 6 chiffres").fill(CODE)
    page.get_by_label("Le même, une deuxième fois").fill(CODE)
    press(page, "Enregistrer ce code")
    expect(page.get_by_role("button", name="Retirer Téléphone du jardin")).to_be_visible()
    log_out(page)

    follow(page, "Déverrouiller avec le code de cet appareil")
    page.get_by_label("Code de cet appareil").fill("385027")
    press(page, "Déverrouiller")
    expect(page.get_by_text("Il vous reste 4 essais.")).to_be_visible()
    page.get_by_label("Code de cet appareil").fill(CODE)
    press(page, "Déverrouiller")
    page.locator(f'a[href="/seances/{morning.pk}/pointer/"]').first.click()
    page.wait_for_url(f"**/seances/{morning.pk}/pointer/")
    check(page)
    first = page.locator(".roll-row").first
    first.get_by_role("button", name="Présent", exact=True).click()
    expect(first.locator('[data-status="present"]')).to_be_visible()

    visit(page, "/mon-compte/")
    expect(page.get_by_text("Cette page demande votre mot de passe.")).to_be_visible()
    page.get_by_label("Adresse e-mail").fill(leader.email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    press(page, "Se connecter")
    press(page, "Retirer Téléphone du jardin")
    expect(page.get_by_role("link", name="Choisir un code")).to_be_visible()
    log_out(page)
    expect(page.get_by_text("Déverrouiller avec le code")).to_have_count(0)
