"""Pages of interviews: one page with its notes, corrections by several, documents."""

from datetime import date, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from beneficiaries.enums import InterviewState, NoteLevel, Part
from beneficiaries.models import Enrolment, Interview, InterviewDocument, InterviewNote
from tests.beneficiaries.interviewing import create_url, fields_of, notes_of, of, url
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories.programmes import code
from tests.harness.queries import same_queries

TODAY = timezone.localdate()
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
NIR = "1 85 05 59 606 123 45"


@pytest.fixture
def held(garden, stay) -> Interview:
    """Return an interview led by the social worker, with a note of each level."""
    interview = paths.make_interview(stay, YESTERDAY, led_by=garden.social_worker, minutes=45)
    for level in NoteLevel:
        paths.make_note(interview, garden.social_worker, level, f"Texte {level}")
    return interview


# One page.


def test_an_interview_is_written_in_one_page(garden, stay, browser):
    answer = browser.post(
        create_url(stay),
        {
            "on": TODAY.isoformat(),
            "at": "10:30",
            "quick": "45",
            "mode": code("interview_modes", "telephone").pk,
            "kind": code("interview_kinds", "accueil").pk,
            "logistic": "Arrive en bus à 9 h",
            "social": "Dossier de logement",
            "private": "À revoir",
            "next_on": TOMORROW.isoformat(),
            "next_at": "9h",
            "next_mode": code("interview_modes", "domicile").pk,
        },
    )
    interview, planned = of(stay)
    assert answer.headers["Location"] == url("interview_detail", interview.pk)
    assert (interview.state, interview.at, interview.minutes) == ("held", time(10, 30), 45)
    assert (interview.mode.code, interview.kind.code) == ("telephone", "accueil")
    assert interview.led_by == planned.led_by == garden.social_worker
    assert notes_of(interview) == {
        "logistic": "Arrive en bus à 9 h",
        "social": "Dossier de logement",
        "private": "À revoir",
    }
    assert (planned.state, planned.on, planned.at) == ("planned", TOMORROW, time(9))
    assert planned.mode.code == "domicile"


def test_the_journal_says_that_it_was_written_never_what(stay, browser):
    data = {"on": TODAY.isoformat(), "social": "ZQSECRET", "private": "ZQSECRET"}
    browser.post(create_url(stay), data)
    events = AuditEvent.objects.filter(object_kind__startswith="beneficiaries.interview")
    told = [(e.verb, e.object_kind, e.object_label, e.changed, e.reason) for e in events]
    interview = of(stay)[0]
    assert told == [
        ("create", "beneficiaries.interview", f"Entretien n° {interview.pk}", ["notes"], "")
    ]


def test_a_note_is_a_row_only_when_something_is_written(stay, browser):
    browser.post(create_url(stay), {"on": TODAY.isoformat(), "social": "  \r\n "})
    assert notes_of(of(stay)[0]) == {}


def test_the_first_interview_is_proposed_then_the_monthly_one(stay, browser):
    form = browser.get(create_url(stay)).context["form"]
    assert form["on"].value() == TODAY
    assert form["kind"].value() == code("interview_kinds", "accueil").pk
    paths.make_interview(stay, YESTERDAY, state=InterviewState.MISSED)
    assert browser.get(create_url(stay)).context["form"]["kind"].value() == form["kind"].value()
    paths.make_interview(stay, YESTERDAY)
    form = browser.get(create_url(stay)).context["form"]
    assert form["kind"].value() == code("interview_kinds", "mensuel").pk


def test_who_reads_each_note_is_said_and_the_private_one_is_folded(stay, browser):
    html = browser.get(create_url(stay)).content.decode()
    for words in (
        "Pour l’équipe (logistique)",
        "Lue par toute l’équipe",
        "Note sociale (référents et chef de projet)",
        "Pour moi seul",
        "Lue par vous et personne d’autre",
    ):
        assert words in html
    assert '<details class="card note note-private">' in html


def test_somebody_with_two_open_stays_is_asked_which(garden, stay, browser):
    html = browser.get(create_url(stay)).content.decode()
    assert 'name="enrolment"' not in html
    over = people.make_enrolment(stay.person, garden.programme, part=Part.TRAINEE, left_on=TODAY)
    Enrolment.objects.filter(pk=over.pk).update(left_on=YESTERDAY)
    assert 'name="enrolment"' not in browser.get(create_url(stay)).content.decode()
    second = people.make_enrolment(stay.person, garden.programme, part=Part.VOLUNTEER)
    html = browser.get(create_url(stay)).content.decode()
    assert "bénévole" in html
    assert "stagiaire" not in html
    browser.post(create_url(stay), {"on": TODAY.isoformat(), "enrolment": second.pk})
    assert (len(of(second)), of(stay)) == (1, [])


