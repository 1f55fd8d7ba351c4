"""« À faire » and what stands under a name: appointments, steps, barriers, kindly told."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiaries.enums import InterviewState, Level
from beneficiaries.models import Enrolment
from beneficiaries.services import barriers, reminders, rhythm
from tests.beneficiaries.test_threads import file_of
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths

TODAY = date(2016, 3, 15)


@pytest.fixture
def entered(garden) -> Enrolment:
    """Return somebody who came yesterday: nobody has to ask how they are."""
    person = people.make_person(garden.programme, "Karim", entered_on=date(2016, 1, 4))
    stay = people.enrolment_of(person)
    people.make_attendance(stay, garden.held, garden.site)
    return stay


def to_do(garden, stay: Enrolment) -> list[tuple[str, str]]:
    file = file_of(garden.social_worker, stay, TODAY)
    dues = rhythm.of_file(file).values()
    shown = reminders.of_file(file, barriers.of_file(file), list(dues))
    return [(row.tag, row.text) for row in shown]


def facts(garden, stay: Enrolment) -> list[str]:
    return reminders.facts_of(file_of(garden.social_worker, stay, TODAY))


OF_THE_MONTH = ("d’ici le 31\u00a0mars", "Entretien du mois à prévoir")


def test_the_interview_of_the_month_is_asked_for_kindly(garden, entered):
    assert to_do(garden, entered) == [OF_THE_MONTH]


def test_once_held_or_planned_it_is_not_asked_again(garden, entered):
    held = paths.make_interview(entered, date(2016, 3, 2))
    assert to_do(garden, entered) == []
    held.delete()
    paths.make_interview(entered, date(2016, 3, 29), state=InterviewState.PLANNED)
    assert to_do(garden, entered) == [("29\u00a0mars", "Rendez-vous")]
    assert facts(garden, entered) == ["prochain rendez-vous le 29\u00a0mars"]


def test_what_was_begun_and_not_saved_is_found_again_by_its_author(garden, entered, client_for):
    draft = paths.make_draft(entered, garden.social_worker)
    shown = [text for _, text in to_do(garden, entered)]
    assert "Entretien commencé, à reprendre" in shown
    page = reverse("beneficiaries:person_detail", args=[entered.person_id])
    path = reverse("beneficiaries:interview_create", args=[entered.person_id])
    assert client_for(garden.social_worker).get(page).content.decode().count(path) == 2

    draft.interview = paths.make_interview(entered, date(2016, 3, 2))
    draft.save()
    path = reverse("beneficiaries:interview_update", args=[draft.interview_id])
    told = f'{path}">Entretien commencé'
    assert told in client_for(garden.social_worker).get(page).content.decode()
    assert told not in client_for(garden.programme_manager).get(page).content.decode()


def test_an_appointment_of_next_month_does_not_stand_for_this_one(garden, entered):
    paths.make_interview(entered, date(2016, 4, 4), state=InterviewState.PLANNED)
    assert to_do(garden, entered) == [OF_THE_MONTH, ("4\u00a0avril", "Rendez-vous")]


def test_at_simple_participation_nobody_is_late(garden, entered):
    entered.level = Level.PARTICIPATION
    entered.save()
    assert to_do(garden, entered) == []


def test_a_pause_asks_for_nothing_and_stands_under_the_name(garden, entered):
    paths.make_suspension(entered, date(2016, 3, 1), date(2016, 3, 31))
    assert to_do(garden, entered) == []
    assert facts(garden, entered) == ["en pause jusqu’au 31\u00a0mars"]


def test_who_has_left_has_nothing_to_do(garden, entered):
    people.make_step(entered, started_on=None)
    entered.left_on = date(2016, 3, 14)
    entered.save()
    assert to_do(garden, entered) == []


def test_an_appointment_gone_by_asks_what_became_of_it(garden, entered):
    paths.make_interview(entered, date(2016, 3, 10), state=InterviewState.PLANNED)
    asked = ("10\u00a0mars", "Rendez-vous\u00a0: a-t-il eu lieu\u00a0?")
    assert to_do(garden, entered) == [asked, OF_THE_MONTH]


def test_steps_to_launch_come_by_day_four_at_most(garden, entered):
    paths.make_interview(entered, date(2016, 3, 2))
    people.make_step(entered, "permis", started_on=None)
    people.make_step(entered, started_on=None, planned_on=date(2016, 3, 20))
    assert to_do(garden, entered) == [
        ("20\u00a0mars", "Bilan de santé"),
        ("à lancer", "Permis de conduire"),
    ]
    for _ in range(4):
        people.make_step(entered, "vae", started_on=None)
    shown = to_do(garden, entered)
    assert (len(shown), shown[-1]) == (5, ("à lancer", "et 2 de plus"))


def test_a_silent_barrier_a_close_objective_and_a_domiciliation_are_told(garden, entered):
    paths.make_interview(entered, date(2016, 3, 2))
    paths.make_barrier(entered, "29", identified_on=date(2015, 9, 1))
    paths.make_barrier(entered, "27", identified_on=date(2016, 3, 1))
    paths.make_objective(entered, due_on=TODAY + timedelta(days=30))
    paths.make_objective(entered, "Plus tard", due_on=TODAY + timedelta(days=31))
    paths.make_objective(entered, "Déjà", due_on=TODAY, reached_on=TODAY)
    people.make_identity(
        entered.person, domiciled_by=garden.funder, domiciled_until=TODAY + timedelta(days=60)
    )
    assert to_do(garden, entered) == [
        ("14\u00a0avril", "Objectif «\u00a0Passer mon permis\u00a0»"),
        ("14\u00a0mai", "Domiciliation à renouveler"),
        ("à réévaluer", "Accès aux droits"),
    ]


def test_the_first_day_comes_first_whatever_it_is_of(garden, entered):
    paths.make_interview(entered, date(2016, 3, 2))
    paths.make_interview(entered, date(2016, 4, 1), state=InterviewState.PLANNED)
    paths.make_objective(entered, due_on=date(2016, 3, 31))
    people.make_step(entered, started_on=None, planned_on=date(2016, 3, 30))
    assert [tag for tag, _ in to_do(garden, entered)] == [
        "30\u00a0mars",
        "31\u00a0mars",
        "1er\u00a0avril",
    ]


def test_no_word_blames(garden, entered):
    """Somebody nobody has met for a year, and an objective gone by."""
    entered.entered_on = date(2015, 1, 4)
    entered.save()
    paths.make_objective(entered, due_on=date(2015, 6, 1))
    told = " ".join(text for row in to_do(garden, entered) for text in row).lower()
    assert told
    for word in ("retard", "dépassé", "manqu", "échec", "absent", "!"):
        assert word not in told


def test_the_page_leads_to_the_appointment_and_to_a_new_one(garden, browser):
    person = people.make_person(garden.programme, entered_on=date(2016, 1, 4))
    stay = people.enrolment_of(person)
    url = reverse("beneficiaries:person_detail", args=[person.pk])
    create = reverse("beneficiaries:appointment_create", args=[person.pk])
    assert f'href="{create}"' in browser.get(url).content.decode()
    tomorrow = timezone.localdate() + timedelta(days=1)
    coming = paths.make_interview(stay, tomorrow, state=InterviewState.PLANNED)
    html = browser.get(url).content.decode()
    assert f'href="{reverse("beneficiaries:interview_detail", args=[coming.pk])}"' in html
    assert "prochain rendez-vous" in html
