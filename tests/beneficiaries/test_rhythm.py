"""The rule « one interview per calendar month », and the dates it reads."""

from datetime import date, time, timedelta

import pytest

from autoprod.core.scoping import NOTHING, Scope
from beneficiaries.enums import InterviewState, Level, Part, Rhythm
from beneficiaries.models import Enrolment, Interview
from beneficiaries.services.interviews import last_held
from beneficiaries.services.rhythm import Due, due_of, of_file
from programmes.access import scope_of
from tests.beneficiaries.test_threads import file_of
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.harness.queries import max_queries, same_queries

TODAY = date(2026, 11, 23)
ALL = Scope.everything(reason="tests")


def due(enrolment: Enrolment, today: date = TODAY, scope: Scope = ALL) -> Due | None:
    fresh = Enrolment.objects.get(pk=enrolment.pk)
    return due_of(scope, [fresh], today).get(fresh.pk)


def told(enrolment: Enrolment, today: date = TODAY) -> str:
    """Return what is said, the same from what the page of the person has read."""
    found = due(enrolment, today)
    file = file_of(ALL, enrolment, today)
    with max_queries(0):
        assert of_file(file).get(enrolment.pk) == found
    return found.words(today).replace("\u00a0", " ") if found else ""


@pytest.fixture
def stay(garden) -> Enrolment:
    person = people.make_person(garden.programme, "Karim", "Diallo", entered_on=date(2026, 9, 2))
    return people.enrolment_of(person)


# One interview per calendar month.


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (["2026-11-12"], "entretien fait le 12 novembre"),
        (["2026-11-01"], "entretien fait le 1er novembre"),
        (["2026-10-03", "2026-11-23"], "entretien fait le 23 novembre"),
        (["2026-10-31"], "à voir d’ici le 30 novembre"),
        (["2026-10-03"], "à voir d’ici le 30 novembre"),
        (["2026-09-30"], "pas d’entretien depuis le 30 septembre"),
        ([], "pas encore d’entretien depuis le 2 septembre"),
        # To come: not held yet, whatever the row says.
        (["2026-10-20", "2026-11-24"], "à voir d’ici le 30 novembre"),
    ],
)
def test_the_month_says_whether_the_interview_is_done_due_or_missed(stay, held, words):
    for on in held:
        paths.make_interview(stay, date.fromisoformat(on))
    assert told(stay) == words


@pytest.mark.parametrize("state", [s for s in InterviewState if s != InterviewState.HELD])
def test_only_an_interview_that_was_held_counts(stay, state):
    paths.make_interview(stay, date(2026, 11, 12), state=state)
    assert due(stay).state == Rhythm.UNSEEN


def test_another_year_is_written(stay):
    Enrolment.objects.filter(pk=stay.pk).update(entered_on=date(2025, 1, 5))
    paths.make_interview(stay, date(2025, 12, 3))
    assert told(stay) == "pas d’entretien depuis le 3 décembre 2025"


@pytest.mark.parametrize(
    ("entered_on", "words"),
    [
        (date(2026, 11, 15), "à voir d’ici le 30 novembre"),
        (date(2026, 11, 16), "à voir d’ici le 31 décembre"),
        (date(2026, 10, 16), "à voir d’ici le 30 novembre"),
        (date(2026, 10, 15), "pas encore d’entretien depuis le 15 octobre"),
        (date(2026, 11, 24), ""),
        (None, ""),
    ],
)
def test_who_enters_after_the_15th_is_seen_from_the_next_month(garden, entered_on, words):
    stay = people.enrolment_of(people.make_person(garden.programme, entered_on=entered_on))
    assert told(stay) == words


def test_the_day_of_a_late_entry_is_a_parameter(garden):
    stay = people.enrolment_of(people.make_person(garden.programme, entered_on=date(2026, 11, 16)))
    assert due_of(ALL, [stay], TODAY, late_entry=20)[stay.pk].by == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("left_on", "words"),
    [
        (date(2026, 11, 22), ""),
        (date(2026, 11, 23), "à voir d’ici le 23 novembre"),
        (date(2026, 11, 27), "à voir d’ici le 27 novembre"),
        (date(2026, 12, 2), "à voir d’ici le 30 novembre"),
    ],
)
def test_who_has_left_is_not_waited_for(stay, left_on, words):
    paths.make_interview(stay, date(2026, 10, 6))
    Enrolment.objects.filter(pk=stay.pk).update(left_on=left_on)
    assert told(stay) == words


def test_who_enters_late_and_leaves_at_once_is_owed_nothing(garden):
    entered, left = date(2026, 11, 17), date(2026, 11, 28)
    person = people.make_person(garden.programme, entered_on=entered, left_on=left)
    assert due(people.enrolment_of(person)) is None


@pytest.mark.parametrize("part", [part for part in Part if part != Part.PARTICIPANT])
def test_only_participants_are_waited_for(garden, part):
    person = people.make_person(garden.programme, part=part, entered_on=date(2026, 9, 2))
    assert told(people.enrolment_of(person)) == ""


def test_interviews_written_down_in_any_order_say_the_same(stay):
    for day in (date(2026, 10, 20), date(2026, 11, 5), date(2026, 9, 10)):
        paths.make_interview(stay, day)
    assert told(stay) == "entretien fait le 5 novembre"


