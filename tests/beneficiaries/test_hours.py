"""Hours of a programme: by person, by week, by site; declared and signed apart."""

from datetime import date

import pytest
from django.urls import reverse

from autoprod.core.periods import Period
from beneficiaries.enums import Part, Presence
from beneficiaries.models import Enrolment
from beneficiaries.services.hours import of_programme, stretch_of
from programmes.access import scope_of
from tests.factories import beneficiaries as people
from tests.factories import presence as plans
from tests.factories import programmes as make
from tests.harness.queries import max_queries, same_queries

MARCH = Period.month(2016, 3)
H = 60


def held(garden, on: date, hours=("08:00", "12:00"), *sites):
    return make.close(
        make.make_session(garden.programme, *(sites or [garden.site]), on=on, hours=hours)
    )


@pytest.fixture
def shed(garden):
    return make.make_site(garden.territory, garden.programme)


@pytest.fixture
def month(garden, shed, karim) -> Enrolment:
    """Karim spent 10 h in March over two sites, and 4 h in April; a volunteer spent 4 h."""
    first, second = date(2016, 3, 1), date(2016, 3, 29)
    people.make_attendance(karim, held(garden, first), garden.site)
    people.make_attendance(karim, held(garden, first, ("14:00", "16:00")), shed)
    people.make_attendance(karim, held(garden, second), garden.site)
    people.make_attendance(karim, held(garden, date(2016, 4, 1)), garden.site)
    volunteer = people.make_person(garden.programme, "Lou", "Bénévole", part=Part.VOLUNTEER)
    session = held(garden, second)
    people.make_attendance(people.enrolment_of(volunteer), session, garden.site)
    # Neither is an hour: an open session, an absence.
    waiting = make.make_session(garden.programme, garden.site, on=date(2016, 3, 30))
    people.make_attendance(karim, waiting, garden.site)
    people.make_attendance(
        karim, held(garden, date(2016, 3, 31)), garden.site, status=Presence.ABSENT
    )
    return karim


def address(garden, period) -> str:
    return reverse("beneficiaries:hours_detail", args=[garden.programme.pk, period])


def hours_of(garden, period: Period):
    return of_programme(scope_of(garden.workshop_leader), garden.programme, period)


def test_hours_are_by_person_by_week_and_by_site_and_their_sums_agree(garden, shed, month):
    found = hours_of(garden, MARCH)
    total = found.participants.total
    assert (total.declared, total.signed, total.unsigned) == (10 * H, 0, 10 * H)
    assert total.sites == {garden.site.pk: 8 * H, shed.pk: 2 * H}
    weeks = [(line.days.slug, line.spent.declared) for line in found.stretches]
    assert weeks == [("2016-03-01_2016-03-06", 6 * H), ("2016-03-28_2016-03-31", 4 * H)]
    assert [line.spent.declared for line in found.participants.lines] == [10 * H]
    assert [str(line.person) for line in found.others.lines] == ["Lou Bénévole"]
    year = hours_of(garden, Period.year(2016))
    assert [line.spent.declared for line in year.stretches] == [10 * H, 4 * H]


@pytest.mark.parametrize(
    ("state", "signed"),
    [("to_sign", 0), ("signed", 10), ("locked", 10), ("unsigned", 0), ("reopened", 0)],
)
def test_hours_are_signed_by_the_statement_of_their_month(state, signed, garden, month):
    statement = plans.make_statement(month, MARCH.start)
    if state in {"signed", "locked", "reopened"}:
        plans.sign(statement)
        again = {"reopen_reason": "Erreur", "reopened_at": statement.frozen_at}
        if state != "signed":
            statement.state = state
            for name, value in again.items() if state == "reopened" else ():
                setattr(statement, name, value)
            statement.save()
    elif state == "unsigned":
        statement.state = state
        statement.unsigned_reason = make.code("unsigned_reasons", "refuse")
        statement.save()
    total = hours_of(garden, MARCH).participants.total
    assert (total.declared, total.signed) == (10 * H, signed * H)
    # April has its own statement; a year holds both.
    assert hours_of(garden, Period.month(2016, 4)).participants.total.signed == 0
    year = hours_of(garden, Period.year(2016)).participants.total
    assert (year.declared, year.signed) == (14 * H, signed * H)


def test_the_page_leads_to_each_person_and_each_week(garden, leader, month):
    plans.sign(plans.make_statement(month, MARCH.start))
    html = leader.get(address(garden, MARCH)).content.decode()
    person = reverse("beneficiaries:person_attendance", args=[month.person_id])
    assert f'<a href="{person}">Karim Dupont</a>' in html
    assert address(garden, "2016-03-28_2016-03-31") in html
    assert "1\u00a0séance passée" in html
    assert ">signé<" in html
    assert "10\u00a0h" in html
    days = leader.get(address(garden, "2016-03-28_2016-03-31")).content.decode()
    assert "Par jour" in days
    assert "Aucune heure" in leader.get(address(garden, "2015")).content.decode()


def test_the_page_makes_as_many_queries_for_a_crowd(garden, leader, month):
    def come(number: int) -> None:
        session = held(garden, date(2016, 3, 8))
        persons = [people.make_person(garden.programme) for _ in range(number)]
        for stay in Enrolment.objects.filter(person__in=persons):
            people.make_attendance(stay, session, garden.site)

    come(1)
    same_queries(lambda: leader.get(address(garden, MARCH)), lambda: come(5))
    with max_queries(14):
        leader.get(address(garden, MARCH))


@pytest.mark.parametrize(
    ("period", "on", "expected"),
    [
        (MARCH, date(2016, 3, 1), "2016-03-01_2016-03-06"),
        (MARCH, date(2016, 3, 13), "2016-03-07_2016-03-13"),
        (Period.year(2016), date(2016, 2, 29), "2016-02"),
        (Period.parse("2016-01-15_2016-06-30"), date(2016, 1, 20), "2016-01-15_2016-01-31"),
        (Period.parse("2016-03-07_2016-03-13"), date(2016, 3, 8), "2016-03-08_2016-03-08"),
    ],
)
def test_a_period_is_cut_by_day_week_or_month(period, on, expected):
    assert stretch_of(on, period).slug == expected


def test_the_tab_of_a_person_tells_what_was_signed_and_where(garden, leader, month):
    plans.sign(plans.make_statement(month, MARCH.start))
    page = reverse("beneficiaries:person_attendance", args=[month.person_id])
    panel = next(
        panel["context"]
        for panel in leader.get(page).context["panels"]
        if "months" in panel["context"]
    )
    told = [(line.first.month, line.minutes, line.signed) for line in panel["months"]]
    assert told == [(4, 4 * H, 0), (3, 10 * H, 10 * H)]
    assert (panel["total"], panel["signed"]) == (14 * H, 10 * H)
    assert [minutes for _, minutes in panel["sites"]] == [12 * H, 2 * H]
    html = leader.get(page).content.decode()
    assert ">Signées<" in html
    assert "Heures par site" in html
