"""Who a schedule expects: the roll of its sessions, the page that says it, several at once."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from beneficiaries.enums import Part
from beneficiaries.models import ScheduleMember
from beneficiaries.services import batches, rolls, schedule_members
from programmes.access import scope_of
from tests.beneficiaries.taps import tick
from tests.factories import beneficiaries as people
from tests.factories import presence as plans
from tests.factories import programmes as make
from tests.harness.queries import same_queries

TODAY = timezone.localdate()


def on(days: int):
    return TODAY + timedelta(days=days)


@pytest.fixture
def scope(garden):
    return scope_of(garden.workshop_leader)


@pytest.fixture
def schedule(garden):
    return plans.make_schedule(garden.programme, garden.site, ends_on=on(90))


@pytest.fixture
def stays(garden):
    """Return three people of the garden, beside the one it has."""
    persons = [people.make_person(garden.programme, name, "Roux") for name in ("Ana", "Bob", "Léa")]
    return [people.enrolment_of(person) for person in persons]


def session_of(garden, schedule, day):
    return make.make_session(garden.programme, garden.site, schedule=schedule, on=day)


def expected(session):
    return {row.enrolment for row in rolls.roll_of(session).rows}


def days_of(stay):
    rows = ScheduleMember.objects.filter(enrolment=stay).order_by("starts_on")
    return [(row.starts_on, row.ends_on) for row in rows]


# --- the roll


def test_the_roll_expects_those_of_the_day_and_takes_others(scope, garden, schedule, stays):
    ana, bob, lea = stays
    plans.make_schedule_member(ana, schedule, starts_on=on(-9), ends_on=on(-2))
    plans.make_schedule_member(bob, schedule, starts_on=on(-2))
    day = {number: session_of(garden, schedule, on(number)) for number in (-10, -2, -1)}
    assert expected(day[-10]) == {ana, bob, lea, garden.somebody.enrolment}
    assert expected(day[-2]) == {ana, bob}
    assert expected(day[-1]) == {bob}
    counts = rolls.tallies(list(day.values()))
    assert [counts[day[n].pk].expected for n in (-10, -2, -1)] == [4, 2, 1]
    tick(scope, day[-1], lea)
    assert expected(day[-1]) == {bob, lea}
    assert rolls.tallies([day[-1]])[day[-1].pk] == rolls.roll_of(day[-1]).tally
    batches.tick_all(scope=scope, session=day[-1])
    assert rolls.roll_of(day[-1]).tally.present == 2


def test_a_session_of_no_schedule_expects_everybody(garden, schedule, stays):
    plans.make_schedule_member(stays[0], schedule)
    assert len(expected(session_of(garden, None, on(-1)))) == 4


def test_somebody_whose_stay_is_over_or_paused_is_not_expected(garden, schedule, stays):
    ana, bob, _ = stays
    for stay in (ana, bob):
        plans.make_schedule_member(stay, schedule)
    ana.left_on = on(-3)
    ana.save()
    assert expected(session_of(garden, schedule, on(-1))) == {bob}


# --- what is written


def test_days_that_touch_make_one_stretch(scope, schedule, stays):
    asked = {"scope": scope, "schedule": schedule}
    (ana,) = stays[:1]

    def expect(*days):
        return schedule_members.expect(
            **asked, enrolments=[ana], starts_on=days[0], ends_on=days[1]
        )

    assert expect(on(1), on(5)) == 1
    assert expect(on(2), on(4)) == 0
    assert expect(on(6), on(9)) == 1
    assert days_of(ana) == [(on(1), on(9))]
    assert expect(on(20), None) == 1
    assert expect(on(-5), on(-4)) == 1
    assert days_of(ana) == [(on(-5), on(-4)), (on(1), on(9)), (on(20), None)]
    assert schedule_members.no_longer(**asked, enrolments=[ana], after=on(6)) == 1
    assert days_of(ana) == [(on(-5), on(-4)), (on(1), on(6))]
    assert expect(on(-9), None) == 1
    assert days_of(ana) == [(on(-9), None)]
    with pytest.raises(ValidationError):
        expect(on(1), on(0))


# --- the page


def test_several_are_expected_and_no_more_from_the_page(garden, client_for, schedule, stays):
    browser = client_for(garden.workshop_leader)
    path = reverse("beneficiaries:schedule_members", args=[schedule.pk])
    people.make_person(garden.programme, "Zoé", "Vert", part=Part.VOLUNTEER)
    html = browser.get(f"{path}?inscription={stays[0].pk}").content.decode()
    assert "Zoé V. (bénévole)" in html
    assert html.count(" checked") == 1
    sent = {"enrolments": [one.pk for one in stays[:2]], "starts_on": TODAY, "act": "add"}
    html = browser.post(path, sent, follow=True).content.decode()
    assert "2\u00a0personnes notées attendues." in html
    assert html.count("attendu depuis le") == 2
    stop = sent | {"act": "stop", "enrolments": [stays[0].pk], "ends_on": on(7)}
    html = browser.post(path, stop, follow=True).content.decode()
    assert "1\u00a0personne n’est plus attendue." in html
    assert days_of(stays[0]) == [(TODAY, on(7))]
    browser.post(path, sent | {"act": "stop"})
    assert not ScheduleMember.objects.filter(schedule=schedule).exists()
    html = browser.post(path, sent | {"ends_on": on(-1), "enrolments": []}).content.decode()
    assert "Cochez au moins une personne." in html
    assert schedule_members.BACKWARDS in html


def test_nobody_of_another_programme_is_offered_or_taken(garden, world, client_for, schedule):
    browser = client_for(garden.workshop_leader)
    path = reverse("beneficiaries:schedule_members", args=[schedule.pk])
    stranger = world.here.kitchen.somebody.enrolment
    sent = {"enrolments": [stranger.pk], "starts_on": TODAY}
    assert browser.post(path, sent).status_code == 200
    assert not ScheduleMember.objects.filter(schedule=schedule).exists()


def test_it_is_reached_from_the_session_and_the_person(garden, client_for, schedule, stays):
    plans.make_schedule_member(stays[0], schedule)
    session = session_of(garden, schedule, on(-1))
    browser = client_for(garden.social_worker)
    path = reverse("beneficiaries:schedule_members", args=[schedule.pk])
    html = browser.get(reverse("programmes:session_detail", args=[session.pk])).content.decode()
    assert f'href="{path}"' in html
    page = reverse("beneficiaries:person_attendance", args=[stays[0].person_id])
    html = browser.get(page).content.decode()
    assert f'href="{path}?inscription={stays[0].pk}"' in html
    assert "attendu depuis le" in html


def test_seven_people_make_the_queries_of_two(garden, client_for, schedule, stays):
    plans.make_schedule_member(stays[0], schedule)
    session = session_of(garden, schedule, on(-1))
    browser = client_for(garden.workshop_leader)
    paths = [
        reverse("beneficiaries:schedule_members", args=[schedule.pk]),
        reverse("beneficiaries:attendance_tick", args=[session.pk]),
        reverse("beneficiaries:person_attendance", args=[stays[0].person_id]),
    ]

    def grow():
        for _ in range(5):
            stay = people.enrolment_of(people.make_person(garden.programme))
            plans.make_schedule_member(stay, schedule)
            other = plans.make_schedule(garden.programme, garden.site, ends_on=on(90))
            plans.make_schedule_member(stays[0], other)

    same_queries(lambda: [browser.get(path) for path in paths], grow)
