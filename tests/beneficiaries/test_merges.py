"""Two files of one person made into one, and taken apart again: nothing lost, nothing twice."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core import serializers
from django.core.exceptions import ValidationError

from autoprod.audit.models import AuditEvent
from beneficiaries.enums import Level, NoteLevel, Part, Presence
from beneficiaries.models import (
    Attendance,
    Barrier,
    EngagementContract,
    Enrolment,
    FseAnswers,
    Household,
    HouseholdMember,
    Interview,
    InterviewNote,
    Objective,
    Person,
    PersonAddress,
    PersonIdentity,
    PersonMerge,
    Referral,
    ReferralAnswer,
    Situation,
    Step,
)
from beneficiaries.services.merges import merge, unmerge
from programmes.access import scope_of
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import programmes as make
from tests.factories.programmes import code

PARIS = ZoneInfo("Europe/Paris")
JANUARY, MARCH, JUNE, SEPTEMBER = (date(2016, month, 1) for month in (1, 3, 6, 9))


@pytest.fixture
def scope(garden):
    return scope_of(garden.social_worker)


@pytest.fixture
def two(garden):
    """Return two files of one person, both in the garden today."""
    return (
        people.make_person(garden.programme, "Aïcha", "Ben Ali", entered_on=MARCH),
        people.make_person(garden.programme, "Aicha", "Benali", entered_on=JANUARY),
    )


def photograph() -> dict:
    """Return every row of the floor, versions and what tells the merge itself apart."""
    rows = {}
    for model in apps.get_app_config("beneficiaries").get_models():
        if model is PersonMerge:
            continue
        for data in serializers.serialize("python", model._base_manager.all()):
            data["fields"].pop("version", None)
            rows[data["model"], data["pk"]] = data["fields"]
    return rows


def filled_file(person: Person, garden, letter: str) -> None:
    """Write something of every kind in a file, so that two of them meet in every rule."""
    stay = people.enrolment_of(person)
    people.make_identity(person, sex="F", email=f"{letter}@exemple.fr")
    people.make_situation(person, "rsa", on=MARCH)
    paths.make_address(person, f"{letter} rue des Lilas")
    paths.make_household(person, f"Enfant {letter}")
    paths.make_fse_answers(person, garden.edition)
    paths.make_referral_answer(paths.make_referral(stay))
    paths.make_level_change(stay, Level.PATHWAY)
    paths.make_suspension(stay, ends_on=None)
    paths.make_follow_up(stay)
    barrier = paths.make_barrier(stay)
    paths.make_objective(stay, f"Objectif {letter}", barrier=barrier)
    people.make_step(stay)
    people.make_outcome(stay)
    interview = paths.make_interview(stay)
    for level in NoteLevel.values:
        paths.make_note(interview, garden.social_worker, level, f"Note {letter}")
    paths.make_draft(stay, garden.social_worker)
    paths.make_contract(stay)
    paths.make_skill_level(stay, garden.somebody.skill)
    paths.make_paper(stay)
    people.make_attendance(stay, garden.held, garden.site)
    people.make_participation(stay, garden.workshop)


def test_everything_moves_and_one_person_is_left(scope, two, garden):
    kept, gone = two
    merge(scope=scope, kept=kept, absorbed=gone)
    assert not Person.objects.filter(pk=gone.pk).exists()
    stay = people.enrolment_of(kept)
    assert (stay.entered_on, stay.left_on) == (JANUARY, None)


def test_full_files_meet_in_every_rule_and_come_apart_as_they_were(scope, two, garden):
    kept, gone = two
    for person, letter in ((kept, "a"), (gone, "b")):
        filled_file(person, garden, letter)
    before = photograph()
    trace = merge(scope=scope, kept=kept, absorbed=gone)
    stay = people.enrolment_of(kept)
    for model in (Objective, Interview, Step):
        assert model.objects.filter(enrolment=stay).count() == 2, model
    for model in (Barrier, EngagementContract, Referral):
        assert model.objects.filter(enrolment=stay).count() == 1, model
    for model in (PersonIdentity, PersonAddress, Situation, FseAnswers):
        assert model.objects.filter(person=kept).count() == 1, model
    assert {row.barrier for row in Objective.objects.filter(enrolment=stay)} == {
        Barrier.objects.get(enrolment=stay)
    }
    assert InterviewNote.objects.filter(interview__enrolment=stay).count() == 6
    assert ReferralAnswer.objects.filter(referral__enrolment=stay).count() == 1
    back = unmerge(scope=scope, trace=trace)
    assert back.pk == gone.pk
    assert photograph() == before


def test_one_home_is_left_with_both_children(scope, two):
    for person, name in zip(two, ("Lou", "Max"), strict=True):
        paths.make_household(person, name)
    homes = Household.objects.count()
    merge(scope=scope, kept=two[0], absorbed=two[1])
    home = HouseholdMember.objects.get(person=two[0]).household
    names = HouseholdMember.objects.filter(household=home).values_list("first_name", flat=True)
    assert sorted(names) == ["", "Lou", "Max"]
    assert Household.objects.count() == homes - 1


def test_what_is_known_of_one_file_only_is_kept(scope, two):
    kept, gone = two
    Person.objects.filter(pk=gone.pk).update(phone="+33612345678", activity_notes="Pas de ruches")
    people.make_identity(kept, "F")
    people.make_identity(gone, born_on=date(1973, 1, 1), is_birth_year_only=True)
    merge(scope=scope, kept=kept, absorbed=gone)
    kept.refresh_from_db()
    identity = PersonIdentity.objects.get(person=kept)
    assert kept.last_name == "Ben Ali"
    assert (kept.phone, kept.activity_notes) == ("+33612345678", "Pas de ruches")
    assert (identity.sex.code, identity.born_on) == ("F", date(1973, 1, 1))
    assert identity.is_birth_year_only


def test_a_hidden_address_stays_hidden(scope, two):
    kept, gone = two
    paths.make_address(kept, "1 rue connue")
    paths.make_address(gone, "2 rue cachée", is_hidden=True)
    merge(scope=scope, kept=kept, absorbed=gone)
    assert PersonAddress.objects.get(person=kept).is_hidden


# Hours: one person fewer, no hour lost but those counted twice.


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2016, 3, 7, hour, minute, tzinfo=PARIS)


def ticked(person: Person, garden, session, first: int, last: int, status=Presence.PRESENT):
    stay = people.enrolment_of(person)
    hours = {"starts_at": at(first), "ends_at": at(last)}
    return people.make_attendance(stay, session, garden.site, status, **hours)


@pytest.mark.parametrize(
    ("ours", "theirs", "minutes"),
    [
        ([(8, 10)], [(10, 12)], 240),
        ([(8, 10)], [(9, 11)], 180),
        ([(8, 12)], [(9, 11)], 240),
        ([(9, 10)], [(8, 12)], 240),
        ([(8, 9), (10, 11)], [(8, 12)], 240),
        ([(8, 10)], [(8, 10)], 120),
        ([], [(8, 10)], 120),
    ],
)
def test_time_spent_twice_counts_once(scope, two, garden, ours, theirs, minutes):
    session = make.make_session(garden.programme, garden.site, on=date(2016, 3, 7))
    for person, stretches in zip(two, (ours, theirs), strict=True):
        for first, last in stretches:
            ticked(person, garden, session, first, last)
    before = photograph()
    trace = merge(scope=scope, kept=two[0], absorbed=two[1])
    lines = Attendance.objects.filter(enrolment__person=two[0]).order_by("starts_at")
    assert sum(line.minutes for line in lines) == minutes
    ends = [line.ends_at for line in lines]
    assert all(end <= line.starts_at for end, line in zip(ends, lines[1:], strict=False))
    unmerge(scope=scope, trace=trace)
    assert photograph() == before


def test_who_was_there_was_not_absent(scope, two, garden):
    session = make.make_session(garden.programme, garden.site, on=date(2016, 3, 7))
    other = make.make_session(garden.programme, garden.site, on=date(2016, 3, 8))
    ticked(two[0], garden, session, 8, 10, Presence.ABSENT)
    ticked(two[1], garden, session, 8, 10)
    for person in two:
        ticked(person, garden, other, 8, 10, Presence.ABSENT)
    merge(scope=scope, kept=two[0], absorbed=two[1])
    lines = Attendance.objects.filter(enrolment__person=two[0])
    assert sorted(lines.values_list("session", "status")) == sorted(
        [(session.pk, Presence.PRESENT), (other.pk, Presence.ABSENT)]
    )


# Stays.


@pytest.mark.parametrize(
    ("ours", "theirs", "stays"),
    [
        # One after the other: two stays.
        ([(JANUARY, MARCH)], [(JUNE, None)], [(JANUARY, MARCH), (JUNE, None)]),
        # The day of exit is a day of stay.
        ([(JANUARY, MARCH)], [(MARCH, JUNE)], [(JANUARY, JUNE)]),
        ([(MARCH, JUNE)], [(JANUARY, None)], [(JANUARY, None)]),
        # One that meets two makes one of the three.
        ([(JANUARY, MARCH), (JUNE, None)], [(MARCH, JUNE)], [(JANUARY, None)]),
        ([(JANUARY, MARCH), (SEPTEMBER, None)], [(MARCH, None)], [(JANUARY, None)]),
        # Waiting in both, or in one: one open request or stay.
        ([(None, None)], [(None, None)], [(None, None)]),
        ([(JUNE, None)], [(None, None)], [(JUNE, None)]),
    ],
)
def test_stays_that_share_a_day_become_one(scope, garden, ours, theirs, stays):
    files = []
    for dates in (ours, theirs):
        (first, *others) = dates
        entry = dict(zip(("entered_on", "left_on"), first, strict=True))
        person = people.make_person(garden.programme, **entry)
        for entered_on, left_on in others:
            people.make_enrolment(person, garden.programme, entered_on=entered_on, left_on=left_on)
        files.append(person)
    before = photograph()
    trace = merge(scope=scope, kept=files[0], absorbed=files[1])
    rows = Enrolment.objects.filter(person=files[0]).order_by("entered_on")
    assert list(rows.values_list("entered_on", "left_on")) == stays
    unmerge(scope=scope, trace=trace)
    assert photograph() == before


def test_a_participant_and_a_volunteer_keep_their_two_stays(scope, garden):
    kept = people.make_person(garden.programme)
    gone = people.make_person(garden.programme, part=Part.VOLUNTEER)
    merge(scope=scope, kept=kept, absorbed=gone)
    assert Enrolment.objects.filter(person=kept).count() == 2


def test_both_referents_stay(scope, two, garden):
    for person, referent in zip(two, (garden.social_worker, garden.programme_manager), strict=True):
        Enrolment.objects.filter(person=person).update(referent=referent)
    merge(scope=scope, kept=two[0], absorbed=two[1])
    stay = people.enrolment_of(two[0])
    assert (stay.referent, stay.co_referent) == (garden.social_worker, garden.programme_manager)


# What is refused.


def test_a_file_followed_elsewhere_is_not_merged(scope, two, world):
    people.make_enrolment(two[1], world.here.kitchen.programme)
    before = photograph()
    for kept, gone in (two, two[::-1]):
        with pytest.raises(ValidationError, match="pas ouverte"):
            merge(scope=scope, kept=kept, absorbed=gone)
    assert photograph() == before


def test_a_file_is_not_merged_with_itself_nor_with_a_neighbour(scope, two, world):
    for other in (two[0], world.elsewhere.garden.somebody.person):
        with pytest.raises(ValidationError, match="deux fiches"):
            merge(scope=scope, kept=two[0], absorbed=other)


def test_a_file_that_is_gone_is_told(scope, two):
    merge(scope=scope, kept=two[0], absorbed=two[1])
    with pytest.raises(ValidationError, match="n’existe plus"):
        merge(scope=scope, kept=two[0], absorbed=two[1])


def test_files_that_changed_since_stay_together(scope, two, garden):
    trace = merge(scope=scope, kept=two[0], absorbed=two[1])
    stay = people.enrolment_of(two[0])
    stay.entered_on = JUNE
    stay.save()
    before = photograph()
    with pytest.raises(ValidationError, match="a changé depuis"):
        unmerge(scope=scope, trace=trace)
    assert photograph() == before


def test_two_merges_come_apart_the_last_one_first(scope, two, garden):
    third = people.make_person(garden.programme)
    before = photograph()
    first = merge(scope=scope, kept=two[0], absorbed=two[1])
    second = merge(scope=scope, kept=third, absorbed=two[0])
    first.refresh_from_db()
    with pytest.raises(ValidationError, match="défaites-la d’abord"):
        unmerge(scope=scope, trace=first)
    unmerge(scope=scope, trace=second)
    first.refresh_from_db()
    unmerge(scope=scope, trace=first)
    assert photograph() == before
    with pytest.raises(ValidationError, match="déjà été séparées"):
        unmerge(scope=scope, trace=first)


def test_the_journal_tells_it_without_a_name(scope, two):
    trace = merge(scope=scope, kept=two[0], absorbed=two[1])
    unmerge(scope=scope, trace=trace)
    told = list(AuditEvent.objects.order_by("pk").values_list("verb", "object_label", "reason"))
    kept, gone = (person.pk for person in two)
    assert told[-3:] == [
        ("delete", f"Personne n° {gone}", f"réunion dans la fiche n° {kept}"),
        ("update", f"Personne n° {kept}", f"réunion de la fiche n° {gone}"),
        ("update", f"Personne n° {kept}", f"séparation de la fiche n° {gone}"),
    ]


def test_an_own_income_list_is_brought_along(scope, two):
    people.make_situation(two[0], on=MARCH)
    people.make_situation(two[1], "rsa", on=MARCH)
    merge(scope=scope, kept=two[0], absorbed=two[1])
    situation = Situation.objects.get(person=two[0])
    assert list(situation.minimum_incomes.all()) == [code("minimum_income", "rsa")]
