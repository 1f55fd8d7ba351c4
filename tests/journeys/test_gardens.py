"""A leader describes a garden, draws its plan with a tape, and gives a tub to somebody."""

import pytest

from gardens.models import Garden, Plot, PlotHolding
from tests.factories import beneficiaries as people
from tests.factories import programmes as make
from tests.journeys.browser import expect, login, visit
from tests.journeys.steps import follow, press, tab_to


@pytest.fixture
def garden(world):
    make.make_site(world.here.territory, world.here.garden.programme, name="Friche")
    return world.here.garden


def add_plot(page, name, kind, *place):
    follow(page, "Ajouter une parcelle")
    page.get_by_label("Nom").fill(name)
    page.get_by_label("Nature").select_option(label=kind)
    labels = ("Du bord ouest", "Du bord nord", "d’ouest en est", "du nord au sud")
    for label, metres in zip(labels, place, strict=False):
        page.get_by_label(label).fill(metres)
    press(page, "Enregistrer")


def test_a_garden_is_drawn_and_a_tub_given(garden, page):
    people.make_person(garden.programme, "Karim", "Diallo")
    login(page, garden.workshop_leader)
    visit(page, f"/actions/{garden.programme.pk}/jardins/")
    follow(page, "Décrire le jardin : Friche")
    page.get_by_label("Surface cultivée").fill("100")
    press(page, "Enregistrer")
    expect(page.get_by_text("Aucune parcelle", exact=True)).to_be_visible()

    add_plot(page, "Zone nord", "Zone", "0", "0", "12", "10")
    expect(page.get_by_text("Les parcelles font 120 m²")).to_be_visible()
    add_plot(page, "Planche 1", "Planche", "1", "2", "10", "1,2")
    add_plot(page, "Bac 1", "Bac de balcon ou de terrasse")
    expect(page.get_by_text("1 parcelle sans place sur le plan")).to_be_visible()
    plan = page.get_by_role("group", name="Plan du jardin", exact=True)
    expect(plan.get_by_role("link")).to_have_count(2)
    tab_to(page, "Planche 1, planchePlanche 1")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Planche 1")).to_be_visible()

    bac = Plot.objects.get(name="Bac 1")
    visit(page, f"/actions/{garden.programme.pk}/parcelles/{bac.pk}/")
    follow(page, "Attribuer la parcelle")
    page.get_by_label("Personne facultatif").select_option(label="Karim Diallo")
    press(page, "Attribuer")
    expect(page.get_by_text("Karim Diallo").first).to_be_visible()
    follow(page, "Reprendre la parcelle")
    press(page, "Reprendre")
    assert PlotHolding.objects.get(plot=bac).ends_on is not None
    assert Garden.objects.get(site__name="Friche").cultivated == 100
