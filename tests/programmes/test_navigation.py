"""The menu and the top bar of a programme and a period, both read from the URL."""

import re
from datetime import date
from itertools import count

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.core import navigation
from autoprod.core.navigation import Entry
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from programmes.enums import Role
from programmes.models import Programme
from tests.factories import programmes as make
from tests.harness.queries import same_queries

pytestmark = pytest.mark.urls("tests.programmes.period_pages")

MARCH = Period.month(2016, 3)


@pytest.fixture(autouse=True)
def entries(monkeypatch):
    """Give the menu two more entries: one by month and by team, one by year."""
    more = [
        Entry(
            "Au quotidien",
            "Planning",
            "calendar",
            "planning",
            Action.VIEW_SESSIONS,
            within="period",
        ),
        Entry("Piloter", "Bilan", "file-text", "planning", Action.VIEW_FRAME, within="period"),
        Entry(
            "Piloter", "Feuille", "list", "sheet", module="garden", within="period", kind=Kind.MONTH
        ),
    ]
    monkeypatch.setattr(navigation, "_entries", [*navigation.entries(), *more])


@pytest.fixture
def garden(world) -> Programme:
    return with_modules(world.here.garden.programme, "garden")


def with_modules(programme: Programme, *modules: str) -> Programme:
    programme.modules = list(modules)
    programme.save()
    return programme


def page(client, programme, period=MARCH, name="planning") -> str:
    response = client.get(reverse(name, args=[programme.pk, period]))
    assert response.status_code == 200
    return response.content.decode()


def menu(html: str) -> dict[str, str]:
    found = re.findall(r'class="nav-entry" href="([^"]+)".*?<span>(.*?)</span>', html)
    return {label: url for url, label in found}


def switches(html: str) -> dict[str, str]:
    """Return label → url of the top bar's lists (drawn twice, the same both times)."""
    found = re.findall(r'<li><a href="([^"]+)"[^>]*>(.*?)</a>', html)
    return {re.sub("<.*", "", label): url for url, label in found}


def test_the_menu_of_home_leads_to_the_programme_and_the_period_of_today(world, garden, client_for):
    entries = menu(client_for(world.here.garden.workshop_leader).get("/").content.decode())
    today = timezone.localdate()
    assert entries["Planning"] == f"/essai/{garden.pk}/{today:%Y-%m}/"
    assert entries["Bilan"] == f"/essai/{garden.pk}/{today.year}/"
    assert entries["Feuille"] == f"/essai/{garden.pk}/{today:%Y-%m}/mois/"


def test_the_menu_keeps_the_period_shown_where_the_page_takes_it(world, garden, client_for):
    client = client_for(world.here.garden.workshop_leader)
    entries = menu(page(client, garden))
    assert entries["Bilan"] == f"/essai/{garden.pk}/2016-03/"
    assert entries["Feuille"] == f"/essai/{garden.pk}/2016-03/mois/"
    entries = menu(page(client, garden, Period.year(2016)))
    assert entries["Planning"] == f"/essai/{garden.pk}/2016/"
    assert entries["Feuille"] == f"/essai/{garden.pk}/2016-01/mois/"
    this_year = menu(page(client, garden, Period.year(timezone.localdate().year)))
    assert this_year["Feuille"] == f"/essai/{garden.pk}/{timezone.localdate():%Y-%m}/mois/"


def test_a_module_switched_off_hides_its_entries(world, garden, client_for):
    client = client_for(world.here.garden.workshop_leader)
    assert "Feuille" in menu(page(client, garden))
    with_modules(garden, "kitchen")
    assert "Feuille" not in menu(page(client, garden))
    assert "Planning" in menu(page(client, garden))


def test_an_action_open_in_another_programme_only_shows_no_entry(world, garden, client_for):
    """Somebody of the garden's team who only sits on the kitchen's committee."""
    client = client_for(world.two_roles)
    kitchen = world.here.kitchen.programme
    assert "Planning" in menu(page(client, garden, name="planning"))
    assert "Planning" not in menu(page(client, kitchen, name="sheet"))
    assert client.get(reverse("planning", args=[kitchen.pk, MARCH])).status_code == 404


def test_home_leads_first_to_the_programme_that_runs_today(world, garden, client_for):
    kitchen = world.here.kitchen.programme
    manager = make.make_member(Role.PROGRAMME_MANAGER, world.here.territory)
    client = client_for(manager)
    both = {garden: world.here.garden.edition, kitchen: world.here.kitchen.edition}
    for over in both.values():
        eve = make.yesterday()
        type(over).objects.filter(pk=over.pk).update(starts_on=eve, ends_on=eve)
        running = next(p for p, edition in both.items() if edition != over)
        assert f"/essai/{running.pk}/" in menu(client.get("/").content.decode())["Planning"]
        over.save(update_fields=["starts_on", "ends_on"])


def test_home_leads_first_to_the_programme_of_most_rights(world, garden, client_for):
    """The kitchen comes first by name; there, this user only sits on the committee."""
    assert world.here.kitchen.programme.name < garden.name
    entries = menu(client_for(world.two_roles).get("/").content.decode())
    assert entries["Planning"].startswith(f"/essai/{garden.pk}/")


