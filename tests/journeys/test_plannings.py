"""A month and a week of sessions, from one to the other and on paper; one's own calendar."""

from datetime import date, timedelta

import pytest

from autoprod.core.periods import Kind, Period
from programmes.models import Session
from tests.factories import programmes as make
from tests.harness.prints import texts_of
from tests.journeys.browser import DESK, check, expect, login, visit
from tests.journeys.mornings import SITES
from tests.journeys.steps import follow, press, tab_to

#: Six weeks on paper: its first day is a Sunday.
MARCH = Period.month(2026, 3)


@pytest.fixture
def garden(world):
    return world.here.garden


def test_a_month_leads_to_a_day_a_week_and_a_session(garden, page):
    on = make.tomorrow()
    session = make.make_session(garden.programme, garden.site, on=on, title="Semis")
    month = Period.containing(on, Kind.MONTH)
    login(page, garden.workshop_leader)
    visit(page, f"/actions/{garden.programme.pk}/{month.slug}/seances/")
    follow(page, "Mois")
    tab_to(page, "Semis")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    check(page)
    expect(page.get_by_role("heading", name="Semis")).to_be_visible()
    page.go_back()
    with page.expect_navigation():
        page.locator(f'a.day-add[href$="jour={on}"]').click()
    check(page)
    page.get_by_label("Nature").select_option(label="Cuisine")
    page.get_by_label("Début").fill("18:00")
    page.get_by_label("Fin").fill("19:00")
    press(page, "Enregistrer")
    assert Session.objects.filter(on=on).count() == 2
    visit(page, f"/actions/{garden.programme.pk}/{month.slug}/seances/mois/")
    follow(page, "Semaine")
    visit(page, f"/actions/{garden.programme.pk}/{Period.week_of(on).slug}/seances/semaine/")
    expect(page.get_by_role("link", name="Semis")).to_be_visible()
    expect(page.get_by_text("prévue").first).to_be_visible()
    assert session.on == on


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_a_full_month_prints_on_one_sheet(garden, page):
    """Paper has one size."""
    sites = [
        make.make_site(garden.territory, garden.programme, name=name, short_name=short)
        for name, short in SITES
    ]
    on = MARCH.start
    while on <= MARCH.end:
        for hours in (("08:00", "12:00"), ("14:00", "16:00")) if on.isoweekday() < 5 else ():
            make.make_session(garden.programme, *sites, on=on, hours=hours)
        on += timedelta(days=1)
    make.cancel(Session.objects.get(on=date(2026, 3, 9), starts_at__hour=8))
    login(page, garden.workshop_leader)
    visit(page, f"/actions/{garden.programme.pk}/{MARCH.slug}/seances/mois/")
    [sheet] = texts_of(page.pdf(prefer_css_page_size=True))
    assert sheet.count("Bl. Pascal, Rôleur, Vignoble") == 36
    assert sheet.count("annulée") == 1
    assert "à clôturer" not in sheet


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_one_s_own_calendar_is_opened_changed_and_taken_back(garden, page, client):
    login(page, garden.workshop_leader)
    visit(page, f"/actions/{garden.programme.pk}/mon-calendrier/")
    press(page, "Créer mon adresse")
    expect(page.get_by_role("button", name="Copier l’adresse")).to_be_visible()
    first = page.locator("#adresse").inner_text()
    assert page.request.get(first).status == 200
    visit(page, f"/actions/{garden.programme.pk}/mon-calendrier/")
    expect(page.get_by_text("Un calendrier l’a lue pour la dernière fois")).to_be_visible()
    for label in ("Changer l’adresse", "Retirer l’adresse"):
        page.get_by_role("button", name=label).click()
        with page.expect_navigation():
            page.get_by_role("dialog").get_by_role("button", name=label).click()
        check(page)
        if label.startswith("Changer"):
            second = page.locator("#adresse").inner_text()
            assert [page.request.get(url).status for url in (first, second)] == [404, 200]
            visit(page, f"/actions/{garden.programme.pk}/mon-calendrier/")
    expect(page.get_by_text("Adresse retirée.")).to_be_visible()
    assert page.request.get(second).status == 404
