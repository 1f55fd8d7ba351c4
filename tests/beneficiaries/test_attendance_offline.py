"""Taps of a device whose network came back: each once, at its time, never over another one."""

import re
from datetime import date, timedelta
from urllib.parse import parse_qs
from uuid import uuid4

import pytest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone

from autoprod.core.service_worker import ASSETS
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


# --- an enrolled device


@pytest.fixture
def device(browser):
    """Return the leader's browser, enrolled."""
    typed = {"label": "Téléphone", "code": "402719", "code_again": "402719"}
    assert browser.post("/mon-compte/appareil/", typed).status_code == 302
    return browser


def roll(device, session, **headers):
    return device.get(reverse("beneficiaries:attendance_tick", args=[session.pk]), headers=headers)


def test_a_device_is_told_what_it_keeps(device, session):
    response = roll(device, session)
    told = parse_qs(response.headers["Autoprod-Offline"])
    assert told["on"] == ["2026-03-16"]
    assert told["label"][0].startswith("Culture maraîchère, lundi 16")
    loaded = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', response.content.decode()))
    assert "/static/js/offline/page.js" in loaded
    assert loaded <= {static(name) for name in ASSETS}


def test_a_roll_kept_ahead_has_its_buttons_and_writes_nothing(device, garden, karim):
    tomorrow = timezone.localdate() + timedelta(days=1)
    later = make.make_session(garden.programme, garden.site, on=tomorrow)
    seen = roll(device, later)
    assert "Autoprod-Offline" not in seen.headers
    assert f'id="present-{karim.pk}"' not in seen.content.decode()
    kept = roll(device, later, **{"Autoprod-Offline": "keep"})
    assert "on=" in kept.headers["Autoprod-Offline"]
    assert f'id="present-{karim.pk}"' in kept.content.decode()
    html = send(device, later, karim, status="present")
    assert "on ne pointe pas l’avenir" in html
    assert not Attendance.objects.filter(session=later).exists()


def test_the_rolls_of_today_and_tomorrow_are_named_to_the_device(device, garden, session):
    today = timezone.localdate()
    days = [today + timedelta(days=ahead) for ahead in (-1, 0, 1, 2)]
    near = [make.make_session(garden.programme, garden.site, on=day) for day in days]
    html = roll(device, session).content.decode()
    named = re.search(r'data-offline-rolls="([^"]*)"', html)[1].split()
    paths = [reverse("beneficiaries:attendance_tick", args=[one.pk]) for one in near]
    assert set(paths[1:3]) <= set(named)
    assert not {paths[0], paths[3]} & set(named)
