"""Somebody is found from two letters, by the keyboard alone, on a phone and at a desk."""

import re

import pytest

from tests.factories import beneficiaries as people
from tests.journeys.browser import DESK, axe, check, expect, login, visit


@pytest.fixture
def garden(world):
    garden = world.here.garden
    for first_name in ("Karim", "Fatou", "Awa"):
        people.make_person(garden.programme, first_name, "Diallo")
    return garden


@pytest.fixture
def field(garden, page):
    """Return the field of the search: in the top bar, or on its page on a phone."""
    login(page, garden.social_worker)
    visit(page, "/")
    if page.viewport == "desk":
        return page.get_by_role("combobox", name="Rechercher une personne")
    page.get_by_role("link", name="Rechercher une personne").click()
    check(page)
    return page.get_by_role("combobox", name="Nom ou prénom")


def test_two_letters_an_arrow_and_enter(field, page):
    field.press_sequentially("dì")
    options = page.get_by_role("option")
    expect(options).to_have_count(3)
    expect(field).to_have_attribute("aria-expanded", "true")
    axe(page)
    page.keyboard.press("ArrowDown")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", options.nth(0).get_attribute("id"))
    expect(field).to_be_focused()
    name = options.nth(0).locator(".suggestion-name").inner_text()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    check(page)
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    assert re.search(r"/personnes/[0-9]+/$", page.url)


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_arrows_go_round_escape_closes_and_letters_are_kept(field, page):
    field.press_sequentially("dia")
    options = page.get_by_role("option")
    expect(options).to_have_count(3)
    page.keyboard.press("ArrowUp")
    expect(options.nth(2)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(field).to_have_value("dia")
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    field.fill("d")
    expect(options).to_have_count(0)


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_enter_without_a_choice_shows_the_page(field, page):
    field.press_sequentially("diallo")
    expect(page.get_by_role("option")).to_have_count(3)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    check(page)
    expect(page.get_by_role("link", name="Awa Diallo")).to_be_visible()


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_all_are_one_press_away(field, page, garden):
    for number in range(8):
        people.make_person(garden.programme, f"Aline{number}", "Diallo")
    field.press_sequentially("diallo")
    expect(page.get_by_role("option")).to_have_count(9)
    page.keyboard.press("ArrowUp")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    check(page)
    expect(page.get_by_role("link", name="Awa Diallo")).to_be_visible()


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_nobody_of_this_name_is_said(field, page):
    field.press_sequentially("zz")
    expect(page.get_by_text("Personne de ce nom. Essayez")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Personne de ce nom")).to_have_count(1)
    expect(field).to_have_attribute("aria-expanded", "false")
    axe(page)
