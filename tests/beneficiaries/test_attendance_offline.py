"""Taps of a device whose network came back: each once, at its time, never over another one."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiaries.enums import Presence
from beneficiaries.forms.attendance import seen_at
from beneficiaries.models import Attendance
from tests.factories import programmes as make

DAY = date(2026, 3, 16)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(garden, client_for):
    return client_for(garden.workshop_leader)


@pytest.fixture
def session(garden):
    return make.make_session(garden.programme, garden.site, on=DAY)


def send(browser, session, enrolment, **sent):
    data = {"version": 0, "client_uuid": uuid4(), "current_site": session.sites.get().pk} | sent
    path = reverse("beneficiaries:attendance_tap", args=[session.pk, enrolment.pk])
    return browser.post(path, data, headers=HTMX).content.decode()


def the_line(session) -> Attendance:
    return Attendance.objects.get(session=session)


def test_a_tap_is_stored_at_the_time_it_was_made(browser, session, karim):
    at = session.starts_at + timedelta(minutes=12, milliseconds=345)
    send(browser, session, karim, status="present", observed_at=at.isoformat())
    assert the_line(session).observed_at == at


def test_a_clock_that_is_wrong_loses_no_tap(session):
    now = timezone.now()
    for said in (
        "",
        "hier",
        "2026-02-31T08:00:00Z",
        "2026-03-16T09:00:00",
        (session.starts_at - timedelta(seconds=1)).isoformat(),
        (now + timedelta(minutes=6)).isoformat(),
        # A little ahead: it is told as now, never as the future.
        (now + timedelta(minutes=4)).isoformat(),
    ):
        assert seen_at(said, session, now) == now
    assert seen_at(session.starts_at.isoformat(), session, now) == session.starts_at


def test_a_tap_that_was_answered_but_not_heard_is_one_tap(browser, session, karim):
    sent = {"status": "present", "client_uuid": uuid4()}
    for _ in range(3):
        html = send(browser, session, karim, **sent)
        assert 'role="alert"' not in html
        assert 'name="version" value="1"' in html
    assert the_line(session).client_uuid == sent["client_uuid"]


def test_a_tap_sent_again_after_another_device_s_change_is_refused(browser, session, karim):
    sent = {"status": "present", "client_uuid": uuid4()}
    send(browser, session, karim, **sent)
    send(browser, session, karim, status="absent", version=1)
    html = send(browser, session, karim, **sent)
    assert "Un autre appareil a changé cette ligne" in html
    assert (the_line(session).status, the_line(session).version) == (Presence.ABSENT, 2)


def test_a_browser_that_is_no_device_is_told_to_keep_nothing(browser, session):
    path = reverse("beneficiaries:attendance_tick", args=[session.pk])
    response = browser.get(path, headers={"Autoprod-Offline": "keep"})
    assert response.headers["Autoprod-Offline"] == "no"
    assert "js/offline/" not in response.content.decode()
