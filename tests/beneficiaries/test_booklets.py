"""The booklet: the person's own words and deeds, large, and nothing kept of them."""

from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent
from beneficiaries.enums import InterviewState, Mastery, NoteLevel, Observer, PaperKind
from tests.beneficiaries.printed import assert_tells_no_secret, pages_of, plant_secrets, texts_of
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import programmes as make

pytestmark = [pytest.mark.long, pytest.mark.one_engine]

SMALLEST = 14


@pytest.fixture
def stay(garden):
    referent = garden.social_worker
    person = people.make_person(
        garden.programme, "Karim", "Diallo", referent=referent, entered_on=date(2026, 1, 5)
    )
    return people.enrolment_of(person)


def url_of(stay):
    return reverse("beneficiaries:booklet_pdf", args=[stay.person_id])


def text_of(browser, stay):
    return " ".join(pages_of(browser, url_of(stay)))


def month_of_hours(garden, stay, *days):
    for day in days:
        session = make.close(make.make_session(garden.programme, garden.site, on=day))
        people.make_attendance(stay, session, garden.site)


def test_it_tells_the_person_what_they_want_do_and_know(browser, garden, stay):
    partner = make.make_organisation(garden.territory, "Institut Pasteur")
    paths.make_objective(stay, "Passer mon permis", due_on=date(2027, 3, 1))
    paths.make_objective(stay, "Reprendre le sport", reached_on=date(2026, 9, 2))
    paths.make_objective(stay, "Apprendre l’anglais", abandoned_on=date(2026, 9, 2))
    people.make_step(stay, partner=partner, started_on=date(2026, 2, 9), done_on=date(2026, 2, 10))
    people.make_step(stay, "cv", started_on=None, planned_on=date(2027, 1, 12))
    people.make_outcome(stay, "cddi", starts_on=date(2026, 10, 5))
    month_of_hours(garden, stay, date(2026, 3, 2), date(2026, 3, 3), date(2026, 4, 6))
    text = text_of(browser, stay)
    for words in (
        "Mon livret de parcours Karim Diallo Ce livret est à vous.",
        f"{garden.programme} Vous participez depuis le 5 janvier 2026.",
        f"La personne qui vous suit : {garden.social_worker}",
        "« Passer mon permis » En cours, pour le 1er mars 2027.",
        "« Reprendre le sport » C’est fait, le 2 septembre 2026.",
        "« Apprendre l’anglais » Mis de côté.",
        "Bilan de santé Avec Institut Pasteur C’est fait, le 10 février 2026.",
        "CV et lettre de motivation À faire, prévu le 12 janvier 2027.",
        "depuis le 5 octobre 2026",
        "Vous avez fait 12 h en tout.",
        "mars 2026 2 8 h avril 2026 1 4 h",
        "Ce que j’ai appris Ce que je veux faire ensuite Mes questions Livret remis le",
    ):
        assert words in text, words


def test_what_the_leader_saw_and_what_the_person_says_stand_side_by_side(browser, garden, stay):
    sow = paths.make_skill(garden.programme, "Semer à la volée", family="Gestes")
    team = paths.make_skill(garden.programme, "Écouter", family="Équipe", position=2)
    paths.make_skill(garden.programme, "Jamais vu", family="Gestes")
    said = {"observer": Observer.ONESELF}
    paths.make_skill_level(stay, sow, Mastery.DISCOVERS, date(2026, 2, 2))
    paths.make_skill_level(stay, sow, Mastery.ALONE, date(2026, 6, 2))
    paths.make_skill_level(stay, sow, Mastery.WITH_HELP, date(2026, 6, 2), **said)
    paths.make_skill_level(stay, team, Mastery.SHOWS_OTHERS, date(2026, 6, 2), **said)
    text = text_of(browser, stay)
    assert "Semer à la volée fait seul fait avec de l’aide Équipe" in text
    assert "Écouter peut montrer aux autres" in text
    assert "Jamais vu" not in text


def test_hours_count_once_the_session_is_closed(browser, garden, stay):
    open_session = make.make_session(garden.programme, garden.site, on=date(2026, 3, 2))
    people.make_attendance(stay, open_session, garden.site)
    assert "Mes heures" not in text_of(browser, stay)


