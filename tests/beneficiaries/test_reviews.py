"""The bilan of a person's month: what they did in it, and only in it."""

from datetime import date, time

import pytest
from django.urls import reverse

from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent
from autoprod.core.periods import Period
from beneficiaries.enums import InterviewState, Mastery, Observer, Presence
from tests.beneficiaries.printed import assert_tells_no_secret, pages_of, plant_secrets
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import programmes as make

MARCH = Period.month(2026, 3)


@pytest.fixture
def stay(garden):
    person = people.make_person(
        garden.programme,
        "Karim",
        "Diallo",
        referent=garden.social_worker,
        entered_on=date(2026, 1, 5),
    )
    return people.enrolment_of(person)


def url_of(stay, month=MARCH):
    return reverse("beneficiaries:review_pdf", args=[stay.person_id, month])


def text_of(browser, stay, month=MARCH):
    return " ".join(pages_of(browser, url_of(stay, month)))


def attend(garden, stay, day, status=Presence.PRESENT):
    session = make.close(make.make_session(garden.programme, garden.site, on=day))
    people.make_attendance(stay, session, garden.site, status)


def test_it_counts_the_days_hours_and_excused_absences_of_the_month(browser, garden, stay):
    for day in (date(2026, 2, 27), date(2026, 3, 2), date(2026, 3, 16), date(2026, 4, 1)):
        attend(garden, stay, day)
    attend(garden, stay, date(2026, 3, 17), Presence.EXCUSED)
    attend(garden, stay, date(2026, 3, 18), Presence.ABSENT)
    text = text_of(browser, stay)
    assert "Bilan de mars 2026 Karim Diallo" in text
    assert "2 jours, 8 h Les 2 et 16 mars 1 absence excusée Votre prochain" in text
    assert text_of(browser, stay, Period.month(2026, 4)).count("Bilan d’avril 2026") == 1


def test_it_tells_the_interviews_held_and_the_steps_moved_in_the_month(browser, garden, stay):
    leader = {"led_by": garden.social_worker}
    paths.make_interview(stay, date(2026, 3, 4), **leader)
    paths.make_interview(stay, date(2026, 3, 11), state=InterviewState.MISSED, **leader)
    paths.make_interview(stay, date(2026, 2, 4), **leader)
    started = {"started_on": date(2026, 3, 9)}
    people.make_step(stay, **started, done_on=date(2026, 4, 2))
    people.make_step(stay, "cv", started_on=date(2026, 1, 9), done_on=date(2026, 3, 31))
    people.make_step(stay, "permis", started_on=date(2026, 2, 9))
    text = text_of(browser, stay)
    assert f"Vos entretiens 4 mars 2026, avec {garden.social_worker} Vos" in text
    assert "Bilan de santé : commencée le 9 mars 2026" in text
    assert "CV et lettre de motivation : aboutie le 31 mars 2026" in text
    assert "Permis" not in text


def test_objectives_and_skills_are_told_as_they_were(browser, garden, stay):
    agreed = {"agreed_on": date(2026, 2, 2)}
    paths.make_objective(stay, "Reprendre le sport", **agreed, reached_on=date(2026, 5, 4))
    paths.make_objective(stay, "Semer des radis", **agreed, reached_on=date(2026, 2, 20))
    paths.make_objective(stay, "Un vélo", agreed_on=date(2026, 4, 1))
    skill, march = garden.somebody.skill, date(2026, 3, 6)
    paths.make_skill_level(stay, skill, Mastery.ALONE, march)
    paths.make_skill_level(stay, skill, Mastery.WITH_HELP, march, observer=Observer.ONESELF)
    paths.make_skill_level(stay, skill, Mastery.SHOWS_OTHERS, date(2026, 4, 6))
    text = text_of(browser, stay)
    assert "« Reprendre le sport » En cours." in text
    assert "Semer des radis" not in text
    assert "Un vélo" not in text
    assert f"{skill} : fait seul (vu par l’encadrant), fait avec de l’aide (dit par vous)" in text
    assert "peut montrer" not in text


def test_a_busy_month_holds_on_one_page_with_room_to_sign(browser, garden, stay):
    for number in range(1, 4):
        attend(garden, stay, date(2026, 3, 3 * number))
        paths.make_objective(stay, f"Objectif {number}", agreed_on=date(2026, 2, 2))
        people.make_step(stay, "permis", started_on=date(2026, 3, 2 + number))
    paths.make_interview(stay, date(2026, 3, 4), led_by=garden.social_worker)
    for name in ("Semer", "Arroser", "Désherber", "Récolter", "Ranger", "Aider", "Prévenir"):
        skill = paths.make_skill(garden.programme, name)
        paths.make_skill_level(stay, skill, Mastery.ALONE, date(2026, 3, 6))
    (page,) = pages_of(browser, url_of(stay))
    assert "Semer ; Arroser ; Désherber ; Récolter ; Ranger ; Aider ; Prévenir : fait seul" in page
    assert "Date et signature" in page


def test_there_is_room_to_write_and_to_sign_and_the_next_appointment(browser, garden, stay):
    assert "Votre prochain rendez-vous Le Ce qui s’est bien passé" in text_of(browser, stay)
    planned = {"state": InterviewState.PLANNED, "at": time(9, 0), "led_by": garden.social_worker}
    paths.make_interview(stay, make.tomorrow(), **planned)
    text = text_of(browser, stay)
    assert f"à 9 h, avec {garden.social_worker}" in text
    assert f"Vous Date et signature : {garden.social_worker} Date et signature :" in text


def test_nothing_kept_of_the_person_is_told(browser, garden, stay):
    secrets = plant_secrets(garden, stay)
    for month in (MARCH, Period.month(2026, 2)):
        assert_tells_no_secret(pages_of(browser, url_of(stay, month)), secrets)


@pytest.mark.parametrize("period", [Period.year(2026), Period.month(2025, 12)])
def test_there_is_no_bilan_but_of_a_month_of_the_stay(browser, stay, period):
    assert browser.get(url_of(stay, period)).status_code == 404


def test_it_is_journaled_without_a_name_and_closed_to_the_leader(browser, leader, stay):
    browser.get(url_of(stay))
    event = AuditEvent.objects.get(verb=Verb.DOCUMENT)
    label = f"Bilan mensuel de la personne n° {stay.person_id}, mars\u00a02026"
    assert event.object_label == label
    assert leader.get(url_of(stay)).status_code == 403
