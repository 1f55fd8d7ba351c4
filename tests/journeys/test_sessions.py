"""Sessions planned from the menu, copied, cancelled and restored, on a phone and at a desk."""

from datetime import timedelta

import pytest
from django.utils import timezone

from autoprod.core.formatting import day as written
from programmes.models import Session
from tests.factories import programmes as make
from tests.journeys.browser import Page, check, expect, login, visit
from tests.journeys.steps import follow, press


@pytest.fixture
def garden(world):
    return world.here.garden


def follow_menu(page: Page, name: str) -> None:
    """Follow an entry of the menu, which a phone keeps in a drawer."""
    if page.viewport == "phone":
        page.get_by_role("button", name="Ouvrir le menu").click()
    with page.expect_navigation():
        page.locator("#navigation").get_by_role("link", name=name, exact=True).click()
    check(page)


def test_a_session_is_planned_then_copied_on_the_next_day(garden, page):
    day = timezone.localdate() + timedelta(days=3)
    login(page, garden.workshop_leader)
    visit(page, "/")
    follow_menu(page, "Séances")
    follow(page, "Ajouter une séance")
    page.get_by_label("Jour", exact=True).fill(day.isoformat())
    page.get_by_label("Début").fill("13:30")
    page.get_by_label("Fin").fill("12:30")
    page.get_by_label("Nature").select_option(label="Apiculture")
    press(page, "Enregistrer")
    expect(page.get_by_text("La fin doit venir après le début.")).to_be_visible()
    page.get_by_label("Fin").fill("16:00")
    press(page, "Enregistrer")
    expect(page.get_by_role("heading", name="Apiculture")).to_be_visible()

    follow(page, "Dupliquer")
    press(page, "Enregistrer")
    planned = Session.objects.filter(kind=make.code("session_kinds", "apiculture"))
    assert [s.on for s in planned] == [day, day + timedelta(days=1)]


def test_a_session_is_cancelled_for_frost_and_restored(garden, page):
    session = make.make_session(garden.programme, garden.site, on=make.tomorrow(), title="Semis")
    login(page, garden.workshop_leader)
    visit(page, f"/seances/{session.pk}/")
    follow(page, "Annuler la séance")
    page.get_by_label("Motif").select_option(label="Gel")
    press(page, "Annuler la séance")
    expect(page.get_by_text("annulée : gel").first).to_be_visible()

    page.get_by_role("button", name="Rétablir la séance").click()
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name="Rétablir la séance").click()
    check(page)
    expect(page.get_by_text("Séance rétablie.")).to_be_visible()


def test_a_workshop_is_added_inside_its_session(garden, page):
    session = make.make_session(garden.programme, garden.site, on=make.tomorrow(), title="Semis")
    login(page, garden.workshop_leader)
    visit(page, f"/seances/{session.pk}/")
    follow(page, "Ajouter un atelier")
    page.get_by_label("Thème").select_option(label="Nutrition")
    page.get_by_label("Fin").fill("12:30")
    press(page, "Enregistrer")
    expect(page.get_by_text("La séance se tient de")).to_be_visible()
    page.get_by_label("Fin").fill("10:00")
    press(page, "Enregistrer")
    expect(page.get_by_role("link", name="Nutrition")).to_be_visible()


def test_the_period_changes_from_the_page(garden, page):
    """The switcher stands in the top bar at a desk, under the heading on a phone."""
    session = make.make_session(garden.programme, garden.site, on=make.tomorrow(), title="Semis")
    year = session.on.year
    login(page, garden.workshop_leader)
    visit(page, f"/actions/{garden.programme.pk}/{year - 1}/seances/")
    expect(page.get_by_text("Aucune séance sur cette période")).to_be_visible()
    bar = ".page-period" if page.viewport == "phone" else ".topbar"
    page.locator(f"{bar} summary", has_text="Période").click()
    check(page)
    with page.expect_navigation():
        page.locator(f"{bar} .period-list").get_by_role("link", name=f"Année {year}").click()
    check(page)
    expect(page.get_by_role("heading", name=written(session.on), exact=False)).to_be_visible()
    with page.expect_navigation():
        page.locator(f"{bar} a[rel=prev]").click()
    check(page)
    expect(page.get_by_text("Aucune séance sur cette période")).to_be_visible()
