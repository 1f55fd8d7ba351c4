"""Everything a day needs works in a browser whose scripts are off."""

import pytest

from programmes.models import Organisation
from tests.factories.accounts import PASSWORD
from tests.journeys.browser import PHONE, VIEWPORTS, Page, expect
from tests.journeys.steps import type_login


@pytest.fixture
def bare(open_tab, world) -> Page:
    """Return a tab without scripts, where the garden's social worker has just logged in."""
    tab = open_tab(scripts=False)
    tab.goto("/organisations/")
    type_login(tab, world.here.garden.social_worker.email, PASSWORD)
    tab.wait_for_url("**/organisations/")
    return tab


def go(tab: Page, act) -> None:
    """Act, and see that the page it leads to is not wider than the screen."""
    with tab.expect_navigation():
        act()
    assert not tab.problems
    width = VIEWPORTS[tab.viewport]["width"]
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_a_list_is_filtered_and_a_form_saved(bare, world):
    funder = world.here.garden.funder
    bare.get_by_label("Nom", exact=True).fill("financeur")
    go(bare, bare.get_by_role("button", name="Filtrer").click)
    rows = bare.get_by_role("main").get_by_role("link")
    expect(rows.filter(has_text=funder.name)).to_be_visible()
    expect(rows.filter(has_text=world.here.operator.name)).to_have_count(0)
    go(bare, bare.get_by_role("link", name="Tout afficher").click)
    expect(rows.filter(has_text=world.here.operator.name)).to_be_visible()

    go(bare, bare.get_by_role("link", name="Ajouter une organisation").click)
    bare.get_by_label("Nom", exact=True).fill("Midi Partage")
    bare.get_by_label("Nature").select_option(label="Autre association")
    bare.get_by_label("SIRET").fill("123 456 789 00012")
    go(bare, bare.get_by_role("button", name="Enregistrer").click)
    expect(bare.get_by_label("SIRET")).to_have_attribute("aria-invalid", "true")
    expect(bare.get_by_label("Nom", exact=True)).to_have_value("Midi Partage")
    bare.get_by_label("SIRET").fill("")
    go(bare, bare.get_by_role("button", name="Enregistrer").click)
    expect(bare.get_by_role("heading", level=1, name="Midi Partage")).to_be_visible()
    assert Organisation.objects.get(name="Midi Partage").territory == world.here.territory


def test_the_menu_and_the_way_out(bare):
    if bare.viewport == PHONE:
        expect(bare.get_by_role("link", name="Sites")).to_be_hidden()
        bare.get_by_label("Ouvrir le menu").click()
    go(bare, bare.get_by_role("link", name="Sites").click)
    expect(bare.get_by_role("heading", level=1, name="Sites")).to_be_visible()
    if bare.viewport == PHONE:
        bare.get_by_label("Ouvrir le menu").click()
        bare.get_by_label("Fermer le menu").click()
        expect(bare.get_by_role("link", name="Sites")).to_be_hidden()

    bare.locator("summary.avatar").click()
    go(bare, bare.get_by_role("button", name="Se déconnecter").click)
    expect(bare.get_by_role("heading", name="Connexion")).to_be_visible()