# Pauses.


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "words"),
    [
        (date(2026, 10, 1), None, ""),
        (date(2026, 11, 1), date(2026, 11, 30), ""),
        # On a pause today: nobody is expected.
        (date(2026, 11, 20), date(2026, 11, 25), ""),
        # Back since: the month still has its interview.
        (date(2026, 10, 5), date(2026, 11, 22), "à voir d’ici le 30 novembre"),
        (date(2026, 11, 28), date(2026, 12, 31), "à voir d’ici le 27 novembre"),
    ],
)
def test_nothing_is_due_on_a_pause(stay, starts_on, ends_on, words):
    paths.make_interview(stay, date(2026, 10, 2))
    paths.make_suspension(stay, starts_on, ends_on)
    assert told(stay) == words


def test_a_month_wholly_on_a_pause_was_not_missed(stay):
    paths.make_interview(stay, date(2026, 9, 10))
    paths.make_suspension(stay, date(2026, 9, 28), date(2026, 11, 2))
    assert due(stay).state == Rhythm.TO_SEE


def test_a_month_missed_before_a_pause_is_still_told(stay):
    paths.make_suspension(stay, date(2026, 10, 1), date(2026, 11, 2))
    assert told(stay) == "pas encore d’entretien depuis le 2 septembre"


# Levels.


def test_a_person_at_participation_simple_never_appears_as_late_for_an_interview(garden):
    for entered_on in (date(2020, 1, 1), date(2026, 10, 1), TODAY):
        person = people.make_person(
            garden.programme, level=Level.PARTICIPATION, entered_on=entered_on
        )
        stay = people.enrolment_of(person)
        assert [due(stay, TODAY + timedelta(days=n)) for n in range(0, 400, 5)] == [None] * 80


def test_back_to_participation_in_the_month_nothing_is_due_from_that_day(stay):
    paths.make_level_change(stay, Level.PARTICIPATION, date(2026, 11, 12))
    assert told(stay, date(2026, 11, 11)) == "pas encore d’entretien depuis le 2 septembre"
    assert [due(stay, date(2026, 11, n)) for n in range(12, 31)] == [None] * 19


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (date(2026, 11, 10), "à voir d’ici le 30 novembre"),
        (date(2026, 11, 15), "à voir d’ici le 30 novembre"),
        (date(2026, 11, 16), "à voir d’ici le 31 décembre"),
        (date(2026, 11, 23), "à voir d’ici le 31 décembre"),
        # Still at participation simple today.
        (date(2026, 11, 24), ""),
        (date(2026, 10, 3), "pas encore d’entretien depuis le 3 octobre"),
    ],
)
def test_who_becomes_accompanied_is_due_as_who_enters_that_day(stay, since, words):
    paths.make_level_change(stay, Level.PATHWAY, since)
    assert told(stay) == words


def test_the_months_at_participation_simple_are_not_missed_months(stay):
    paths.make_interview(stay, date(2026, 9, 3))
    paths.make_level_change(stay, Level.PARTICIPATION, date(2026, 9, 20))
    paths.make_level_change(stay, Level.PATHWAY, date(2026, 11, 3))
    assert told(stay) == "à voir d’ici le 30 novembre"


def test_a_change_to_come_brings_the_last_day_forward(stay):
    paths.make_interview(stay, date(2026, 10, 3))
    paths.make_level_change(stay, Level.PARTICIPATION, date(2026, 11, 27))
    assert told(stay) == "à voir d’ici le 26 novembre"


# Scope, and how many queries.


def test_what_the_scope_does_not_open_is_not_told(world, stay):
    garden = world.here.garden
    for user in (garden.workshop_leader, garden.committee_member, world.here.administrator):
        assert due(stay, scope=scope_of(user)) is None
    for scope in (NOTHING, scope_of(world.elsewhere.garden.social_worker)):
        assert due(stay, scope=scope) is None
    assert due(stay, scope=scope_of(garden.social_worker)).state == Rhythm.UNSEEN


def test_many_enrolments_are_read_in_three_queries(garden):
    scope = scope_of(garden.social_worker)

    def grow(count: int = 5) -> None:
        for number in range(count):
            stay = people.enrolment_of(people.make_person(garden.programme))
            paths.make_interview(stay, date(2026, 10, 1 + number % 20))
            paths.make_suspension(stay)
            paths.make_level_change(stay)

    def read() -> None:
        rows = Enrolment.objects.for_scope(scope, "view_pathways").entered()
        assert len(due_of(scope, rows, TODAY)) == rows.filter(left_on=None).count()

    grow(2)
    same_queries(read, grow)
    stays = list(Enrolment.objects.filter(programme=garden.programme))
    with max_queries(3):
        due_of(scope, stays, TODAY)


# The last one held, the next one planned.


def test_the_last_one_held_is_the_newest_up_to_a_day(stay, karim):
    for day in (2, 20, 11):
        paths.make_interview(stay, date(2026, 11, day))
    paths.make_interview(stay, date(2026, 11, 22), state=InterviewState.MISSED)
    with max_queries(1):
        assert last_held(ALL, [stay, karim], date(2026, 11, 30)) == {stay.pk: date(2026, 11, 20)}
    assert last_held(ALL, [stay], date(2026, 11, 19)) == {stay.pk: date(2026, 11, 11)}


def test_the_next_one_is_the_first_appointment_to_come(stay, karim):
    planned = InterviewState.PLANNED
    paths.make_interview(stay, TODAY - timedelta(days=1), state=planned)
    paths.make_interview(stay, TODAY + timedelta(days=9), state=planned)
    paths.make_interview(stay, TODAY + timedelta(days=2), state=planned, at=time(14))
    soon = paths.make_interview(stay, TODAY + timedelta(days=2), state=planned, at=time(9))
    paths.make_interview(stay, TODAY, state=InterviewState.CANCELLED)
    assert Interview.objects.of_stays([stay, karim]).to_come(TODAY).first() == soon
