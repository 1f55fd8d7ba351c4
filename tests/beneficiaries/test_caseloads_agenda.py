"""The agenda: whose appointments, on which days, what stands beside them, and its two files."""

import re
from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent
from autoprod.core.periods import Kind, Period
from beneficiaries.enums import InterviewState, Level, Whose
from beneficiaries.models import Enrolment, Interview
from beneficiaries.services import agendas
from programmes.access import scope_of
from programmes.enums import Role
from tests.beneficiaries.crowds import crowd
from tests.factories import beneficiaries as people
from tests.factories import gardens as grow
from tests.factories import pathways as paths
from tests.factories import programmes as make
from tests.harness.queries import max_queries, same_queries

AGENDA, FILE = "/agenda/", "/agenda/export/"
PLANNED = InterviewState.PLANNED
WEDNESDAY = date(2026, 3, 11)
WEEK = Period(date(2026, 3, 9), date(2026, 3, 15))


@pytest.fixture
def scope(garden):
    return scope_of(garden.social_worker)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def mine(garden):
    Enrolment.objects.update(left_on=make.LONG_AGO)
    Interview.objects.update(led_by=None)
    person = people.make_person(garden.programme, "Zoé", "Abadie", referent=garden.social_worker)
    return people.enrolment_of(person)


def plan(stay, on, **fields):
    return paths.make_interview(stay, on, **{"state": PLANNED} | fields)


def told(days) -> list[tuple]:
    return [(day.on.day, [row["row"].at for row in day.rows]) for day in days]


def page(browser, path=AGENDA, **query) -> str:
    response = browser.get(path, query)
    assert response.status_code == 200
    return response.content.decode()


# The days.


@pytest.mark.parametrize("on", [date(2026, 3, 9), WEDNESDAY, date(2026, 3, 15)])
def test_a_week_goes_from_monday_to_sunday(on):
    assert Period.week_of(on) == WEEK
    assert WEEK.next().start == date(2026, 3, 16)


def test_a_week_shows_its_working_days_and_a_saturday_with_something(scope, mine):
    plan(mine, date(2026, 3, 12), at=time(14))
    plan(mine, date(2026, 3, 12), at=time(9))
    plan(mine, date(2026, 3, 12))
    plan(mine, date(2026, 3, 14), at=time(10))
    plan(mine, date(2026, 3, 16), at=time(10))
    plan(mine, WEDNESDAY, state=InterviewState.CANCELLED)
    days = agendas.days_of(scope, WEEK, Whose.MINE, WEDNESDAY)
    assert told(days) == [
        (9, []),
        (10, []),
        (11, []),
        (12, [None, time(9), time(14)]),
        (13, []),
        (14, [time(10)]),
    ]
    assert days[3].label == "Jeudi 12\u00a0mars"
    month = agendas.days_of(scope, Period.month(2026, 3), Whose.MINE, WEDNESDAY)
    assert [day.on.day for day in month] == [12, 14, 16]


def test_mine_are_those_i_lead_and_those_nobody_leads_of_whom_i_follow(scope, garden, mine):
    colleague = make.make_member(Role.SOCIAL_WORKER, garden.programme)
    other = people.enrolment_of(people.make_person(garden.programme, referent=colleague))
    mine_led = plan(mine, WEDNESDAY, led_by=garden.social_worker)
    unled = plan(mine, WEDNESDAY)
    lent = plan(other, WEDNESDAY, led_by=garden.social_worker)
    theirs = [plan(other, WEDNESDAY), plan(mine, WEDNESDAY, led_by=colleague)]
    rows = agendas.interviews_of(scope, Whose.MINE).in_period(WEEK)
    assert set(rows) == {mine_led, unled, lent}
    team = agendas.interviews_of(scope, Whose.TEAM).in_period(WEEK)
    assert set(team) == {mine_led, unled, lent, *theirs}


def test_the_appointments_of_another_programme_stay_there(world, scope, mine):
    for frame in (world.here.kitchen, world.elsewhere.garden):
        plan(frame.somebody.enrolment, WEDNESDAY, led_by=world.here.garden.social_worker)
    assert not agendas.interviews_of(scope, Whose.TEAM).in_period(WEEK).exists()


