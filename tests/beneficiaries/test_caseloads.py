"""A caseload: whom it holds, in which order, and what a line says, on a day of March."""

from datetime import date, time

import pytest

from beneficiaries.enums import InterviewState, Level, Part, Whose
from beneficiaries.models import Enrolment
from beneficiaries.services import caseloads
from programmes.access import scope_of
from programmes.enums import Role
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import programmes as make

TODAY = date(2026, 3, 11)
FEBRUARY, MARCH = date(2026, 2, 10), date(2026, 3, 3)


@pytest.fixture
def scope(garden):
    return scope_of(garden.social_worker)


@pytest.fixture
def follow(garden):
    """Return how somebody comes to be followed by the garden's social worker."""
    Enrolment.objects.update(left_on=make.LONG_AGO)

    def follow(name: str, **entry) -> Enrolment:
        values = {"referent": garden.social_worker, "entered_on": date(2026, 1, 5)}
        person = people.make_person(garden.programme, "Camille", name, **values | entry)
        return people.enrolment_of(person)

    return follow


def shown(scope, whose=Whose.MINE, today=TODAY) -> list[caseloads.Line]:
    stays = caseloads.of_whom(caseloads.open_stays(scope, today), whose, scope.actor_key)
    return caseloads.lines(scope, caseloads.in_order(scope, stays, today), today)


def names(lines) -> list[str]:
    return [line.followed.stay.person.last_name for line in lines]


def only(scope) -> caseloads.Line:
    (line,) = shown(scope)
    return line


# Whom it holds.


def test_the_three_tabs(scope, follow, garden):
    colleague = make.make_member(Role.SOCIAL_WORKER, garden.programme)
    follow("Mine")
    follow("Shared", referent=colleague, co_referent=garden.social_worker)
    follow("Theirs", referent=colleague)
    follow("Nobodys", referent=None)
    assert names(shown(scope)) == ["Mine", "Shared"]
    assert names(shown(scope, Whose.NOBODY)) == ["Nobodys"]
    assert names(shown(scope, Whose.TEAM)) == ["Mine", "Nobodys", "Shared", "Theirs"]


@pytest.mark.parametrize(
    ("left_on", "is_listed"),
    [(None, True), (date(2026, 3, 12), True), (TODAY, False), (date(2026, 3, 10), False)],
)
def test_who_left_leaves_the_list(left_on, is_listed, scope, follow):
    follow("Duval", left_on=left_on)
    assert bool(shown(scope)) == is_listed


def test_a_volunteer_is_listed_once_somebody_follows_them(scope, follow):
    follow("Customer", part=Part.MEMBER, referent=None)
    follow("Volunteer", part=Part.VOLUNTEER)
    (line,) = shown(scope, Whose.TEAM)
    assert (line.followed.stay.person.last_name, line.words(TODAY)) == ("Volunteer", "")


def test_who_accompanies_nobody_sees_nobody(world, follow, garden):
    follow("Duval")
    for user in (garden.workshop_leader, garden.committee_member, world.here.administrator):
        assert shown(scope_of(user), Whose.TEAM) == []
    for frame in (world.here.kitchen, world.elsewhere.garden):
        assert shown(scope_of(frame.social_worker), Whose.TEAM) == []


# In which order.


def test_what_is_to_be_placed_comes_first(scope, follow):
    seen = follow("Abel")
    paths.make_interview(seen, MARCH)
    follow("Bosco", level=Level.PARTICIPATION)
    soon = follow("Colin")
    paths.make_interview(soon, FEBRUARY)
    paths.make_interview(soon, date(2026, 3, 20), state=InterviewState.PLANNED)
    sooner = follow("Denis")
    paths.make_interview(sooner, FEBRUARY)
    paths.make_interview(sooner, date(2026, 3, 13), state=InterviewState.PLANNED)
    recent = follow("Emond")
    paths.make_interview(recent, FEBRUARY)
    older = follow("Ferry")
    paths.make_interview(older, date(2026, 2, 3))
    follow("Gomez")
    # Never seen, a whole month has passed: before who was seen last month, however early.
    follow("Hardy", entered_on=date(2026, 2, 5))
    to_place, placed, others = ["Gomez", "Hardy", "Ferry", "Emond"], ["Denis", "Colin"], ["Abel"]
    assert names(shown(scope)) == [*to_place, *placed, *others, "Bosco"]


