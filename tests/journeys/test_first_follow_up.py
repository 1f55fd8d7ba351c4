"""A new social worker: somebody is referred, enrolled, met, takes two steps, and has their booklet.

Then the leader opens the same person, and finds what a garden needs to know, nothing social.
"""

import re
import time

import pytest
from django.utils import timezone
from pypdf import PdfReader

from beneficiaries.models import Enrolment, Person
from tests.factories import programmes as make
from tests.journeys.browser import Page, check, expect, login, visit
from tests.journeys.steps import follow, press

#: Seconds in front of the screen; a browser types faster than somebody does.
FIVE_MINUTES = 300
SOCIAL = "Note sociale (référents et chef de projet)"
SECRET = "Un loyer en retard"
CONSIGNE = "Pas de ruches"
STEPS = {"Logement": "Demande de logement social", "Mobilité": "Permis de conduire"}


@pytest.fixture
def garden(world):
    make.make_district(world.here.territory, "Fg de Paris")
    return world.here.garden


def refer(page: Page, garden) -> None:
    """Write down who is sent, by whom, and how to reach them."""
    visit(page, f"/actions/{garden.programme.pk}/personnes/nouvelle/")
    page.get_by_label("Prénom").fill("Karim")
    page.get_by_label("Nom", exact=True).fill("Diallo")
    page.get_by_label(re.compile(r"^Téléphone\s+facultatif")).fill("06 12 34 56 78")
    page.get_by_label("Consignes d’activité").fill(CONSIGNE)
    page.get_by_label("Orienté par").select_option(label=garden.funder.name)
    page.get_by_label("Orienté le").fill(timezone.localdate().isoformat())
    press(page, "Inscrire")


def enrol(page: Page) -> None:
    """Take somebody who waits into the programme, today."""
    follow(page, "Accueillir")
    press(page, "Accueillir")


def meet(page: Page) -> None:
    """Write the first interview down."""
    follow(page, "Entretien")
    page.get_by_label("45 min").check()
    page.get_by_label(SOCIAL).fill(SECRET)
    press(page, "Enregistrer")


def test_from_a_referral_to_the_booklet_in_five_minutes(garden, page):
    login(page, garden.social_worker)
    started = time.monotonic()
    refer(page, garden)
    person = Person.objects.get(first_name="Karim")
    enrol(page)
    visit(page, f"/personnes/{person.pk}/")
    meet(page)
    for name in STEPS.values():
        visit(page, f"/personnes/{person.pk}/")
        follow(page, "Ajouter une démarche")
        page.get_by_label("Démarche").select_option(label=name)
        press(page, "Enregistrer")
    with page.expect_download() as download:
        page.get_by_role("link", name="Livret de parcours (PDF)").click()
    assert time.monotonic() - started < FIVE_MINUTES
    text = " ".join(leaf.extract_text() for leaf in PdfReader(download.value.path()).pages)
    assert Enrolment.objects.get(person=person).entered_on == timezone.localdate()
    assert all(name in text for name in ("Karim Diallo", *STEPS.values()))
    assert SECRET not in text

    login(page, garden.workshop_leader)
    visit(page, f"/personnes/{person.pk}/")
    expect(page.get_by_role("heading", level=1, name="Karim Diallo")).to_be_visible()
    for words in ("06\u00a012\u00a034\u00a056\u00a078", CONSIGNE):
        expect(page.get_by_text(words).first).to_be_visible()
    content = page.content()
    assert not [words for words in (SECRET, *STEPS.values()) if words in content]
    check(page)
