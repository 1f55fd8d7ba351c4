"""The first tab of a person: whatever is in the file, under fifteen queries, for whoever reads."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiaries.enums import InterviewState, Level, NoteLevel, Presence, ReferralAnswerKind
from beneficiaries.models import Enrolment, Interview, Outcome, Person
from programmes.enums import Role
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import programmes as make
from tests.factories.programmes import code
from tests.harness.queries import max_queries, same_queries

#: « Under fifteen »: the pathway reads once what it reads, presences have three panels more.
MOST, MOST_OF_PRESENCES = 11, 14
READERS = ("social_worker", "programme_manager", "workshop_leader")


def page(stay: Enrolment) -> str:
    return reverse("beneficiaries:person_detail", args=[stay.person_id])


def fill(garden, stay: Enrolment, number: int) -> None:
    """Write one more row of each kind of thing a file may hold."""
    day = timezone.localdate() - timedelta(days=3 + 10 * number)
    person, worker = stay.person, garden.social_worker
    partner = make.make_organisation(garden.territory, f"Partenaire {number}")
    district = make.make_district(garden.territory, f"Quartier {number}")
    people.make_situation(person, "rsa", "aah", on=day, district=district)
    barrier = paths.make_barrier(stay, identified_on=day, lifted_on=day if number else None)
    barrier.situations.set([code("barrier_situations", "6"), code("barrier_situations", "7")])
    objective = paths.make_objective(stay, f"Objectif {number}", barrier=barrier, agreed_on=day)
    people.make_step(stay, "permis", objective=objective, partner=partner, started_on=day)
    people.make_step(stay, started_on=day, done_on=day, minutes=120)
    people.make_proof(people.make_outcome(stay, starts_on=day, employer=partner))
    paths.make_suspension(stay, day, day)
    paths.make_level_change(stay, Level.PATHWAY, day)
    interview = paths.make_interview(
        stay,
        day,
        minutes=45,
        led_by=worker,
        at=time(9, 0),
        kind=code("interview_kinds", "mensuel"),
        mode=code("interview_modes", "telephone"),
    )
    for level in NoteLevel:
        paths.make_note(interview, worker, level, f"Note {level} {number}")
    coming = timezone.localdate() + timedelta(days=number)
    paths.make_interview(stay, coming, state=InterviewState.PLANNED, led_by=worker)
    session = make.make_session(garden.programme, garden.site, on=day)
    people.make_attendance(stay, make.close(session), garden.site, Presence.PRESENT)
    paths.make_contract(stay, starts_on=day, ends_on=day)
    earlier = date(2000, 1, 1) + timedelta(days=100 * number)
    past = people.make_enrolment(
        person, garden.programme, entered_on=earlier, left_on=earlier, referent=worker
    )
    paths.make_referral_answer(paths.make_referral(past), ReferralAnswerKind.STARTED, earlier)
    paths.make_follow_up(past)
    people.make_person(garden.programme)


@pytest.fixture
def full(garden) -> Enrolment:
    """Return the stay of somebody whose file holds two rows of each thing."""
    referents = {"referent": garden.social_worker, "co_referent": garden.programme_manager}
    person = people.make_person(
        garden.programme, "Karim", "Diallo", entered_on=date(2020, 1, 6), **referents
    )
    people.make_identity(
        person,
        born_on=date(1973, 2, 1),
        domiciled_by=garden.funder,
        domiciled_until=timezone.localdate(),
    )
    stay = people.enrolment_of(person)
    paths.make_contract(stay)
    fill(garden, stay, 0)
    fill(garden, stay, 1)
    return stay


@pytest.mark.parametrize("role", READERS)
def test_a_full_file_takes_under_fifteen_queries(garden, full, role, client_for):
    browser = client_for(getattr(garden, role))
    browser.get(page(full))
    with max_queries(MOST_OF_PRESENCES if role == "workshop_leader" else MOST):
        assert browser.get(page(full)).status_code == 200


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.PROGRAMME_MANAGER])
@pytest.mark.parametrize("anchor", ["territory", "operator"])
def test_a_right_over_a_territory_or_an_organisation_takes_no_more(
    world, full, role, anchor, client_for
):
    browser = client_for(make.make_member(role, getattr(world.here, anchor)))
    browser.get(page(full))
    with max_queries(MOST):
        assert browser.get(page(full)).status_code == 200


@pytest.mark.parametrize("role", READERS)
def test_seven_rows_of_each_kind_take_no_more_queries_than_two(garden, full, role, client_for):
    browser = client_for(getattr(garden, role))

    def grow():
        for number in range(2, 7):
            fill(garden, full, number)

    same_queries(lambda: browser.get(page(full)), grow)


def test_six_hundred_persons_take_no_more_than_sixty(garden, full, browser):
    def others(number: int) -> None:
        rows = [
            Person(territory=garden.territory, first_name="Aïcha", last_name=f"Benali {n}")
            for n in range(number)
        ]
        entered = {"programme": garden.programme, "entered_on": date(2020, 1, 6)}
        known = Person.objects.bulk_create(rows)
        stays = Enrolment.objects.bulk_create(Enrolment(person=row, **entered) for row in known)
        kind = code("outcome_kinds", "cddi")
        Interview.objects.bulk_create(Interview(enrolment=s, on=date(2020, 2, 3)) for s in stays)
        Outcome.objects.bulk_create(
            Outcome(enrolment=s, kind=kind, starts_on=date(2020, 2, 3)) for s in stays
        )

    others(60)
    assert same_queries(lambda: browser.get(page(full)), lambda: others(540)) <= MOST


# What each reads of it.


def test_a_private_note_is_folded_for_its_author_and_leaves_no_trace_elsewhere(
    garden, full, client_for
):
    author = client_for(garden.social_worker).get(page(full)).content.decode()
    assert "note confidentielle" in author
    assert "Note private 0" in author
    others = (garden.programme_manager, make.make_member(Role.SOCIAL_WORKER, garden.programme))
    for user in others:
        html = client_for(user).get(page(full)).content.decode()
        assert "Note social 0" in html
        for words in ("confidentielle", "private", "Note private"):
            assert words not in html, words


def test_the_leader_reads_nothing_of_the_pathway(garden, full, leader):
    for query in ("", "?fil=entretiens", "?fil=demarches&depuis=debut"):
        html = leader.get(page(full) + query).content.decode()
        assert "Karim" in html
        for words in ("Note social", "Note private", "Objectif 0", "Freins", "Domiciliation"):
            assert words not in html, words
        for words in ("· RSA", "Entretien mensuel", "rendez-vous", "convenues", "Livret"):
            assert words not in html, words


def test_the_filters_work_by_the_address(full, browser):
    whole = browser.get(page(full)).content.decode()
    assert "Voir ce qui précède" in whole
    html = browser.get(page(full), {"fil": "entretiens"}).content.decode()
    thread = html.split('class="timeline"')[1]
    assert "Entretien mensuel" in thread
    assert "Permis de conduire" not in thread
    older = browser.get(page(full), {"depuis": "debut"}).content.decode()
    assert "6\u00a0janvier\u00a02020" in older.split('class="timeline"')[1]
    assert "Voir ce qui précède" not in older


def test_nobody_finds_a_person_of_elsewhere(world, full, client_for):
    for user in (world.elsewhere.garden.social_worker, world.here.kitchen.social_worker):
        assert client_for(user).get(page(full)).status_code == 404
