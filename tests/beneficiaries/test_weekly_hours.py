"""Hours of a week: sessions that count, interviews held, steps done spread over working days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from beneficiaries.enums import InterviewState, Presence
from beneficiaries.models import Attendance, Enrolment, Interview, Step
from beneficiaries.services import weekly_hours
from beneficiaries.services.weekly_hours import Week
from tests.beneficiaries.test_threads import file_of
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import programmes as make
from tests.factories.programmes import code

MONDAY = date(2016, 3, 7)
WEEK = Week(MONDAY)


def minutes(stay: Enrolment, week: Week = WEEK) -> int:
    return weekly_hours.minutes_in(
        week,
        attendances=Attendance.objects.filter(enrolment=stay).select_related("session"),
        interviews=Interview.objects.filter(enrolment=stay),
        steps=Step.objects.filter(enrolment=stay),
    )


def present(garden, stay: Enrolment, on: date, *, is_closed=True, status=Presence.PRESENT) -> None:
    session = make.make_session(garden.programme, garden.site, on=on, hours=("08:00", "12:00"))
    people.make_attendance(stay, session, garden.site, status)
    if is_closed:
        make.close(session)


def immersion(stay: Enrolment, first: date, last: date, spent: int) -> Step:
    return people.make_step(stay, "pmsmp", started_on=first, done_on=last, minutes=spent)


# A week.


@pytest.mark.parametrize(
    ("on", "monday"),
    [
        (date(2016, 3, 7), date(2016, 3, 7)),
        (date(2016, 3, 13), date(2016, 3, 7)),
        (date(2016, 3, 6), date(2016, 2, 29)),
        (date(2016, 1, 1), date(2015, 12, 28)),
    ],
)
def test_a_week_goes_from_monday_to_sunday(on, monday):
    assert Week.of(on).monday == monday
    assert on in Week.of(on)
    assert on + timedelta(days=7) not in Week.of(on)


def test_the_week_is_that_of_the_programme_s_clock(stay, monkeypatch):
    """Sunday evening in Paris is Monday morning in Nouméa."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2016, 3, 6, 20, 0, tzinfo=UTC))
    assert weekly_hours.week_of_today(stay).monday == date(2016, 2, 29)
    stay.programme.territory.time_zone = "Pacific/Noumea"
    assert weekly_hours.week_of_today(stay).monday == date(2016, 3, 7)


# What counts.


def test_sessions_interviews_and_steps_add_up(garden, stay):
    present(garden, stay, MONDAY)
    present(garden, stay, MONDAY + timedelta(days=6))
    paths.make_interview(stay, MONDAY, minutes=45)
    immersion(stay, MONDAY, MONDAY, 120)
    assert minutes(stay) == 4 * 60 * 2 + 45 + 120


def test_what_is_not_counted(garden, stay):
    present(garden, stay, MONDAY, is_closed=False)
    present(garden, stay, MONDAY + timedelta(days=1), status=Presence.ABSENT)
    present(garden, stay, MONDAY - timedelta(days=1))
    present(garden, stay, MONDAY + timedelta(days=7))
    paths.make_interview(stay, MONDAY)
    for state in (InterviewState.PLANNED, InterviewState.MISSED, InterviewState.CANCELLED):
        paths.make_interview(stay, MONDAY, minutes=45, state=state)
    people.make_step(stay, started_on=MONDAY, minutes=600)
    people.make_step(stay, started_on=MONDAY, abandoned_on=MONDAY, minutes=600)
    people.make_step(stay, started_on=MONDAY, done_on=MONDAY)
    assert minutes(stay) == 0


def test_an_immersion_is_spread_over_its_working_days(stay):
    """Two weeks from Wednesday to Tuesday: 70 h over nine working days."""
    immersion(stay, date(2016, 3, 9), date(2016, 3, 21), 70 * 60)
    weeks = [minutes(stay, Week(MONDAY + timedelta(days=7 * n))) for n in (-1, 0, 1, 2, 3)]
    assert weeks == [0, 1400, 2333, 467, 0]
    assert sum(weeks) == 70 * 60


def test_a_step_of_a_week_end_counts_on_its_days(stay):
    immersion(stay, date(2016, 3, 12), date(2016, 3, 13), 300)
    assert minutes(stay) == 300


@pytest.mark.parametrize(("spent", "parts"), [(1, 3), (100, 7), (4200, 9), (0, 2), (480, 1)])
def test_shares_are_almost_equal_and_their_sum_exact(spent, parts):
    shares = weekly_hours.spread(spent, parts)
    assert (len(shares), sum(shares)) == (parts, spent)
    assert max(shares) - min(shares) <= 1


# What a referent reads.


@pytest.fixture
def followed(garden, stay) -> Enrolment:
    stay.referent = garden.social_worker
    stay.save()
    return stay


def agreed(reader, stay: Enrolment) -> list[weekly_hours.Agreed]:
    return weekly_hours.of_file(file_of(reader, stay, timezone.localdate()))


def test_the_hours_of_the_week_stand_beside_those_agreed(garden, followed):
    contract = paths.make_contract(followed, 15 * 60)
    paths.make_interview(followed, timezone.localdate(), minutes=45)
    (one,) = agreed(garden.social_worker, followed)
    assert (one.contract, one.minutes) == (contract, 45)


def test_another_stay_s_hours_are_another_contract_s(garden, followed):
    other = people.make_enrolment(followed.person, garden.programme, part="volunteer")
    paths.make_interview(other, timezone.localdate(), minutes=45)
    paths.make_contract(followed, 15 * 60)
    (one,) = agreed(garden.social_worker, followed)
    assert one.minutes == 0


def test_who_is_exempt_has_no_hours(garden, followed):
    paths.make_contract(followed, None, exemption=code("exemption_reasons", "garde"))
    paths.make_interview(followed, timezone.localdate(), minutes=45)
    (one,) = agreed(garden.social_worker, followed)
    assert (one.contract.exemption.label, one.minutes) == ("Garde d’enfants", 0)


@pytest.mark.parametrize(("starts", "ends"), [(-9, -1), (1, None)])
def test_a_contract_over_or_to_come_is_not_the_one_of_today(garden, followed, starts, ends):
    today = timezone.localdate()
    paths.make_contract(
        followed,
        starts_on=today + timedelta(days=starts),
        ends_on=today + timedelta(days=ends) if ends else None,
    )
    (one,) = agreed(garden.social_worker, followed)
    assert one.contract is None


def test_nobody_else_reads_anything(garden, followed):
    paths.make_contract(followed)
    colleague = make.make_member("social_worker", garden.programme)
    for reader in (garden.programme_manager, garden.workshop_leader, colleague):
        file = file_of(reader, followed)
        assert weekly_hours.of_file(file) == []
        assert file.contracts == []


def test_a_second_referent_reads_it_too(garden, followed):
    followed.co_referent = garden.programme_manager
    followed.save()
    contract = paths.make_contract(followed)
    (one,) = agreed(garden.programme_manager, followed)
    assert one.contract == contract


def test_a_stay_that_is_over_has_no_week(garden, followed):
    paths.make_contract(followed)
    followed.left_on = timezone.localdate() - timedelta(days=1)
    followed.save()
    assert agreed(garden.social_worker, followed) == []