# Refused forms.


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"on": TOMORROW.isoformat()}, "on", "à venir"),
        ({"on": ""}, "on", ""),
        ({"on": "0216-02-01"}, "on", "quatre chiffres"),
        ({"at": "25:00"}, "at", "Cette heure n’existe pas"),
        ({"minutes": "un moment"}, "minutes", "Écrivez une durée"),
        ({"minutes": "13 h"}, "minutes", "au plus"),
        ({"quick": "45", "minutes": "1 h 20"}, "minutes", "gardez-en une"),
        ({"next_on": YESTERDAY.isoformat()}, "next_on", "passée"),
        ({"next_at": "09:00"}, "next_on", "Choisissez le jour"),
        ({"logistic": f"Son numéro : {NIR}"}, "logistic", "sécurité sociale"),
        ({"social": f"Son numéro : {NIR}"}, "social", "sécurité sociale"),
        ({"private": f"Son numéro : {NIR}"}, "private", "sécurité sociale"),
        ({"social": "x" * 8001}, "social", "8000"),
    ],
)
def test_a_refused_form_keeps_all_that_was_typed(stay, browser, typed, field, words):
    data = {"on": TODAY.isoformat(), "logistic": "ZQ1", "social": "ZQ2", "private": "ZQ3"}
    html = browser.post(create_url(stay), data | typed).content.decode()
    assert f"id_{field}_error" in html
    assert words in html
    for name in ("logistic", "social", "private"):
        assert (data | typed)[name] in html
    assert of(stay) == []


def test_a_refused_private_note_is_unfolded(stay, browser):
    html = browser.post(create_url(stay), {"private": NIR}).content.decode()
    assert '<details class="card note note-private" open>' in html


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ({"quick": "30"}, 30),
        ({"quick": "other", "minutes": "1 h 20"}, 80),
        ({"minutes": "50"}, 50),
        ({"minutes": "2"}, 120),
        ({"quick": "45", "minutes": "45 min"}, 45),
        ({"quick": "other"}, None),
        ({}, None),
    ],
)
def test_a_duration_is_picked_or_typed(stay, browser, typed, minutes):
    browser.post(create_url(stay), {"on": TODAY.isoformat(), **typed})
    assert of(stay)[0].minutes == minutes
    page = url("interview_update", of(stay)[0].pk)
    assert browser.post(page, fields_of(browser.get(page))).status_code == 302
    assert of(stay)[0].minutes == minutes


# Several colleagues.


def test_a_social_note_is_edited_by_any_colleague_and_keeps_its_author(garden, held, other):
    page = url("interview_update", held.pk)
    sent = fields_of(other.get(page)) | {"social": "Texte relu"}
    assert other.post(page, sent).status_code == 302
    note = InterviewNote.objects.get(interview=held, level=NoteLevel.SOCIAL)
    assert (note.text, note.author, note.version) == ("Texte relu", garden.social_worker, 2)


def test_two_colleagues_over_the_same_note_see_both_texts(held, browser, other):
    page = url("interview_update", held.pk)
    mine, theirs = fields_of(browser.get(page)), fields_of(other.get(page))
    other.post(page, theirs | {"social": "Le leur"})
    answer = browser.post(page, mine | {"social": "Le mien"})
    html = answer.content.decode()
    assert "Le leur" in html
    assert "Le mien" in html
    assert "id_social_error" in html
    assert "id_logistic_error" not in html
    assert notes_of(held)["social"] == "Le leur"
    # Sent again, knowingly.
    browser.post(page, fields_of(answer))
    assert notes_of(held)["social"] == "Le mien"


def test_two_colleagues_over_two_notes_disturb_nobody(held, browser, other):
    page = url("interview_update", held.pk)
    mine, theirs = fields_of(browser.get(page)), fields_of(other.get(page))
    assert other.post(page, theirs | {"on": TODAY.isoformat()}).status_code == 302
    html = browser.post(page, mine | {"social": "Le mien"}).content.decode()
    assert "id_on_error" in html
    assert "id_social_error" not in html


