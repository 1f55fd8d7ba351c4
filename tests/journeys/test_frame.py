"""The frame, used: a manager opens an edition, sets and revises objectives, notes a partner."""

import pytest
from django.utils import timezone

from programmes.models import Edition, Objective, Organisation, Site
from tests.journeys.browser import DESK, PHONE, check, expect, login, visit


@pytest.fixture
def garden(world):
    return world.here.garden


def save(page, label: str = "Enregistrer") -> None:
    """Press the form's button and look at the page it leads to."""
    with page.expect_navigation():
        page.get_by_role("button", name=label, exact=True).click()
    check(page)


def test_every_page_of_the_frame_holds(garden, page, world):
    login(page, garden.programme_manager)
    for url in (
        "/",
        "/actions/",
        f"/actions/{garden.programme.pk}/",
        f"/actions/{garden.programme.pk}/modifier/",
        f"/actions/{garden.programme.pk}/partenariats/",
        f"/actions/{garden.programme.pk}/partenariats/nouveau/",
        f"/actions/{garden.programme.pk}/pieces/nouvelle/",
        f"/editions/{garden.edition.pk}/",
        f"/editions/{garden.edition.pk}/modifier/",
        f"/editions/{garden.edition.pk}/supprimer/",
        f"/objectifs/{garden.objective.pk}/revoir/",
        "/organisations/",
        f"/organisations/{garden.funder.pk}/",
        f"/organisations/{garden.funder.pk}/modifier/",
        "/sites/",
        f"/sites/{garden.site.pk}/",
        "/sites/nouveau/",
        "/territoires/",
        f"/territoires/{world.here.territory.pk}/",
        f"/quartiers/{world.here.district.pk}/",
        "/composants/",
    ):
        visit(page, url)


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_finger_beside_the_way_back_finds_it(garden, page):
    login(page, garden.programme_manager)
    visit(page, f"/actions/{garden.programme.pk}/")
    box = page.locator(".breadcrumbs a:visible").bounding_box()
    margin = (44 - box["height"]) / 2
    assert 0 < margin < 10
    for height in (box["y"] - margin + 1, box["y"] + box["height"] + margin - 1):
        visit(page, f"/actions/{garden.programme.pk}/")
        with page.expect_navigation():
            page.mouse.click(box["x"] + box["width"] / 2, height)
        expect(page.get_by_role("heading", level=1, name="Actions")).to_be_visible()


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_from_an_edition_to_a_revised_objective(garden, page):
    year = timezone.localdate().year + 1
    login(page, garden.programme_manager)
    visit(page, f"/actions/{garden.programme.pk}/")
    page.get_by_role("link", name="Ajouter une édition").click()
    page.get_by_label("Nom de l’édition").fill(str(year))
    page.get_by_label("Du", exact=True).fill(f"{year}-01-01")
    page.get_by_label("Au", exact=True).fill(f"{year - 1}-12-31")
    save(page)
    expect(page.get_by_text("L’édition finit avant d’avoir commencé.")).to_be_visible()
    expect(page.get_by_label("Nom de l’édition")).to_have_value(str(year))

    page.get_by_label("Au", exact=True).fill(f"{year}-12-31")
    save(page)
    edition = Edition.objects.get(programme=garden.programme, label=str(year))

    page.get_by_role("link", name="Ajouter un objectif").click()
    page.get_by_label("Énoncé").fill("Accueillir 60 personnes")
    page.get_by_label("Cible").fill("60")
    page.get_by_label("Unité").fill("personnes")
    save(page)
    expect(page.get_by_text("Cible : 60 personnes")).to_be_visible()

    page.get_by_role("link", name="Revoir l’objectif").click()
    page.get_by_label("Énoncé").fill("Accueillir 70 personnes")
    page.get_by_label("Cible").fill("70")
    page.get_by_label("À partir du").fill(f"{year}-06-01")
    page.get_by_label("Raison du changement").fill("Avenant")
    save(page)
    page.get_by_text("2 énoncés successifs").click()
    expect(page.get_by_text("Accueillir 70 personnes")).to_be_visible()
    assert Objective.objects.filter(edition=edition).count() == 1


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_a_site_by_keyboard_alone(garden, page):
    login(page, garden.programme_manager)
    visit(page, f"/actions/{garden.programme.pk}/")
    page.get_by_role("link", name="Ajouter un site").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_label("Nom", exact=True).focus()
    page.keyboard.type("Le Vignoble")
    page.keyboard.press("Tab")
    page.keyboard.type("Vignoble")
    page.keyboard.press("Tab")
    page.keyboard.type("Jardin")
    page.keyboard.press("Shift+Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    check(page)
    expect(page.get_by_role("heading", level=1, name="Le Vignoble")).to_be_visible()
    assert list(Site.objects.get(name="Le Vignoble").programmes.all()) == [garden.programme]


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_two_people_on_the_same_card(garden, page):
    login(page, garden.programme_manager)
    visit(page, f"/organisations/{garden.funder.pk}/modifier/")
    colleague = Organisation.objects.get(pk=garden.funder.pk)
    colleague.city = "Denain"
    colleague.save()

    page.get_by_label("Commune").fill("Anzin")
    save(page)
    expect(page.get_by_text("Rien n’est perdu")).to_be_visible()
    expect(page.get_by_text("« Denain »")).to_be_visible()
    expect(page.get_by_label("Commune")).to_have_value("Anzin")

    save(page)
    assert Organisation.objects.get(pk=garden.funder.pk).city == "Anzin"


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_leaving_a_form_half_filled_asks_first(garden, page):
    login(page, garden.programme_manager)
    visit(page, "/organisations/nouvelle/")
    page.get_by_label("Nom", exact=True).fill("Midi Partage")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_role("link", name="Annuler").click()
    page.wait_for_url("**/organisations/")
    assert asked == ["beforeunload"]


def test_the_menu_opens_on_a_phone(garden, page):
    login(page, garden.workshop_leader)
    visit(page, "/")
    if page.viewport == "phone":
        page.get_by_label("Ouvrir le menu").click()
    page.get_by_role("link", name="Sites").click()
    page.wait_for_url("**/sites/")
    check(page)
    expect(page.get_by_role("link", name="Ajouter un site")).to_have_count(0)