@pytest.mark.parametrize(
    ("on", "state", "words", "acts"),
    [
        (date(2026, 3, 10), PLANNED, "à noter", (True, False)),
        (WEDNESDAY, PLANNED, "", (True, True)),
        (date(2026, 3, 12), PLANNED, "", (False, True)),
        (date(2026, 3, 10), InterviewState.HELD, "tenu", (False, False)),
        (date(2026, 3, 10), InterviewState.MISSED, "pas venue", (False, False)),
    ],
)
def test_what_may_be_done_with_an_appointment(on, state, words, acts, mine):
    line = agendas.shown(plan(mine, on, state=state), WEDNESDAY)
    assert (line["words"], (line["can_hold"], line["can_move"])) == (words, acts)


# Beside the days.


def test_what_was_not_written_up_is_recalled_for_a_while(scope, mine):
    plan(mine, WEDNESDAY)
    before = plan(mine, date(2026, 3, 2))
    plan(mine, date(2026, 3, 3), state=InterviewState.MISSED)
    plan(mine, WEDNESDAY - agendas.RECALLED - timedelta(days=1))
    assert list(agendas.to_write_up(scope, Whose.MINE, WEDNESDAY)) == [before]


def test_who_is_to_be_seen_without_an_appointment_is_beside(scope, garden, mine):
    simple = people.make_person(
        garden.programme, referent=garden.social_worker, level=Level.PARTICIPATION
    )
    assert [one.stay for one in agendas.to_place(scope, Whose.MINE, WEDNESDAY)] == [mine]
    plan(mine, date(2026, 3, 20))
    assert agendas.to_place(scope, Whose.MINE, WEDNESDAY) == []
    assert people.enrolment_of(simple).level == Level.PARTICIPATION


def test_who_came_late_in_the_month_waits_for_the_next(scope, mine):
    mine.entered_on = date(2026, 3, 17)
    mine.save()
    assert agendas.to_place(scope, Whose.MINE, date(2026, 3, 18)) == []
    assert len(agendas.to_place(scope, Whose.MINE, date(2026, 4, 1))) == 1


# The page.


def test_the_page_opens_on_this_week_and_walks_from_there(browser, garden, mine, today):
    plan(mine, today, at=time(14, 30))
    html = page(browser)
    assert "14\u00a0h\u00a030" in html
    assert "Zoé Abadie" in html
    week = Period.week_of(today)
    for period in (week.previous(), week.next()):
        assert f'href="/agenda/{period.slug}/"' in html
    html = page(browser, f"/agenda/{week.next().slug}/")
    assert "14\u00a0h\u00a030" not in html
    assert f'href="/agenda/{week.slug}/"' in html
    month = Period.containing(today, Kind.MONTH)
    assert "Zoé Abadie" in page(browser, f"/agenda/{month.slug}/")


@pytest.mark.parametrize(
    "slug",
    ["2026", "2026-T1", "2026-01-01_2026-02-15", "2026-02-30_2026-03-01", "1000-01", "2999-12"],
)
def test_an_agenda_is_of_a_month_at_most_and_of_our_times(slug, browser):
    assert browser.get(f"/agenda/{slug}/").status_code == 404


def test_the_team_keeps_its_tab_from_week_to_week(browser, garden, mine, today):
    colleague = make.make_member(Role.SOCIAL_WORKER, garden.programme, name="Collègue")
    plan(mine, today, led_by=colleague)
    assert "avec Collègue" not in page(browser)
    html = page(browser, whose="team")
    assert f"avec {colleague}" in html
    assert f'{Period.week_of(today).next().slug}/?whose=team"' in html


def test_an_empty_month_says_what_to_do(browser, mine):
    assert "Un rendez-vous se fixe depuis" in page(browser, "/agenda/2001-02/")
    mine.delete()
    assert "Tous les rendez-vous sont fixés" in page(browser)


# The page of the day.


def test_the_day_tells_the_appointments_and_who_is_to_be_seen(browser, garden, mine, today):
    html = page(browser, "/")
    assert "Vos rendez-vous d’aujourd’hui" not in html
    assert "À voir ce mois-ci" in html
    plan(mine, today, at=time(9, 15))
    html = page(browser, "/")
    assert "Vos rendez-vous d’aujourd’hui" in html
    assert "9\u00a0h\u00a015" in html
    assert "À voir ce mois-ci" not in html


def test_the_day_recalls_what_was_not_written_up(browser, mine, today):
    plan(mine, today - timedelta(days=1))
    html = page(browser, "/")
    assert "Pas de rendez-vous aujourd’hui." in html
    assert "à noter" in html


