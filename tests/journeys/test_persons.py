"""A social worker enrols somebody, notes a situation, finds them again, and notes their exit."""

import re
import time

import pytest
from django.utils import timezone

from beneficiaries.models import Enrolment, Person
from tests.factories import beneficiaries as people
from tests.factories import programmes as make
from tests.journeys.browser import check, expect, login, visit
from tests.journeys.steps import follow, press

#: Seconds a newcomer may cost in front of the screen; a browser types faster than somebody does.
TWO_MINUTES = 120


@pytest.fixture
def garden(world):
    make.make_district(world.here.territory, "Fg de Paris")
    return world.here.garden


def open_list(page, garden) -> None:
    """Open the list by the menu."""
    visit(page, "/")
    if page.viewport == "phone":
        page.get_by_label("Ouvrir le menu").click()
    with page.expect_navigation():
        page.get_by_role("link", name="Personnes", exact=True).click()
    check(page)


def test_from_a_referral_to_an_exit(garden, page):
    login(page, garden.social_worker)
    open_list(page, garden)
    started = time.monotonic()
    follow(page, "Inscrire une personne")
    page.get_by_label("Prénom").fill("Karim")
    page.get_by_label("Nom", exact=True).fill("Diallo")
    page.get_by_label(re.compile(r"^Téléphone\s+facultatif")).fill("06 12 34 56 78")
    page.get_by_label("Accepté le").fill("2016-01-05")
    page.get_by_label("Entré le").fill("2016-01-04")
    page.get_by_label("Date de naissance").fill("1973-02-01")
    page.get_by_label("Quartier").select_option(label="Fg de Paris")
    page.get_by_label("RSA", exact=True).check()
    press(page, "Inscrire")
    expect(page.get_by_text("L’entrée précède l’accord.")).to_be_visible()
    expect(page.get_by_label("Prénom")).to_have_value("Karim")
    page.get_by_label("Accepté le").fill("2016-01-04")
    press(page, "Inscrire")
    assert time.monotonic() - started < TWO_MINUTES
    expect(page.get_by_role("heading", level=1, name="Karim Diallo")).to_be_visible()
    for words in ("06 12 34 56 78", "Fg de Paris", "RSA", "4 janvier 2016"):
        expect(page.locator(".subtitle")).to_contain_text(
            words.replace(" ", "\u00a0") if words[0].isdigit() else words
        )

    follow(page, "Situation")
    follow(page, "Noter une situation")
    expect(page.get_by_label("RSA", exact=True)).to_be_checked()
    page.get_by_label("Logement").select_option(label="Hébergé chez un tiers")
    press(page, "Enregistrer")
    expect(page.get_by_text("Hébergé chez un tiers")).to_be_visible()

    follow(page, "Inscriptions")
    follow(page, "Noter la sortie")
    page.get_by_label("Motif de sortie").select_option(label="Terme du parcours")
    page.get_by_role("button", name="Noter la sortie").click()
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name="Noter la sortie").click()
    check(page)
    person = Person.objects.get(last_name="Diallo")
    assert people.enrolment_of(person).left_on == timezone.localdate()
    page.get_by_role("button", name="Annuler la sortie").click()
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name="Annuler la sortie").click()
    check(page)
    assert people.enrolment_of(person).left_on is None


def test_somebody_who_came_before_is_not_written_twice(garden, page):
    known = people.make_person(garden.programme, "Karim", "Diallo", left_on=make.yesterday())
    login(page, garden.social_worker)
    visit(page, f"/actions/{garden.programme.pk}/personnes/nouvelle/")
    page.get_by_label("Prénom").fill("Karim")
    page.get_by_label("Nom", exact=True).fill("Diallo")
    page.get_by_label("Entré le").fill(timezone.localdate().isoformat())
    press(page, "Inscrire")
    press(page, "Inscrire cette personne")
    expect(page.get_by_label("Entré le")).to_have_value(timezone.localdate().isoformat())
    press(page, "Enregistrer")
    assert Enrolment.objects.filter(person=known).count() == 2
    assert Person.objects.filter(last_name="Diallo").count() == 1


def test_somebody_is_found_as_one_types(garden, page):
    for first_name in ("Karim", "Fatou"):
        people.make_person(garden.programme, first_name, "Diallo")
    login(page, garden.workshop_leader)
    open_list(page, garden)
    page.get_by_label("Nom ou prénom").fill("dià kar")
    expect(page.get_by_role("link", name=garden.somebody.person.last_name)).to_have_count(0)
    expect(page.get_by_role("link", name="Karim Diallo")).to_be_visible()
    for name in ("Filtrer", "Dans l’action 1"):
        press(page, name)
        expect(page.get_by_role("link", name="Karim Diallo")).to_be_visible()
        expect(page.get_by_label("Nom ou prénom")).to_have_value("dià kar")
    assert "kar" not in page.url
    lens = page.get_by_role("link", name="Rechercher une personne")
    if page.viewport == "desk":
        expect(lens).to_be_hidden()
        page.get_by_role("combobox", name="Rechercher une personne").fill("fatou")
    else:
        assert min(lens.bounding_box()[side] for side in ("width", "height")) >= 44
        lens.click()
        check(page)
        page.get_by_label("Nom ou prénom").fill("fatou")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    check(page)
    expect(page.get_by_role("heading", level=1, name="Fatou Diallo")).to_be_visible()
    assert "atou" not in page.url


def test_every_page_of_persons_holds(garden, page):
    waiting = people.make_person(garden.programme, entered_on=None)
    login(page, garden.social_worker)
    person, enrolment = garden.somebody.person.pk, garden.somebody.enrolment.pk
    for url in (
        f"/personnes/{person}/",
        f"/personnes/{person}/presences/",
        f"/personnes/{person}/modifier/",
        f"/personnes/{person}/identite/",
        f"/personnes/{person}/supprimer/",
        f"/personnes/{waiting.pk}/inscriptions/",
        f"/inscriptions/{enrolment}/modifier/",
        f"/situations/{garden.somebody.situation.pk}/supprimer/",
        "/personnes/recherche/",
    ):
        visit(page, url)


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_the_tab_that_is_open_is_in_sight_on_a_phone(garden, page):
    login(page, garden.social_worker)
    visit(page, f"/personnes/{garden.somebody.person.pk}/documents/")
    tab = page.locator(".tabs [aria-current]")
    expect(tab).to_have_text("Documents")
    expect(tab).to_be_in_viewport(ratio=0.9)


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_the_main_gesture_comes_first_on_a_phone_and_leaves_room_for_the_list(garden, page):
    login(page, garden.social_worker)
    visit(page, f"/actions/{garden.programme.pk}/2026/personnes/")
    actions = page.locator(".page-actions")
    tops = [box.bounding_box()["y"] for box in actions.locator("> .btn").all()]
    main = actions.get_by_role("link", name="Inscrire une personne").bounding_box()
    assert main["y"] == min(tops)
    assert len(set(tops)) == 2
