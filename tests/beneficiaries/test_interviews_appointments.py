"""Pages of appointments: taken, moved, written down as held, settled in a tap and taken back."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from autoprod.core import handovers
from autoprod.core.handovers import Handover
from beneficiaries.enums import InterviewState
from beneficiaries.models import Interview
from beneficiaries.services import interviews
from programmes.access import scope_of
from tests.beneficiaries.interviewing import create_url, fields_of, notes_of, of, url
from tests.factories import pathways as paths
from tests.factories.programmes import code

TODAY = timezone.localdate()
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)


@pytest.fixture
def appointment(garden, stay) -> Interview:
    return paths.make_interview(
        stay,
        YESTERDAY,
        at=time(14, 30),
        state=InterviewState.PLANNED,
        led_by=garden.social_worker,
        mode=code("interview_modes", "telephone"),
    )


def test_an_appointment_is_taken_and_moved(garden, stay, browser, colleague):
    page = url("appointment_create", stay.person_id)
    assert browser.get(page).context["form"]["led_by"].value() == garden.social_worker.pk
    sent = {"on": TOMORROW.isoformat(), "at": "14 h", "led_by": colleague.pk}
    browser.post(page, sent)
    planned = of(stay)[0]
    assert (planned.state, planned.at, planned.led_by) == ("planned", time(14), colleague)
    later = (TOMORROW + timedelta(days=7)).isoformat()
    page = url("appointment_update", planned.pk)
    browser.post(page, sent | {"on": later, "version": 1})
    assert of(stay)[0].on.isoformat() == later
    html = browser.post(page, sent | {"on": YESTERDAY.isoformat(), "version": 2}).content.decode()
    assert "id_on_error" in html


def test_an_appointment_is_with_who_follows_persons_here(world, stay, browser):
    for user in (world.here.garden.workshop_leader, world.elsewhere.garden.social_worker):
        sent = {"on": TOMORROW.isoformat(), "led_by": user.pk}
        html = browser.post(url("appointment_create", stay.person_id), sent).content.decode()
        assert "id_led_by_error" in html
    assert of(stay) == []


def test_an_appointment_is_written_down_as_held(garden, stay, appointment, browser, other):
    page = url("interview_hold", appointment.pk)
    form = other.get(page).context["form"]
    assert (form["on"].value(), form["at"].value()) == (YESTERDAY, "14:30")
    assert form["mode"].value() == appointment.mode_id
    sent = fields_of(other.get(page)) | {"quick": "30", "private": "Le mien"}
    assert other.post(page, sent).status_code == 302
    held = of(stay)[0]
    assert (held.pk, held.state, held.minutes) == (appointment.pk, "held", 30)
    # Whoever writes it down has led it.
    assert held.led_by.last_name == "Collègue"
    changed = AuditEvent.objects.filter(verb="update").first().changed
    assert changed == ["kind", "led_by", "minutes", "notes", "state"]


def test_an_appointment_to_come_held_early_is_of_today(stay, browser):
    planned = paths.make_interview(stay, TOMORROW, state=InterviewState.PLANNED)
    form = browser.get(url("interview_hold", planned.pk)).context["form"]
    assert form["on"].value() == TODAY


def test_two_who_write_the_same_appointment_down_lose_nothing(garden, appointment, browser, other):
    page = url("interview_hold", appointment.pk)
    mine, theirs = fields_of(browser.get(page)), fields_of(other.get(page))
    other.post(page, theirs | {"social": "Le leur"})
    answer = browser.post(page, mine | {"social": "Le mien"})
    html = answer.content.decode()
    assert "Le leur" in html
    assert "Le mien" in html
    assert notes_of(appointment) == {"social": "Le leur"}
    browser.post(page, fields_of(answer))
    held = Interview.objects.get(pk=appointment.pk)
    assert (notes_of(held), held.led_by.last_name) == ({"social": "Le mien"}, "Collègue")


def test_the_page_of_a_new_interview_proposes_the_appointments_taken(stay, appointment, browser):
    html = browser.get(create_url(stay)).content.decode()
    assert url("interview_hold", appointment.pk) in html
    browser.post(url("appointment_missed", appointment.pk))
    assert (
        url("interview_hold", appointment.pk) not in browser.get(create_url(stay)).content.decode()
    )


@pytest.mark.parametrize(
    ("name", "state", "words"),
    [
        ("appointment_missed", "missed", "la personne n’est pas venue"),
        ("appointment_cancel", "cancelled", "annulé"),
    ],
)
def test_a_tap_settles_an_appointment_and_is_undone(appointment, browser, name, state, words):
    html = browser.post(url(name, appointment.pk), follow=True).content.decode()
    assert words in html
    assert "Fixer un autre rendez-vous" in html
    undo = url("appointment_undo", appointment.pk)
    assert f'action="{undo}"' in html
    assert Interview.objects.get(pk=appointment.pk).state == state
    again = browser.post(url(name, appointment.pk), follow=True).content.decode()
    assert "vient d’être modifié" in again
    assert "est rétabli" in browser.post(undo, follow=True).content.decode()
    assert Interview.objects.get(pk=appointment.pk).state == "planned"
    assert "vient d’être modifié" in browser.post(undo, follow=True).content.decode()


def test_nobody_is_missing_from_an_appointment_to_come(stay, browser):
    planned = paths.make_interview(stay, TOMORROW, state=InterviewState.PLANNED)
    assert "N’est pas venu" not in browser.get(url("interview_detail", planned.pk)).content.decode()
    html = browser.post(url("appointment_missed", planned.pk), follow=True).content.decode()
    assert "est à venir" in html
    assert Interview.objects.get(pk=planned.pk).state == "planned"


def test_an_interview_that_was_held_is_no_appointment(stay, browser):
    held = paths.make_interview(stay, YESTERDAY)
    for name in ("appointment_missed", "appointment_cancel", "appointment_undo"):
        browser.post(url(name, held.pk))
    assert Interview.objects.get(pk=held.pk).state == "held"
    assert browser.get(url("appointment_update", held.pk)).status_code == 404


def test_an_appointment_is_deleted_by_anybody_who_edits(stay, appointment, other):
    page = url("interview_delete", appointment.pk)
    assert "Supprimer ce rendez-vous" in other.get(page).content.decode()
    other.post(page)
    assert of(stay) == []


# Who takes over.


def test_the_appointments_to_come_pass_to_the_successor(world, garden, stay, colleague):
    leaver = garden.social_worker
    states = (InterviewState.PLANNED, InterviewState.CANCELLED, InterviewState.HELD)
    planned, *others = [
        paths.make_interview(stay, TOMORROW, state=state, led_by=leaver) for state in states
    ]
    others.append(paths.make_interview(stay, YESTERDAY, state=states[0], led_by=leaver))
    theirs = world.elsewhere.garden.somebody.enrolment
    others.append(paths.make_interview(theirs, TOMORROW, state=states[0], led_by=leaver))
    scope = scope_of(world.here.administrator)
    handover = Handover(scope=scope, leaver=leaver, successor=colleague, on=TODAY)
    assert interviews.pass_on(handover) == {"rendez-vous": 1}
    led = dict(
        Interview.objects.filter(pk__in=[row.pk for row in others]).values_list("pk", "led_by")
    )
    assert set(led.values()) == {leaver.pk}
    assert Interview.objects.get(pk=planned.pk).led_by == colleague
    assert interviews.pass_on in handovers._handlers