def test_the_day_of_who_follows_nobody_says_nothing_of_it(leader, client_for, garden, mine):
    plan(mine, timezone.localdate())
    for browser in (leader, client_for(garden.programme_manager)):
        html = page(browser, "/")
        assert "À voir ce mois-ci" not in html
        assert "Vos rendez-vous" not in html


def test_the_day_shows_the_first_few_and_says_how_many_more(browser, garden, mine):
    for _ in range(8):
        people.make_person(garden.programme, referent=garden.social_worker)
    html = page(browser, "/")
    assert html.count("à voir d’ici") + html.count("pas encore d’entretien") == agendas.MOST_TODAY
    assert "3\u00a0autres personnes" in html


# The calendar.


def calendar(browser) -> list[str]:
    response = browser.get(FILE)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="agenda.ics"'
    text = response.content.decode()
    assert text.endswith("\r\n")
    return text.split("\r\n")


def test_the_calendar_holds_the_appointments_to_come_without_a_name(browser, garden, mine, today):
    mine.person.phone = "0612345678"
    mine.person.save()
    summer, winter = date(today.year + 1, 7, 6), date(today.year + 1, 12, 7)
    row = plan(mine, summer, at=time(9, 30), minutes=45)
    plan(mine, winter, at=time(9, 30))
    plan(mine, summer)
    plan(mine, today - timedelta(days=1))
    plan(mine, summer, state=InterviewState.CANCELLED)
    lines = calendar(browser)
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 3
    assert f"SUMMARY:Entretien\\, fiche n° {mine.person_id}" in lines
    assert f"UID:entretien-{row.pk}@autoprod" in lines
    for bound in (f"DTSTART:{summer:%Y%m%d}T073000Z", f"DTEND:{summer:%Y%m%d}T081500Z"):
        assert bound in lines
    # An hour when nobody said how long; the whole day when nobody said at what time.
    for bound in (f"DTSTART:{winter:%Y%m%d}T083000Z", f"DTEND:{winter:%Y%m%d}T093000Z"):
        assert bound in lines
    assert f"DTSTART;VALUE=DATE:{summer:%Y%m%d}" in lines
    text = "\n".join(lines)
    for mark in ("Abadie", "Zoé", "612345678", garden.programme.name, "ZA"):
        assert mark not in text


def test_the_calendar_is_ones_own_and_journaled(browser, garden, mine, today):
    colleague = make.make_member(Role.SOCIAL_WORKER, garden.programme)
    plan(mine, today, led_by=colleague)
    assert "BEGIN:VEVENT" not in calendar(browser)
    plan(mine, today, led_by=garden.social_worker)
    assert calendar(browser).count("BEGIN:VEVENT") == 1
    event = AuditEvent.objects.filter(verb=Verb.EXPORT).latest("pk")
    assert event.object_label == "Agenda\u00a0: 1\u00a0rendez-vous"


def test_an_hour_that_spring_skips_holds_nothing_back(browser, mine, today):
    last = date(today.year + 1, 3, 31)
    sunday = last - timedelta(days=(last.weekday() + 1) % 7)
    plan(mine, sunday, at=time(2, 30))
    assert f"DTSTART:{sunday:%Y%m%d}T013000Z" in calendar(browser)


def test_no_line_of_the_calendar_is_too_long(browser, mine, today):
    plan(mine, today)
    assert max(len(line.encode()) for line in calendar(browser)) <= 75


# What it costs.


def test_the_agenda_costs_the_same_for_many(browser, garden):
    crowd(garden, 3)
    for path in (AGENDA, "/agenda/?whose=team"):
        same_queries(lambda path=path: page(browser, path), lambda: crowd(garden, 5))
    crowd(garden, 600)
    with max_queries(14):
        html = page(browser)
    assert re.search(r"et <a href=\"/suivis/\">\d+\u00a0autres personnes", html)


def test_the_day_costs_the_same_for_many(browser, garden):
    crowd(garden, 3)
    same_queries(lambda: page(browser, "/"), lambda: crowd(garden, 5))
    same_queries(lambda: page(browser, "/"), lambda: crowd(garden, 300))


def test_nothing_blames(browser, garden, mine, today):
    plan(mine, today - timedelta(days=3))
    plan(mine, today - timedelta(days=1), state=InterviewState.MISSED)
    # In January, hives that nobody declared are late: they are nobody's fault here.
    grow.make_declaration(garden.grown.colony.apiary, year=today.year - 1)
    for path in (AGENDA, "/"):
        html = page(browser, path).lower()
        for word in ("retard", "dépassé", "urgent", "tag-red", "manqu"):
            assert word not in html
