"""A social worker notes who somebody is, where they live, hidden if need be, and with whom."""

import pytest

from tests.factories import beneficiaries as people
from tests.factories import programmes as make
from tests.journeys.browser import DESK, expect, login, visit
from tests.journeys.steps import follow, press


@pytest.fixture
def garden(world):
    make.make_organisation(world.here.territory, "CCAS de Denain")
    return world.here.garden


@pytest.fixture
def karim(garden):
    person = people.make_person(
        garden.programme, "Karim", "Diallo", referent=garden.programme_manager
    )
    person.contact_name, person.activity_notes = "Mme Petit, sa logeuse", "pas de ruches"
    person.save()
    return person


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_who_somebody_is_and_who_they_live_with(garden, karim, page):
    people.make_person(garden.programme, "Awa", "Diallo")
    login(page, garden.social_worker)
    visit(page, f"/personnes/{karim.pk}/situation/")
    expect(page.get_by_text("pas de ruches")).to_be_visible()
    expect(page.locator(".subtitle")).to_contain_text("par Mme Petit")

    follow(page, "Modifier l’identité")
    page.get_by_label("Date de naissance").fill("1973")
    page.get_by_label("Domiciliation auprès de").select_option(label="CCAS de Denain")
    page.get_by_label("Domiciliation jusqu’au").fill("2020-01-01")
    press(page, "Enregistrer")
    expect(page.get_by_text("1973 (année seule)")).to_be_visible()
    expect(page.get_by_text("La domiciliation a pris fin")).to_be_visible()

    follow(page, "Ajouter quelqu’un")
    page.get_by_label("Nom ou prénom").fill("awa")
    page.get_by_label("Dans le foyer").select_option(label="Conjoint")
    press(page, "Chercher")
    page.get_by_label("Awa Diallo").check()
    expect(page.get_by_label("Dans le foyer")).to_have_value(
        str(make.code("household_relations", "conjoint").pk)
    )
    press(page, "Ajouter")
    expect(page.get_by_role("link", name="Awa Diallo", exact=True)).to_be_visible()
    follow(page, "Ajouter quelqu’un")
    page.get_by_label("Prénom", exact=False).last.fill("Lou")
    press(page, "Ajouter")
    follow(page, "Départ de Lou")
    press(page, "Noter le départ")
    expect(page.locator(".line-list-note").filter(has_text="jusqu’au")).to_be_visible()


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_an_address_is_hidden_by_who_does_not_follow(garden, karim, page):
    login(page, garden.social_worker)
    visit(page, f"/personnes/{karim.pk}/situation/")
    follow(page, "Modifier l’adresse")
    page.get_by_label("Numéro et rue").fill("12 rue des Lilas")
    page.get_by_label("adresse masquée").check()
    press(page, "Enregistrer")
    expect(page.get_by_text("Vous n’êtes pas référent de cette personne")).to_be_visible()
    page.get_by_label("J’ai compris").check()
    press(page, "Enregistrer")
    expect(page.get_by_text("seul le référent la voit")).to_be_visible()
    expect(page.get_by_text("rue des Lilas")).to_have_count(0)
    visit(page, f"/personnes/{karim.pk}/adresse/", status=403)
    expect(page.get_by_text("Cette adresse est masquée")).to_be_visible()
    expect(page.get_by_text(garden.programme_manager.get_full_name())).to_be_visible()
