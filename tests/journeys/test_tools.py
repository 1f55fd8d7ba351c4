"""A leader lends a tool from a phone and takes it back, in a few taps."""

import pytest

from gardens.models import Loan, Repair
from tests.factories import beneficiaries as people
from tests.factories import gardens as grow
from tests.journeys.browser import PHONE, expect, login, visit
from tests.journeys.steps import follow, press

pytestmark = pytest.mark.parametrize("page", [PHONE], indirect=True)


@pytest.fixture
def garden(world):
    return world.here.garden


def test_a_tool_goes_out_and_comes_back_on_a_phone(garden, page):
    people.make_person(garden.programme, "Karim", "Diallo")
    tool = grow.make_tool(garden.programme, "Arrosoir", number="042", accessories="pomme")
    login(page, garden.workshop_leader)
    visit(page, f"/actions/{garden.programme.pk}/jardin/outils/")
    lend = page.get_by_role("link", name="Prêter Arrosoir 042")
    assert lend.bounding_box()["height"] >= 44
    follow(page, "Prêter Arrosoir 042")
    page.get_by_label("Qui l’emporte").select_option(label="Karim Diallo")
    press(page, "Prêter")
    expect(page.get_by_text("À Karim Diallo, retour prévu")).to_be_visible()
    assert Loan.objects.get(tool=tool).returned_on is None

    follow(page, "Rendre Arrosoir 042")
    page.get_by_label("pomme").uncheck()
    page.get_by_label("À réparer").fill("Anse cassée")
    press(page, "Rendu")
    loan = Loan.objects.get(tool=tool)
    assert loan.returned_on
    assert loan.state_in == "il manque\u00a0: pomme"
    assert Repair.objects.get(tool=tool).problem == "Anse cassée"


def test_a_hive_is_visited_on_a_phone(garden, page):
    apiary = garden.grown.apiary
    login(page, garden.workshop_leader)
    visit(page, f"/ruchers/{apiary.pk}/")
    follow(page, f"Visiter {garden.grown.colony}")
    page.get_by_role("radio", name="4", exact=True).check()
    page.get_by_label("Reine vue").check()
    page.get_by_role("radio", name="dans 14 jours").check()
    press(page, "Enregistrer")
    expect(page.get_by_text("force 4 sur 5")).to_be_visible()