def test_the_first_note_of_a_level_written_by_two_at_once_is_told(stay, garden, browser, other):
    interview = paths.make_interview(stay, YESTERDAY, led_by=garden.social_worker)
    page = url("interview_update", interview.pk)
    mine, theirs = fields_of(browser.get(page)), fields_of(other.get(page))
    other.post(page, theirs | {"social": "Le leur"})
    html = browser.post(page, mine | {"social": "Le mien"}).content.decode()
    assert "id_social_error" in html
    assert notes_of(interview) == {"social": "Le leur"}


def test_a_note_emptied_is_taken_away_unless_somebody_wrote_since(held, browser, other):
    page = url("interview_update", held.pk)
    mine, theirs = fields_of(browser.get(page)), fields_of(other.get(page))
    other.post(page, theirs | {"logistic": "Changé"})
    html = browser.post(page, mine | {"logistic": ""}).content.decode()
    assert "Changé" in html
    other.post(page, fields_of(other.get(page)) | {"logistic": ""})
    assert "logistic" not in notes_of(held)


def test_saving_without_a_change_writes_nothing(held, browser):
    page = url("interview_update", held.pk)
    before = AuditEvent.objects.exclude(verb="read").count()
    assert browser.post(page, fields_of(browser.get(page))).status_code == 302
    assert Interview.objects.get(pk=held.pk).version == 1
    assert AuditEvent.objects.exclude(verb="read").count() == before


# Documents.


def test_a_document_is_kept_read_and_deleted(held, browser):
    pdf = SimpleUploadedFile("attestation.pdf", b"%PDF-1.7\n%%EOF\n", "application/pdf")
    page = url("interview_detail", held.pk)
    answer = browser.post(url("interview_document_create", held.pk), {"document": pdf})
    assert answer.headers["Location"] == page
    document = InterviewDocument.objects.get(interview=held)
    download = url("interview_document_download", document.pk)
    assert download in browser.get(page).content.decode()
    answer = browser.get(download)
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert browser.post(url("interview_document_delete", document.pk)).headers["Location"] == page
    assert not InterviewDocument.objects.filter(interview=held).exists()


# Deleting.


def test_an_interview_is_deleted_by_who_led_it(held, stay, browser):
    page = url("interview_delete", held.pk)
    assert "Supprimer cet entretien" in browser.get(page).content.decode()
    paths.make_interview_document(held)
    html = browser.post(page, follow=True).content.decode()
    assert "supprimez-les d’abord" in html
    InterviewDocument.objects.filter(interview=held).delete()
    assert browser.post(page).headers["Location"] == url("person_detail", stay.person_id)
    assert of(stay) == []


# The page of the leader.


def test_the_team_reads_what_it_is_to_know_of_the_last_three_months(garden, stay, leader):
    worker = garden.social_worker
    for days, text in ((3, "ZQNEW"), (90, "ZQSEASON"), (91, "ZQOLD")):
        interview = paths.make_interview(stay, TODAY - timedelta(days=days))
        paths.make_note(interview, worker, NoteLevel.LOGISTIC, text)
        paths.make_note(interview, worker, NoteLevel.SOCIAL, "ZQSOCIAL")
    for name in ("person_attendance", "person_detail"):
        html = leader.get(url(name, stay.person_id)).content.decode()
        assert "À savoir pour l’équipe" in html
        assert html.index("ZQNEW") < html.index("ZQSEASON")
        assert "ZQOLD" not in html
        assert "ZQSOCIAL" not in html
        assert "ntretien" not in html


def test_without_a_logistic_note_nothing_is_said_to_the_team(garden, stay, leader):
    interview = paths.make_interview(stay, YESTERDAY)
    paths.make_note(interview, garden.social_worker, NoteLevel.SOCIAL)
    html = leader.get(url("person_attendance", stay.person_id)).content.decode()
    assert "À savoir" not in html


def test_the_pages_make_the_same_queries_for_two_rows_and_seven(garden, stay, held, browser):
    def grow(count: int = 5) -> None:
        for number in range(count):
            row = paths.make_interview(stay, date(2026, 1, 1 + number), led_by=None)
            paths.make_note(row, garden.social_worker, NoteLevel.LOGISTIC)
            paths.make_interview_document(held)
            paths.make_interview(stay, TODAY - timedelta(days=number), state="planned")
            row = paths.make_interview(stay, TODAY - timedelta(days=number))
            paths.make_note(row, garden.social_worker, NoteLevel.LOGISTIC)

    grow(1)
    pages = [url("interview_detail", held.pk), create_url(stay), url("interview_update", held.pk)]
    pages.append(url("person_attendance", stay.person_id))
    same_queries(lambda: [browser.get(page) for page in pages], grow)
