"""A social worker looks at whom they follow, fixes a date, and finds it in the agenda."""

from datetime import timedelta

import pytest
from django.utils import timezone

from autoprod.core.periods import Period
from beneficiaries.models import Enrolment, Interview
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import programmes as make
from tests.journeys.browser import PHONE, check, expect, login, visit
from tests.journeys.steps import follow, press


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def karim(garden):
    Enrolment.objects.update(left_on=make.LONG_AGO)
    person = people.make_person(garden.programme, "Karim", "Diallo", referent=garden.social_worker)
    person.phone = "06 12 34 56 78"
    person.save()
    people.make_step(people.enrolment_of(person))
    people.make_person(garden.programme, "Nora", "Sansreferent")
    return person


def test_from_whom_one_follows_to_the_agenda(garden, karim, page):
    login(page, garden.social_worker)
    visit(page, "/")
    expect(page.get_by_role("heading", name="À voir ce mois-ci")).to_be_visible()
    visit(page, "/suivis/")
    expect(page.get_by_text("pas encore d’entretien depuis")).to_be_visible()
    expect(page.get_by_role("link", name="Entretien avec Karim Diallo")).to_be_visible()
    # Said once the page is there.
    expect(page.get_by_role("link", name="Fiche de Karim Diallo,")).to_contain_text("à demander")
    call = page.get_by_role("link", name="Appeler Karim Diallo")
    expect(call).to_be_visible(visible=page.viewport == PHONE)
    page.get_by_role("button", name="Sans référent").click()
    expect(page.get_by_role("link", name="Nora Sansreferent", exact=True)).to_be_visible()
    check(page)
    page.get_by_label("Nom ou prénom").fill("zzz")
    expect(page.get_by_text("Personne ne correspond")).to_be_visible()

    visit(page, "/agenda/")
    with page.expect_navigation():
        page.get_by_role("link", name="Fixer un rendez-vous avec Karim Diallo").click()
    check(page)
    day = Period.week_of(timezone.localdate()).next().start
    page.get_by_label("Le", exact=True).fill(day.isoformat())
    press(page, "Enregistrer")
    assert Interview.objects.get(enrolment__person=karim).on == day
    visit(page, f"/agenda/{Period.week_of(day).slug}/")
    expect(page.get_by_role("link", name="Karim Diallo", exact=True)).to_be_visible()
    follow(page, "Avant ces jours")
    with page.expect_download() as download:
        page.get_by_role("link", name="Vers mon calendrier (.ics)").click()
    assert download.value.suggested_filename == "agenda.ics"


def test_the_appointment_of_the_day_is_written_up_in_a_tap(garden, karim, page):
    stay, today = people.enrolment_of(karim), timezone.localdate()
    paths.make_interview(stay, today, state="planned")
    paths.make_interview(stay, today - timedelta(days=10), state="planned")
    login(page, garden.social_worker)
    for path in ("/", "/agenda/?whose=team"):
        visit(page, path)
        write_up = page.get_by_role("link", name="Noter l’entretien avec Karim Diallo")
        expect(write_up).to_have_count(2)
    # Settled, then taken back, without leaving the agenda.
    page.get_by_text("Changer le rendez-vous de Karim Diallo").click()
    check(page)
    press(page, "Annuler\u00a0: rendez-vous de Karim Diallo")
    expect(write_up).to_have_count(1)
    press(page, "Annuler ce geste")
    expect(write_up).to_have_count(2)
    assert page.url.endswith("/agenda/?whose=team")
    visit(page, "/suivis/")
    with page.expect_navigation():
        page.get_by_role("link", name="Noter l’entretien avec Karim Diallo").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ntretien")
