"""« Attestation de participation »: dates, hours and activities; nothing of why nor how."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent
from beneficiaries.enums import Presence
from tests.beneficiaries.printed import assert_tells_no_secret, plant_secrets, texts_of
from tests.factories import beneficiaries as people
from tests.factories import programmes as make

SPRING = {"starts_on": "2026-03-01", "ends_on": "2026-05-31", "with_activities": "on"}


@pytest.fixture
def stay(garden):
    person = people.make_person(garden.programme, "Karim", "Diallo", entered_on=date(2026, 1, 5))
    return people.enrolment_of(person)


@pytest.fixture
def page(stay):
    return reverse("beneficiaries:certificate_print", args=[stay.person_id])


def attend(garden, stay, day, kind="culture", status=Presence.PRESENT):
    session = make.make_session(
        garden.programme, garden.site, on=day, kind=make.code("session_kinds", kind)
    )
    people.make_attendance(stay, make.close(session), garden.site, status)


def printed(browser, page, **asked):
    response = browser.post(page, SPRING | asked)
    assert response.headers["Content-Type"] == "application/pdf"
    return texts_of(response.content)


def test_it_attests_the_days_hours_and_activities_between_two_days(browser, garden, stay, page):
    for day in (date(2026, 2, 27), date(2026, 3, 2), date(2026, 5, 31), date(2026, 6, 1)):
        attend(garden, stay, day)
    attend(garden, stay, date(2026, 3, 3), "cuisine")
    attend(garden, stay, date(2026, 3, 4), status=Presence.ABSENT)
    open_session = make.make_session(garden.programme, garden.site, on=date(2026, 4, 6))
    people.make_attendance(stay, open_session, garden.site)
    (text,) = printed(browser, page)
    assert "Karim Diallo a participé à l’action" in text
    assert f"{garden.programme} du 1er mars au 31 mai 2026." in text
    assert "3 jours, 12 h, d’après les feuilles de présence." in text
    assert "Culture maraîchère 2 8 h Cuisine 1 4 h Total 12 h" in text


def test_the_activities_may_be_left_out(browser, garden, stay, page):
    attend(garden, stay, date(2026, 3, 2))
    (text,) = printed(browser, page, with_activities="")
    assert "1 jour, 4 h" in text
    assert "Culture" not in text


def test_the_whole_stay_is_proposed(browser, stay, page):
    today = timezone.localdate()
    initial = browser.get(page).context["form"].initial
    assert (initial["starts_on"], initial["ends_on"]) == (date(2026, 1, 5), today)
    stay.left_on = today - timedelta(days=3)
    stay.save()
    assert browser.get(page).context["form"].initial["ends_on"] == stay.left_on


@pytest.mark.parametrize(
    ("asked", "name", "words"),
    [
        ({"ends_on": "2026-02-28"}, "ends_on", "La fin précède le début."),
        ({"ends_on": "2190-01-01"}, "ends_on", "Cette date est à venir."),
        ({"starts_on": ""}, "starts_on", "Ce champ"),
    ],
)
def test_wrong_days_are_told_beside_their_field(browser, page, asked, name, words):
    form = browser.post(page, SPRING | asked).context["form"]
    assert words in str(form.errors[name])


def test_of_several_stays_one_is_chosen(browser, garden, stay, page, world):
    stay.left_on = date(2026, 4, 30)
    stay.save()
    again = people.make_enrolment(stay.person, garden.programme, entered_on=date(2026, 5, 4))
    attend(garden, stay, date(2026, 3, 2))
    attend(garden, again, date(2026, 5, 5))
    attend(garden, again, date(2026, 5, 6))
    offered = [key for key, _ in browser.get(page).context["form"].fields["stay"].choices]
    assert offered == [again.pk, stay.pk]
    assert "1 jour, 4 h" in printed(browser, page, stay=stay.pk)[0]
    assert "2 jours, 8 h" in printed(browser, page, stay=again.pk)[0]
    neighbour = world.here.kitchen.somebody.enrolment
    assert "stay" in browser.post(page, SPRING | {"stay": neighbour.pk}).context["form"].errors


def test_nothing_kept_of_the_person_is_told(browser, garden, stay, page):
    secrets = plant_secrets(garden, stay)
    attend(garden, stay, date(2026, 3, 2))
    assert_tells_no_secret(printed(browser, page), secrets)


def test_it_is_journaled_without_a_name_and_closed_to_the_leader(browser, leader, stay, page):
    printed(browser, page)
    event = AuditEvent.objects.get(verb=Verb.DOCUMENT)
    assert event.object_label == f"Attestation de participation de la personne n° {stay.person_id}"
    assert leader.post(page, SPRING).status_code == 403