def test_the_next_appointment_is_there_and_those_gone_are_not(browser, garden, stay):
    today = timezone.localdate()
    planned = {"state": InterviewState.PLANNED, "at": time(14, 30), "led_by": garden.social_worker}
    paths.make_interview(stay, today - timedelta(days=2), **planned)
    assert "Écrivez ici votre prochain rendez-vous." in text_of(browser, stay)
    paths.make_interview(stay, today, **planned)
    text = text_of(browser, stay)
    assert f"à 14 h 30, avec {garden.social_worker}" in text
    assert text.count("14 h 30") == 1


def test_papers_received_are_listed_the_booklet_apart(browser, stay):
    paths.make_paper(stay, PaperKind.CERTIFICATE, about="mars 2026", handed_on=date(2026, 4, 2))
    paths.make_paper(stay, PaperKind.BOOKLET, handed_on=date(2026, 5, 3))
    text = text_of(browser, stay)
    assert "Attestation de participation (mars 2026), le 2 avril 2026" in text
    assert "3 mai 2026" not in text


def test_nothing_kept_of_the_person_is_told(browser, garden, stay):
    secrets = plant_secrets(garden, stay)
    pages = pages_of(browser, url_of(stay))
    assert "CV et lettre de motivation" in " ".join(pages)
    assert_tells_no_secret(pages, secrets)


def test_a_hidden_note_leaves_no_trace_in_the_bytes(browser, garden, stay, monkeypatch):
    now = datetime(2026, 11, 23, 9, 4, tzinfo=UTC)
    interview = paths.make_interview(stay, led_by=garden.social_worker)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    # Fonts bear the moment they are cut down at.
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795424640")
    before = browser.get(url_of(stay)).content
    paths.make_note(interview, garden.social_worker, NoteLevel.PRIVATE, "À moi seul")
    paths.make_note(interview, garden.social_worker, NoteLevel.SOCIAL, "À l’équipe sociale")
    paths.make_barrier(stay)
    assert browser.get(url_of(stay)).content == before


def test_the_print_is_large_tagged_and_numbered(browser, garden, stay):
    paths.make_objective(stay)
    people.make_step(stay)
    month_of_hours(garden, stay, date(2026, 3, 2))
    paths.make_skill_level(stay, garden.somebody.skill)
    content = browser.get(url_of(stay)).content
    reader, small = PdfReader(BytesIO(content)), []

    def note(text, ctm, matrix, font, size):
        # In points on the paper: the size, and the scale of the page and of the line.
        height = abs(size * matrix[3] * ctm[3])
        if text.strip() and height and round(height, 1) < SMALLEST and text.strip() != "er":
            small.append((round(height, 1), text))

    for page in reader.pages:
        page.extract_text(visitor_text=note)
    assert small == []
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert f"1 / {len(reader.pages)}" in texts_of(content)[0]


def test_another_programme_is_another_booklet(world, browser, garden, stay):
    """Who reads one programme prints what is of it; the other one stays there."""
    kitchen = world.here.kitchen
    other = people.make_enrolment(stay.person, kitchen.programme)
    paths.make_objective(other, "Cuisiner pour mes voisins")
    paths.make_objective(stay, "Semer des radis")
    text = text_of(browser, stay)
    assert "Semer des radis" in text
    assert "Cuisiner" not in text
    assert str(kitchen.programme) not in text


def test_who_waits_has_a_booklet_too(browser, garden):
    person = people.make_person(garden.programme, entered_on=None, referred_on=date(2026, 3, 2))
    assert "Vous attendez une place." in text_of(browser, people.enrolment_of(person))


def test_it_is_journaled_without_a_name_and_closed_to_the_leader(browser, leader, stay):
    browser.get(url_of(stay))
    event = AuditEvent.objects.get(verb=Verb.DOCUMENT)
    assert event.object_label == f"Livret de parcours de la personne n° {stay.person_id}"
    assert leader.get(url_of(stay)).status_code == 403
