"""A careless or hostile user of the rolls: stale pages sent again, forged keys, rows gone."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from beneficiaries.enums import Presence
from beneficiaries.models import Attendance, WorkshopParticipation
from beneficiaries.services import attendance
from beneficiaries.services.attendance import STALE, Tap
from programmes.access import scope_of
from programmes.models import Session
from tests.factories import beneficiaries as people
from tests.factories import programmes as make

DAY = date(2026, 3, 16)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(garden, client_for):
    return client_for(garden.workshop_leader)


@pytest.fixture
def session(garden):
    return make.make_session(garden.programme, garden.site, on=DAY)


@pytest.fixture
def lea(garden):
    return people.enrolment_of(people.make_person(garden.programme, "Léa", "Martin"))


def send(browser, name, session, enrolment, *, htmx=False, **sent):
    path = reverse(f"beneficiaries:{name}", args=[session.pk, enrolment.pk])
    return browser.post(path, {"version": 0} | sent, headers=HTMX if htmx else None)


def line_of(session, enrolment):
    return Attendance.objects.get(session=session, enrolment=enrolment)


# --- the same page sent twice with something else


@pytest.mark.parametrize("htmx", [False, True])
def test_an_old_page_sent_again_with_another_status_is_told(htmx, browser, session, karim):
    """The « back » button shows the row as it was: its mark and its version are those of before."""
    seen = {"client_uuid": uuid4(), "current_site": session.sites.get().pk}
    send(browser, "attendance_tap", session, karim, htmx=htmx, status="present", **seen)
    answer = send(browser, "attendance_tap", session, karim, htmx=htmx, status="absent", **seen)
    assert STALE in answer.content.decode()
    assert line_of(session, karim).status == Presence.PRESENT


def test_hours_changed_on_an_old_page_are_not_lost_in_silence(browser, session, karim):
    seen = {"client_uuid": uuid4(), "ends_at": "12:00"}
    send(browser, "attendance_hours", session, karim, starts_at="09:00", **seen)
    answer = send(browser, "attendance_hours", session, karim, starts_at="10:00", **seen)
    assert answer.status_code == 200
    assert STALE in answer.content.decode()
    assert 'value="10:00"' in answer.content.decode()
    assert line_of(session, karim).minutes == 180


def test_the_same_tap_twice_is_one_tap(browser, session, karim):
    seen = {"client_uuid": uuid4(), "current_site": session.sites.get().pk}
    for _ in range(2):
        answer = send(browser, "attendance_tap", session, karim, status="present", **seen)
        assert answer.status_code == 302
    assert line_of(session, karim).version == 1


# --- a mark that is another line's


@pytest.mark.parametrize("htmx", [False, True])
def test_hours_under_the_mark_of_somebody_else_are_refused(htmx, browser, session, karim, lea):
    hours = {"starts_at": "09:00", "ends_at": "12:00", "client_uuid": uuid4()}
    send(browser, "attendance_hours", session, karim, **hours)
    answer = send(browser, "attendance_hours", session, lea, htmx=htmx, **hours)
    assert answer.status_code == 200
    assert "rechargez la page" in answer.content.decode()
    assert not Attendance.objects.filter(session=session, enrolment=lea).exists()


# --- a session deleted while it is ticked


def test_a_session_deleted_meanwhile_is_not_ticked(garden, session, karim):
    Session.objects.get(pk=session.pk).delete()
    with pytest.raises(ValidationError) as refused:
        attendance.tick(
            scope=scope_of(garden.workshop_leader),
            session=session,
            enrolment=karim.pk,
            tap=Tap(status=Presence.PRESENT, site=garden.site),
        )
    assert refused.value.code == "unknown"


# --- two devices on the participants of a workshop


def test_two_devices_add_to_a_workshop_without_undoing_each_other(browser, session, karim, lea):
    workshop = make.make_workshop(session)
    for enrolment in (karim, lea):
        people.make_attendance(enrolment, session, session.sites.get())
    path = reverse("beneficiaries:workshop_participants", args=[workshop.pk])
    seen_by_both = shown(browser, path)
    for enrolment in (karim, lea):
        browser.post(path, seen_by_both | {"enrolments": [enrolment.pk]})
    taken = WorkshopParticipation.objects.filter(workshop=workshop)
    assert set(taken.values_list("enrolment", flat=True)) == {karim.pk, lea.pk}


def test_somebody_is_taken_off_a_workshop(browser, session, karim, lea):
    workshop = make.make_workshop(session)
    for enrolment in (karim, lea):
        people.make_attendance(enrolment, session, session.sites.get())
        people.make_participation(enrolment, workshop)
    path = reverse("beneficiaries:workshop_participants", args=[workshop.pk])
    browser.post(path, shown(browser, path) | {"enrolments": [lea.pk]})
    taken = WorkshopParticipation.objects.filter(workshop=workshop)
    assert list(taken.values_list("enrolment", flat=True)) == [lea.pk]


def shown(browser, path):
    """Return what the form sends beside the boxes: what was ticked when it was opened."""
    bound = browser.get(path).context["form"]["enrolments"]
    return {f"initial-{bound.html_name}": [str(key) for key in bound.initial]}
