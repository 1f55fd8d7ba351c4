"""The demo, entered as each of its six people: every page their menu names opens and holds."""

import pytest
from django.core.management import call_command

from programmes.enums import Role
from tests.journeys.browser import DESK, PHONE, Page, check, expect, visit

#: In everybody's menu; new pages add theirs.
FRAME = {"Aujourd’hui", "Actions", "Sites", "Partenaires", "Territoires"}
#: Their menus hold every page that the others' do, but the administrator's.
ON_A_PHONE = (Role.PROGRAMME_MANAGER, Role.WORKSHOP_LEADER)
#: In the administrator's alone.
ADMINISTRATION = {"Comptes", "Listes", "Journal"}


@pytest.fixture
def demo(db):
    """Load the demo in the test's base."""
    call_command("load_demo", verbosity=0)


def menu_of(page: Page) -> list[tuple[str, str]]:
    """Return the entries of the menu: their words and where they lead."""
    links = page.locator("#navigation .nav-entry")
    return [(link.text_content().strip(), link.get_attribute("href")) for link in links.all()]


def test_every_entry_of_the_menu_opens_to_each_role(demo, page, open_tab):
    """One load of the demo serves its people, each in a tab of their own."""
    for role in Role if page.viewport == DESK else ON_A_PHONE:
        tab = open_tab()
        visit(tab, "/connexion/")
        expect(tab.get_by_text("Données fictives")).to_be_visible()
        with tab.expect_navigation():
            tab.get_by_role("button", name=f", {role.label}").click()
        check(tab)
        every_entry_opens(tab, role)


def every_entry_opens(page: Page, role: Role) -> None:
    """Open each page that the menu names."""
    menu = menu_of(page)
    labels = {label for label, _ in menu}
    assert labels >= FRAME
    assert labels & ADMINISTRATION == (ADMINISTRATION if role == Role.ADMINISTRATOR else set())
    for label, url in menu:
        visit(page, url)
        expect(page.get_by_text("Données fictives")).to_be_visible()
        expect(page.locator("#navigation [aria-current=page]")).to_have_text(label)


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_the_page_of_the_action_on_a_phone(demo, page):
    visit(page, "/connexion/")
    with page.expect_navigation():
        page.get_by_role("button", name=", Encadrant technique").click()
    page.get_by_role("link", name="Les Jardins du cœur").first.click()
    page.wait_for_url("**/actions/*/")
    check(page)
    expect(page.get_by_role("heading", name="Objectifs en cours")).to_be_visible()
    expect(page.get_by_role("link", name="Modifier")).to_have_count(0)


def test_a_real_base_offers_no_ready_made_people(world, page):
    visit(page, "/connexion/")

    expect(page.get_by_label("Mot de passe")).to_be_visible()
    expect(page.get_by_role("button", name="Entrer comme")).to_have_count(0)
    expect(page.get_by_text("Données fictives")).to_have_count(0)
