"""Moving a session, or it and the rest of its series."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from programmes.models import ScheduleSlot, Session
from tests.factories import presence as plans
from tests.factories import programmes as make

#: A Monday morning of 2026; the Tuesday of the third week after is the 14th of July.
FIRST = date(2026, 6, 22)


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def browser(garden, client_for):
    return client_for(garden.workshop_leader)


@pytest.fixture
def series(garden) -> list[Session]:
    """Return five Mondays of one schedule, 8 to 12."""
    schedule = plans.make_schedule(
        garden.programme,
        garden.site,
        slots=[(1, 8, 12)],
        starts_on=FIRST,
        ends_on=FIRST + timedelta(days=30),
    )
    days = [FIRST + timedelta(days=7 * week) for week in range(5)]
    return [
        make.make_session(garden.programme, garden.site, on=day, schedule=schedule, title="Semis")
        for day in days
    ]


def moved(browser, session: Session, day: date, hours=("09:00", "12:00"), which: str = "one"):
    data = {"day": day.isoformat(), "start": hours[0], "end": hours[1], "which": which}
    data["version"] = session.version
    url = reverse("programmes:session_move", args=[session.pk])
    return browser.post(url, data, follow=True)


def days_of(series: list[Session]) -> list[date]:
    return [Session.objects.get(pk=row.pk).on for row in series]


def test_one_session_moves_with_its_workshops_and_the_others_stay(garden, browser, series):
    workshop = make.make_workshop(series[1], ends_at=make.at(series[1].on, "10:00"))
    response = moved(browser, series[1], series[1].on + timedelta(days=2))
    assert "1\u00a0séance déplacée." in response.content.decode()
    workshop.refresh_from_db()
    assert workshop.starts_at == make.at(series[1].on + timedelta(days=2), "09:00")
    assert days_of(series)[0] == FIRST
    assert days_of(series)[2] == series[2].on


def test_the_rest_of_the_series_moves_but_holidays_rolls_and_clashes(garden, browser, series):
    ticked = series[2]
    Session.objects.filter(pk=ticked.pk).update(roll_begun_at=make.at(FIRST, "08:00"))
    other = make.make_session(
        garden.programme, garden.site, on=series[4].on + timedelta(days=1), title="Visite"
    )
    response = moved(browser, series[1], series[1].on + timedelta(days=1), which="rest")
    html = response.content.decode()
    assert "1\u00a0séance déplacée." in html
    for reason in (
        "son appel est commencé",
        "férié\u00a0: Fête nationale",
        f"«\u00a0{other}\u00a0»",
    ):
        assert reason in html
    stay = [0, 2, 3, 4]
    assert [days_of(series)[n] for n in stay] == [series[n].on for n in stay]
    assert days_of(series)[1] == series[1].on + timedelta(days=1)


def test_the_week_of_the_schedule_follows_when_no_session_is_left_before(garden, browser, series):
    moved(browser, series[0], FIRST + timedelta(days=3), hours=("14:00", "16:00"), which="rest")
    slot = ScheduleSlot.objects.get(schedule=series[0].schedule)
    assert (slot.weekday, slot.starts.hour, slot.ends.hour) == (4, 14, 16)
    assert days_of(series) == [row.on + timedelta(days=3) for row in series]


@pytest.mark.parametrize("state", ["ticked", "closed", "cancelled"])
def test_a_session_that_was_used_does_not_move(garden, browser, series, state):
    session = series[0]
    if state == "ticked":
        Session.objects.filter(pk=session.pk).update(roll_begun_at=make.at(FIRST, "08:00"))
    else:
        {"closed": make.close, "cancelled": make.cancel}[state](session)
    moved(browser, session, FIRST + timedelta(days=1), which="rest")
    assert days_of(series) == [row.on for row in series]


def test_what_is_found_at_the_new_time_is_told(garden, browser, series):
    make.make_session(garden.programme, garden.site, on=date(2026, 7, 14), title="Visite")
    html = moved(browser, series[0], date(2026, 7, 14)).content.decode()
    assert "férié\u00a0: Fête nationale" in html
    assert "«\u00a0Visite\u00a0»" in html
    assert days_of(series)[0] == date(2026, 7, 14)


def test_an_hour_that_the_clocks_skip_is_told(garden, browser, series):
    response = moved(browser, series[0], date(2026, 3, 29), hours=("02:30", "04:00"))
    assert "Ce jour-là, les horloges sautent cette heure" in response.content.decode()
    assert days_of(series)[0] == FIRST
