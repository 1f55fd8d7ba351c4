"""Closing a month: one page says what is missing, in order, until everything is ready."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.core.periods import Period
from beneficiaries.enums import Level
from beneficiaries.models import Enrolment
from beneficiaries.services import months, statements
from programmes.access import scope_of
from programmes.models import Session
from tests.factories import beneficiaries as people
from tests.factories import evaluation as bilans
from tests.factories import pathways as paths
from tests.factories import presence as plans
from tests.factories import programmes as make
from tests.harness.queries import max_queries, same_queries

MARCH = Period.month(2016, 3)
DAY = date(2016, 3, 15)


def address(garden, period=MARCH) -> str:
    return reverse("beneficiaries:month_closing", args=[garden.programme.pk, period])


@pytest.fixture
def manager(garden, client_for):
    return client_for(garden.programme_manager)


@pytest.fixture
def came(garden) -> Enrolment:
    """Karim came once in March 2016; the session is still open."""
    person = people.make_person(garden.programme, "Karim", "Dupont", entered_on=date(2016, 1, 4))
    stay = people.enrolment_of(person)
    session = make.make_session(garden.programme, garden.site, on=DAY)
    people.make_attendance(stay, session, garden.site)
    # Nobody else is accompanied in that month.
    Enrolment.objects.exclude(pk=stay.pk).update(level=Level.PARTICIPATION)
    return stay


def left(garden, user=None) -> dict[str, int]:
    scope = scope_of(user or garden.programme_manager)
    end = months.ends_of(scope, [garden.programme], MARCH)[0]
    names = ("sessions", "to_prepare", "to_sign", "contested", "to_lock", "unmet", "others")
    return {name: len(getattr(end, name)) for name in names if getattr(end, name)}


def test_the_month_is_closed_step_by_step(garden, manager, came):
    assert left(garden) == {"sessions": 1, "unmet": 1, "others": 1}
    make.close(Session.objects.get(on=DAY))
    assert left(garden) == {"to_prepare": 1, "unmet": 1, "others": 1}
    scope = scope_of(garden.programme_manager)
    statement = statements.prepare(scope=scope, enrolment=came, month=MARCH)
    assert left(garden) == {"to_sign": 1, "unmet": 1, "others": 1}
    contested = plans.make_objection(statement, on=DAY)
    assert left(garden) == {"contested": 1, "unmet": 1, "others": 1}
    contested.delete()
    html = manager.get(address(garden)).content.decode()
    assert "États à faire signer" in html
    assert reverse("beneficiaries:statement_detail", args=[statement.pk]) in html
    plans.sign(statement)
    assert left(garden) == {"to_lock": 1, "unmet": 1, "others": 1}
    statements.lock(scope=scope, statement=statement)
    assert left(garden) == {"unmet": 1, "others": 1}
    paths.make_interview(came, date(2016, 3, 31))
    assert left(garden) == {"others": 1}
    html = manager.get(address(garden)).content.decode()
    assert "Texte du bilan à écrire" in html
    assert "Tout est prêt" not in html
    bilans.make_note(garden.programme, MARCH)
    assert left(garden) == {}
    html = manager.get(address(garden)).content.decode()
    assert "Tout est prêt" in html
    assert "Ouvrir le bilan" in html


def test_a_statement_whose_presences_changed_is_prepared_again(garden, came):
    make.close(Session.objects.get(on=DAY))
    scope = scope_of(garden.programme_manager)
    statements.prepare(scope=scope, enrolment=came, month=MARCH)
    other = make.close(make.make_session(garden.programme, garden.site, on=date(2016, 3, 16)))
    people.make_attendance(came, other, garden.site)
    assert left(garden)["to_prepare"] == 1
    assert "to_sign" not in left(garden)


def test_a_leader_sees_sessions_and_statements_never_an_interview(garden, leader, came):
    assert left(garden, garden.workshop_leader) == {"sessions": 1}
    html = leader.get(address(garden)).content.decode()
    assert "Séances à clôturer" in html
    assert "entretien" not in html.lower().partition("<main")[2]
    assert "Texte du bilan" not in html


def test_a_month_that_is_not_over_is_not_ready(garden, manager):
    today = timezone.localdate()
    month = Period.month(today.year + 1, 1)
    make.make_session(garden.programme, garden.site, on=month.start)
    html = manager.get(address(garden, month)).content.decode()
    assert "1\u00a0séance à tenir" in html
    assert "Tout est prêt" not in html
    assert manager.get(address(garden, Period.year(2016))).status_code == 404


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2016, 3, 24), None),
        (date(2016, 3, 25), MARCH),
        (date(2016, 3, 31), MARCH),
        (date(2016, 4, 5), MARCH),
        (date(2016, 4, 6), None),
        (date(2017, 1, 1), Period.month(2016, 12)),
    ],
)
def test_it_is_on_the_page_of_the_day_from_the_25th_to_the_5th(today, expected):
    assert months.month_to_close(today) == expected


def test_the_page_of_the_day_leads_to_it(garden, manager, leader, monkeypatch):
    this = Period.containing(timezone.localdate(), "month")
    monkeypatch.setattr(months, "month_to_close", lambda today: this)
    assert address(garden, this) in manager.get("/").content.decode().partition("<main")[2]
    assert "Clôture du mois" not in leader.get("/").content.decode().partition("<main")[2]
    monkeypatch.setattr(months, "month_to_close", lambda today: None)
    assert "Clôture du mois" not in manager.get("/").content.decode().partition("<main")[2]


def test_it_makes_as_many_queries_for_a_crowd_and_for_several_programmes(garden, manager, came):
    session = make.make_session(garden.programme, garden.site, on=date(2016, 3, 8))
    make.close(session)

    def act():
        return manager.get(address(garden))

    stay = people.enrolment_of(people.make_person(garden.programme, entered_on=date(2016, 1, 4)))
    people.make_attendance(stay, session, garden.site)
    plans.make_objection(plans.make_statement(stay, MARCH.start), on=DAY)

    def more() -> None:
        for _ in range(5):
            one = people.enrolment_of(
                people.make_person(garden.programme, entered_on=date(2016, 1, 4))
            )
            people.make_attendance(one, session, garden.site)
            plans.make_objection(plans.make_statement(one, MARCH.start), on=DAY)

    same_queries(act, more)
    with max_queries(20):
        act()
    everywhere = [make.make_programme(garden.territory) for _ in range(5)]
    scope = scope_of(garden.programme_manager)
    few = [garden.programme]
    with max_queries(7):
        months.ends_of(scope, few, MARCH)
    with max_queries(7):
        months.ends_of(scope, few + everywhere, MARCH)