def test_without_a_programme_no_entry_leads_to_one(world, garden, client_for):
    Programme.objects.filter(territory=world.here.territory).update(ended_on=make.yesterday())
    entries = menu(client_for(world.here.garden.workshop_leader).get("/").content.decode())
    assert "Aujourd’hui" in entries
    assert not {"Planning", "Bilan", "Feuille"} & entries.keys()


def test_two_tabs_keep_their_own_programme(world, garden, client_for):
    kitchen = with_modules(world.here.kitchen.programme, "kitchen")
    client = client_for(make.make_member(Role.PROGRAMME_MANAGER, world.here.territory))
    for _ in range(2):
        for programme in (garden, kitchen):
            html = page(client, programme)
            assert menu(html)["Planning"] == f"/essai/{programme.pk}/2016-03/"
            chosen = re.findall(r'class="switcher-value">(.*?)</span>', html)
            assert str(programme) in chosen


def test_changing_programme_keeps_the_page_where_it_is_open(world, garden, client_for):
    kitchen = world.here.kitchen.programme
    manager = client_for(make.make_member(Role.PROGRAMME_MANAGER, world.here.territory))
    assert switches(page(manager, garden))[str(kitchen)] == f"/essai/{kitchen.pk}/2016-03/"

    home = reverse("programmes:programme_detail", args=[kitchen.pk])
    assert switches(page(client_for(world.two_roles), garden))[str(kitchen)] == home
    # No entry leads to this one: the page's own action decides.
    unlisted = page(client_for(world.two_roles), garden, name="unlisted")
    assert switches(unlisted)[str(kitchen)] == home
    # The entry of the sheet asks for a module that the kitchen does not have.
    assert switches(page(manager, garden, name="sheet"))[str(kitchen)] == home
    assert switches(manager.get("/sites/").content.decode())[str(kitchen)] == home


def test_the_period_changes_and_the_page_stays(world, garden, client_for):
    make.make_edition(garden, 2014)
    make.make_edition(garden, label="FSE", starts_on=date(2015, 7, 1), ends_on=date(2017, 6, 30))
    found = switches(page(client_for(world.here.garden.workshop_leader), garden))
    here = f"/essai/{garden.pk}/"
    assert found["Mars\u00a02016"] == f"{here}2016-03/"
    years = [label for label in found if label.startswith("Année")]
    assert [label[-4:] for label in years] == [
        str(year)
        for year in sorted({timezone.localdate().year, 2014, 2015, 2016, 2017}, reverse=True)
    ]
    assert found["Année\u00a02015"] == f"{here}2015/"
    assert f"{here}2016-T2/" in found.values()
    assert f"{here}2015-07-01_2017-06-30/" in found.values()


def test_the_arrows_lead_to_the_periods_around(world, garden, client_for):
    client = client_for(world.here.garden.workshop_leader)
    html = page(client, garden, Period.quarter(2016, 1))
    assert set(re.findall(r'href="([^"]+)" rel="prev"', html)) == {f"/essai/{garden.pk}/2015-T4/"}
    assert set(re.findall(r'href="([^"]+)" rel="next"', html)) == {f"/essai/{garden.pk}/2016-T2/"}


@pytest.mark.parametrize("slug", ["1000", "2999", "1000-01-01_2999-12-31"])
def test_there_is_no_arrow_where_the_calendar_ends(world, garden, client_for, slug):
    html = page(client_for(world.here.garden.workshop_leader), garden, Period.parse(slug))
    arrows = {"1000": {"next"}, "2999": {"prev"}}.get(slug, set())
    assert set(re.findall(r'rel="(prev|next)"', html)) == arrows


def test_a_page_of_months_takes_and_offers_months_only(world, garden, client_for):
    client = client_for(world.here.garden.workshop_leader)
    make.make_edition(garden, 2014)
    found = switches(page(client, garden, name="sheet")).values()
    offered = [url for url in found if url.startswith("/essai/")]
    assert offered
    assert all(re.search(r"/\d{4}-\d{2}/mois/$", url) for url in offered)
    assert f"/essai/{garden.pk}/2014-03/mois/" in offered
    year = reverse("sheet", args=[garden.pk, Period.year(2016)])
    assert client.get(year).status_code == 404


def test_a_page_without_a_period_offers_none(world, garden, client_for):
    html = client_for(world.here.garden.workshop_leader).get("/sites/").content.decode()
    assert "Période" not in html


def test_the_menu_asks_no_more_with_more_programmes(world, garden, client_for):
    client = client_for(make.make_member(Role.PROGRAMME_MANAGER, world.here.territory))

    years = count(2001)

    def grow():
        for _ in range(5):
            make.make_edition(make.make_programme(world.here.territory))
            make.make_edition(garden, next(years))

    same_queries(lambda: page(client, garden), grow)
    same_queries(lambda: client.get("/"), grow)
