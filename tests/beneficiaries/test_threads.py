"""The thread of a pathway: what is told, in which order, to whom, and how far back."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from autoprod.core.scoping import NOTHING
from beneficiaries.enums import InterviewState, Level, NoteLevel, Presence
from beneficiaries.models import Enrolment
from beneficiaries.services import threads
from beneficiaries.services.person_files import PathwayFile, read
from programmes.access import scope_of
from programmes.models import ReferenceCode
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import programmes as make
from tests.factories.programmes import code

TODAY = date(2016, 3, 15)


def file_of(reader, stay: Enrolment, today: date = TODAY) -> PathwayFile:
    """Return the file of somebody as a user sees it on a day."""
    scope = scope_of(reader) if hasattr(reader, "email") else reader
    stays = Enrolment.objects.filter(person=stay.person)
    stays = stays.select_related("programme__territory", "referred_by", "exit_motive")
    return read(scope, stay.person, stays, today)


def told(file: PathwayFile) -> list[tuple]:
    return [(event.on, event.title, event.note) for event in threads.events_of(file)]


@pytest.fixture
def entered(garden) -> Enrolment:
    person = people.make_person(garden.programme, "Karim", entered_on=date(2016, 1, 4))
    return people.enrolment_of(person)


def test_it_is_told_newest_first_and_a_day_in_its_order(garden, entered):
    entered.left_on = date(2016, 3, 9)
    entered.exit_motive = ReferenceCode.objects.filter(list="exit_motives").first()
    entered.save()
    day = date(2016, 2, 9)
    people.make_step(entered, started_on=day, done_on=day, result="envoyé")
    people.make_step(entered, "permis", started_on=date(2016, 1, 4), abandoned_on=date(2016, 3, 9))
    people.make_outcome(
        entered, starts_on=date(2016, 3, 9), ends_on=date(2016, 9, 8), label="Espaces"
    )
    programme = entered.programme.name
    assert [(on.day, *words) for on, *words in told(file_of(garden.social_worker, entered))] == [
        (9, "Sortie de l’action", f"{programme} · {entered.exit_motive.label}"),
        (9, "CDD d’insertion (CDDI)", "Espaces · du 9\u00a0mars au 8\u00a0septembre\u00a02016"),
        (9, "Permis de conduire", "abandonnée"),
        (9, "Bilan de santé", "aboutie · envoyé"),
        (4, "Permis de conduire", "engagée"),
        (4, "Entrée dans l’action", programme),
    ]


def test_somebody_is_sent_before_they_come_in_or_are_told_no(garden, entered):
    entered.referred_on, entered.referred_by = date(2015, 12, 3), garden.funder
    entered.save()
    programme, sent = entered.programme.name, f"orienté par {garden.funder}"
    assert told(file_of(garden.social_worker, entered)) == [
        (date(2016, 1, 4), "Entrée dans l’action", f"{programme} · {sent}"),
        (date(2015, 12, 3), "Demande d’inscription", f"{programme} · {sent}"),
    ]
    entered.entered_on, entered.left_on = None, date(2016, 1, 8)
    entered.save()
    assert [row[1] for row in told(file_of(garden.social_worker, entered))] == [
        "Demande close",
        "Demande d’inscription",
    ]
    entered.entered_on, entered.left_on = entered.referred_on, None
    entered.save()
    assert [row[1] for row in told(file_of(garden.social_worker, entered))] == [
        "Entrée dans l’action"
    ]


def test_each_thing_that_happened_is_a_line(garden, entered):
    """Level, pause, barrier, objective, answer to the prescriber."""
    days = [date(2016, 2, number) for number in range(1, 10)]
    paths.make_level_change(entered, Level.PATHWAY, days[0])
    pause = paths.make_suspension(entered, days[1], days[2])
    pause.reason = code("suspension_reasons", "sante")
    pause.save()
    paths.make_barrier(entered, identified_on=days[4], worked_since=days[5], lifted_on=days[6])
    paths.make_objective(entered, agreed_on=days[7], reached_on=days[8])
    paths.make_referral_answer(paths.make_referral(entered), on=date(2016, 1, 5))
    assert [(on.day, *words) for on, *words in told(file_of(garden.social_worker, entered))] == [
        (9, "Objectif\u00a0: «\u00a0Passer mon permis\u00a0»", "atteint"),
        (8, "Objectif\u00a0: «\u00a0Passer mon permis\u00a0»", "convenu"),
        (7, "Frein\u00a0: Mobilité", "levé"),
        (6, "Frein\u00a0: Mobilité", "travaillé"),
        (5, "Frein\u00a0: Mobilité", "repéré"),
        (4, "Reprise du parcours", ""),
        (2, "Parcours en pause", "santé · jusqu’au 3\u00a0février\u00a02016"),
        (1, "Parcours accompagné", "auparavant participation simple"),
        (5, "Réponse au prescripteur", "demande reçue"),
        (4, "Entrée dans l’action", entered.programme.name),
    ]


def test_an_interview_says_its_kind_how_long_who_and_how(garden, entered):
    paths.make_interview(
        entered,
        date(2016, 3, 2),
        kind=code("interview_kinds", "mensuel"),
        mode=code("interview_modes", "telephone"),
        minutes=45,
        led_by=garden.social_worker,
    )
    paths.make_interview(entered, date(2016, 3, 1), state=InterviewState.MISSED)
    paths.make_interview(entered, date(2016, 3, 29), state=InterviewState.PLANNED)
    who = garden.social_worker.get_full_name()
    assert told(file_of(garden.social_worker, entered))[:2] == [
        (date(2016, 3, 2), "Entretien mensuel", f"45\u00a0min · {who} · Téléphone"),
        (date(2016, 3, 1), "Entretien", "la personne n’est pas venue"),
    ]


def test_presences_are_one_line_a_month(garden, entered):
    for number, status in enumerate([Presence.PRESENT, Presence.PRESENT, Presence.ABSENT]):
        session = make.make_session(
            garden.programme, garden.site, on=date(2016, 2, 1) + timedelta(days=number)
        )
        people.make_attendance(entered, make.close(session), garden.site, status)
    (event, _) = threads.events_of(file_of(garden.social_worker, entered))
    spent = "8\u00a0h"
    assert (event.over, event.title) == ("Février\u00a02016", "2\u00a0jours de présence")
    assert event.note == f"{spent} · 1\u00a0absence"
    assert event.theme == threads.Theme.PRESENCES


def test_hours_of_an_open_session_are_not_told(garden, entered):
    session = make.make_session(garden.programme, garden.site, on=date(2016, 2, 1))
    people.make_attendance(entered, session, garden.site)
    event = threads.events_of(file_of(garden.social_worker, entered))[0]
    assert (event.title, event.note) == ("1\u00a0jour de présence", "")


# Who reads the notes.


def said(reader, stay: Enrolment) -> list[tuple[str, str]]:
    events = threads.events_of(file_of(reader, stay))
    return [(note.level, note.text) for event in events for note in event.said]


@pytest.fixture
def noted(garden, entered) -> Enrolment:
    interview = paths.make_interview(entered, date(2016, 3, 2))
    for level in NoteLevel:
        paths.make_note(interview, garden.social_worker, level, f"Note {level}")
    return entered


def test_the_author_reads_all_three_in_order(garden, noted):
    assert said(garden.social_worker, noted) == [
        ("logistic", "Note logistic"),
        ("social", "Note social"),
        ("private", "Note private"),
    ]


def test_a_private_note_leaves_no_trace_for_the_manager(garden, noted):
    file = file_of(garden.programme_manager, noted)
    assert said(garden.programme_manager, noted) == [
        ("logistic", "Note logistic"),
        ("social", "Note social"),
    ]
    assert "private" not in str(threads.events_of(file))


def test_the_thread_of_two_programmes_shows_the_one_that_is_open(world, garden, entered):
    kitchen = world.here.kitchen
    other = people.make_enrolment(entered.person, kitchen.programme)
    people.make_step(other, "permis")
    people.make_outcome(other)
    paths.make_note(paths.make_interview(other), kitchen.social_worker)
    paths.make_barrier(other)
    file = file_of(garden.social_worker, entered)
    assert [event.title for event in threads.events_of(file)] == ["Entrée dans l’action"]
    assert (file.steps, file.outcomes, file.notes, file.barriers) == ([], [], {}, [])


def test_nothing_is_told_without_the_right(world, garden, noted):
    for reader in (NOTHING, world.here.kitchen.social_worker, garden.workshop_leader):
        file = file_of(reader, noted)
        assert threads.events_of(file) == []
        assert (file.stays, file.notes, file.interviews) == ({}, {}, [])


# What is shown of it.


def test_what_is_older_than_a_year_waits_behind_a_link(garden, entered):
    people.make_step(entered, started_on=TODAY - timedelta(days=365))
    people.make_step(entered, "permis", started_on=TODAY - timedelta(days=366))
    entered.entered_on = date(2014, 1, 1)
    entered.save()
    file = file_of(garden.social_worker, entered)
    thread = threads.of_file(file)
    assert [event.title for event in thread.events] == ["Bilan de santé"]
    assert thread.older == 2
    whole = threads.of_file(file, is_whole=True)
    assert (len(whole.events), whole.older) == (3, 0)


@pytest.mark.parametrize(
    ("theme", "titles"),
    [
        ("entretiens", ["Entretien"]),
        ("demarches", ["Bilan de santé"]),
        ("presences", []),
        ("orientations", ["CDD d’insertion (CDDI)"]),
        (
            "autre",
            ["CDD d’insertion (CDDI)", "Entretien", "Bilan de santé", "Entrée dans l’action"],
        ),
    ],
)
def test_it_is_narrowed_to_a_theme(garden, entered, theme, titles):
    people.make_step(entered, started_on=date(2016, 2, 1))
    paths.make_interview(entered, date(2016, 2, 2))
    people.make_outcome(entered, starts_on=date(2016, 2, 3))
    thread = threads.of_file(file_of(garden.social_worker, entered), theme=theme)
    assert [event.title for event in thread.events] == titles


def test_the_year_is_written_when_it_changes(garden, entered):
    entered.entered_on = date(2015, 12, 1)
    entered.save()
    people.make_step(entered, started_on=date(2016, 2, 1))
    people.make_step(entered, "permis", started_on=date(2016, 1, 4))
    thread = threads.of_file(file_of(garden.social_worker, entered))
    assert [event.when for event in thread.events] == [
        "1er\u00a0février\u00a02016",
        "4\u00a0janvier",
        "1er\u00a0décembre\u00a02015",
    ]


def test_what_is_to_come_is_not_told(garden, entered):
    tomorrow = timezone.localdate() + timedelta(days=1)
    people.make_outcome(entered, starts_on=tomorrow)
    paths.make_suspension(entered, timezone.localdate(), timezone.localdate())
    file = file_of(garden.social_worker, entered, timezone.localdate())
    assert [event.title for event in threads.events_of(file)] == [
        "Parcours en pause",
        "Entrée dans l’action",
    ]