def test_an_appointment_after_the_last_day_places_nothing(scope, follow):
    stay = follow("Duval")
    paths.make_interview(stay, FEBRUARY)
    paths.make_interview(stay, date(2026, 4, 2), state=InterviewState.PLANNED)
    assert only(scope).followed.is_to_place
    paths.make_interview(stay, date(2026, 3, 31), state=InterviewState.PLANNED)
    assert not only(scope).followed.is_to_place


# What a line says.


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({}, "pas encore d’entretien depuis le 5\u00a0janvier"),
        ({"entered_on": date(2026, 3, 2)}, "à voir d’ici le 31\u00a0mars"),
        ({"level": Level.PARTICIPATION}, "participation simple"),
        ({"entered_on": None}, "en attente d’une place"),
        ({"entered_on": date(2026, 3, 16)}, "commence le 16\u00a0mars"),
    ],
)
def test_what_is_waited_for_is_said_kindly(entry, said, scope, follow):
    follow("Duval", **entry)
    assert only(scope).words(TODAY) == said


def test_a_simple_participation_is_never_due(scope, follow):
    stay = follow("Duval")
    assert only(scope).followed.is_expected
    paths.make_level_change(stay, Level.PARTICIPATION, date(2026, 3, 2))
    line = only(scope)
    assert (line.followed.due, line.words(TODAY)) == (None, "participation simple")
    assert line.shown(TODAY)["tone"] == ""


@pytest.mark.parametrize(
    ("ends_on", "said"),
    [(None, "en pause"), (date(2026, 3, 20), "en pause jusqu’au 20\u00a0mars")],
)
def test_a_paused_pathway_is_not_due(ends_on, said, scope, follow):
    paths.make_suspension(follow("Duval"), date(2026, 3, 1), ends_on)
    line = only(scope)
    assert (line.followed.is_expected, line.words(TODAY)) == (False, said)


def test_the_dates_and_the_counts(scope, follow, garden):
    stay = follow("Duval", entered_on=make.LONG_AGO)
    for on, state in (
        (date(2026, 3, 2), InterviewState.HELD),
        (date(2026, 3, 9), InterviewState.MISSED),
        (date(2026, 3, 19), InterviewState.PLANNED),
    ):
        paths.make_interview(stay, on, state=state, at=time(14, 30))
    people.make_step(stay, "bilan_sante")
    people.make_step(stay, "permis", started_on=None, planned_on=date(2026, 4, 1))
    people.make_step(stay, "papiers", done_on=date(2026, 3, 1))
    paths.make_barrier(stay, "23")
    paths.make_barrier(stay, "24", lifted_on=TODAY)
    line = only(scope)
    assert line.last_on == date(2026, 3, 2)
    assert line.shown(TODAY)["next"] == "19\u00a0mars, 14\u00a0h\u00a030"
    assert (line.steps, line.next_step, line.barriers) == (2, "Permis de conduire", 1)


def test_hours_count_once_the_session_is_closed(scope, follow, garden):
    stay = follow("Duval", entered_on=make.LONG_AGO)
    sessions = [
        make.close(
            make.make_session(garden.programme, garden.site, on=on, hours=("08:00", "10:00"))
        )
        for on in (date(2026, 2, 20), date(2026, 3, 2), date(2026, 3, 4))
    ]
    begun = make.make_session(garden.programme, garden.site, on=date(2026, 3, 6))
    for session in (*sessions, begun):
        people.make_attendance(stay, session, garden.site)
    line = only(scope)
    assert (line.minutes_of_month, line.minutes) == (240, 360)


def test_a_line_of_somebody_new_is_empty(scope, follow):
    follow("Duval")
    line = only(scope)
    assert (line.last_on, line.steps, line.next_step, line.barriers) == (None, 0, "", 0)
    assert (line.minutes_of_month, line.minutes) == (0, 0)
