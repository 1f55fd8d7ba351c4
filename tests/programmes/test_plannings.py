"""A planning by month and by week: what each day shows, where one goes from there."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from programmes import access
from programmes.enums import Role
from tests.factories import presence as plans
from tests.factories import programmes as make
from tests.harness.queries import max_queries, same_queries

#: Easter Monday is in the middle of it.
APRIL = Period.month(2026, 4)
EASTER = date(2026, 4, 6)


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def browser(garden, client_for):
    return client_for(garden.workshop_leader)


def url(name: str, *args) -> str:
    return reverse(f"programmes:{name}", args=args)


def page(browser, garden, period, view="month") -> str:
    response = browser.get(url(f"session_{view}", garden.programme.pk, period))
    assert response.status_code == 200
    return response.content.decode()


def cells(html: str) -> dict[str, str]:
    """Return the words of each day inside the period."""
    found = re.findall(r'<td class="day[^>]*>(.*?)</td>', html, flags=re.DOTALL)
    days = {}
    for cell in found:
        if day := re.search(r'datetime="([\d-]+)"', cell):
            days[day[1]] = " ".join(re.sub(r"<[^>]+>", " ", cell).split())
    return days


def test_a_month_has_its_days_in_weeks_with_what_is_held(garden, browser):
    other = make.make_site(garden.territory, garden.programme, name="Rôleur")
    on = date(2026, 4, 7)
    make.close(make.make_session(garden.programme, garden.site, other, on=on, title="Semis"))
    make.cancel(make.make_session(garden.programme, garden.site, on=on, hours=("14:00", "16:00")))
    make.make_session(garden.programme, garden.site, on=date(2026, 4, 9), title="Taille")
    make.make_session(garden.programme, garden.site, on=date(2026, 3, 31), title="Avant")
    plans.make_closed_period(garden.programme, "Travaux", starts_on=on, ends_on=date(2026, 4, 30))
    html = page(browser, garden, APRIL)
    days = cells(html)
    assert list(days) == [f"2026-04-{day:02}" for day in range(1, 31)]
    assert html.count("<tr>") == 1 + 5
    assert "Avant" not in html
    assert "2\u00a0séances" in html
    told = days["2026-04-07"]
    words = ["Fermeture : Travaux", "8 h – 12 h", "Semis", "Rôleur", "clôturée", "14 h", "annulée"]
    assert [told.replace("\xa0", " ").index(word) for word in words] == sorted(
        told.replace("\xa0", " ").index(word) for word in words
    )
    assert "gel" not in told
    assert "à clôturer" in days["2026-04-09"]
    assert "Lundi de Pâques" in days[str(EASTER)]
    # The days on which nothing is held leave room to the others.
    thin = re.findall(r'<th scope="col" class="day-thin">(\w+)', html)
    assert thin == ["lundi", "mercredi", "vendredi", "samedi", "dimanche"]


def test_a_day_carries_itself_to_the_form(garden, browser, client_for):
    html = page(browser, garden, APRIL)
    asked = f"{url('session_create', garden.programme.pk)}?jour=2026-04-09"
    assert f'href="{asked}"' in html
    assert 'value="2026-04-09"' in browser.get(asked).content.decode()


def test_the_three_views_lead_to_one_another_over_the_same_days(garden, browser):
    key = garden.programme.pk
    today = timezone.localdate()
    month, week = Period.containing(today, Kind.MONTH), Period.week_of(today)
    html = page(browser, garden, APRIL)
    assert f'href="{url("session_list", key, APRIL)}"' in html
    assert f'href="{url("session_week", key, Period.week_of(APRIL.start))}"' in html
    assert f'href="{url("session_month", key, APRIL.next())}" rel="next"' in html
    assert f'href="{url("session_month", key, month)}"' in html
    # Of this month, the week is the one of today, and nothing leads back to today.
    html = page(browser, garden, month)
    assert f'href="{url("session_week", key, week)}"' in html
    assert html.count(">Aujourd’hui<") == 1  # the menu's
    assert 'href="#aujourd-hui"' in html
    assert html.count('id="aujourd-hui"') == 1
    html = page(browser, garden, week.next(), "week")
    assert f'href="{url("session_week", key, week)}" rel="prev"' in html
    assert html.count(">Aujourd’hui<") == 2


def test_a_week_says_who_leads_and_lists_the_weeks_around(garden, browser):
    week = Period.week_of(date(2026, 4, 29))
    session = make.make_session(
        garden.programme, garden.site, on=date(2026, 5, 1), leader=garden.workshop_leader
    )
    make.make_workshop(session)
    html = page(browser, garden, week, "week")
    assert list(cells(html)) == [str(week.start + timedelta(days=n)) for n in range(7)]
    told = cells(html)["2026-05-01"]
    for words in ("Fête du Travail", session.leader_name, "1\u00a0atelier"):
        assert words.replace("\u00a0", " ") in told.replace("\u00a0", " ")
    assert html.count(f'href="{url("session_week", garden.programme.pk, week.next().next())}"') == 2


@pytest.mark.parametrize(
    ("view", "period"),
    [("month", Period.year(2026)), ("week", APRIL), ("week", Period(EASTER, EASTER))],
)
def test_other_days_are_the_list_s(garden, browser, view, period):
    address = url(f"session_{view}", garden.programme.pk, period)
    assert browser.get(address).status_code == 404


def test_where_the_calendar_ends_no_tab_leads_further(garden, browser):
    first, last = Period.parse("1000-01"), Period.parse("2999-12-23_2999-12-29")
    assert ">Semaine<" not in page(browser, garden, first)
    assert "3000" not in page(browser, garden, last, "week")


def test_who_may_not_plan_is_offered_no_day(garden, client_for, monkeypatch):
    less = access.ROLE_ACTIONS[Role.WORKSHOP_LEADER] - {Action.EDIT_SESSIONS}
    monkeypatch.setitem(access.ROLE_ACTIONS, Role.WORKSHOP_LEADER, less)
    html = page(client_for(garden.workshop_leader), garden, APRIL)
    assert "Ajouter une séance" not in html


@pytest.mark.parametrize("view", ["month", "week"])
def test_it_costs_the_same_for_two_sessions_and_seven(garden, browser, view):
    period = APRIL if view == "month" else Period.week_of(EASTER)
    for hours in (("08:00", "12:00"), ("14:00", "16:00")):
        make.make_session(garden.programme, garden.site, on=EASTER, hours=hours)
    plans.make_closed_period(garden.programme, starts_on=EASTER, ends_on=EASTER)

    def grow():
        for number in range(1, 6):
            on = EASTER + timedelta(days=number)
            make.make_session(garden.programme, garden.site, on=on, leader=garden.workshop_leader)

    address = url(f"session_{view}", garden.programme.pk, period)
    same_queries(lambda: browser.get(address), grow)
    with max_queries(12):
        browser.get(address)
