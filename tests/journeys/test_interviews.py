"""An interview is typed, left, found again and saved; an appointment is missed, then taken back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from beneficiaries.enums import InterviewState, NoteLevel
from beneficiaries.models import Interview, InterviewDraft, InterviewNote
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import programmes as make
from tests.journeys.browser import DESK, Page, check, expect, login, visit
from tests.journeys.steps import follow, press

PDF = {"name": "courrier.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%%EOF\n"}
SOCIAL, PRIVATE = "Note sociale (référents et chef de projet)", "Pour moi seul"


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def stay(garden):
    return people.enrolment_of(people.make_person(garden.programme, "Karim", "Diallo"))


def type_note(page: Page, label: str, words: str) -> None:
    """Type a note, and wait until the page says that its draft is kept."""
    with page.expect_response("**/brouillon/"):
        page.get_by_label(label).press_sequentially(words)
    expect(page.get_by_text("Brouillon gardé à")).to_be_visible()


def test_an_interview_left_unfinished_is_found_again_and_saved(garden, stay, page):
    form = f"/personnes/{stay.person_id}/entretiens/nouveau/"
    login(page, garden.social_worker)
    visit(page, form)
    page.get_by_label("45 min").check()
    type_note(page, SOCIAL, "Dossier de logement")
    # The tab is hidden before the next draft: what was typed leaves with it.
    page.get_by_label(SOCIAL).press_sequentially(" déposé")
    with page.expect_response("**/brouillon/"):
        page.evaluate(
            "Object.defineProperty(document, 'visibilityState', {value: 'hidden'});"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )
    page.goto("about:blank")

    visit(page, form)
    expect(page.get_by_text("Brouillon repris.")).to_be_visible()
    expect(page.get_by_label(SOCIAL)).to_have_value("Dossier de logement déposé")
    expect(page.get_by_label("45 min")).to_be_checked()
    page.get_by_text(PRIVATE, exact=True).first.click()
    page.get_by_role("textbox", name=PRIVATE).fill("À revoir")
    page.get_by_label("Pour l’équipe (logistique)").fill("Arrive à 9 h 30")
    later = timezone.localdate() + timedelta(days=20)
    page.get_by_label("Date du rendez-vous").fill(later.isoformat())
    press(page, "Enregistrer")

    expect(page.get_by_text("Dossier de logement déposé")).to_be_visible()
    expect(page.get_by_text("À revoir")).not_to_be_visible()
    page.get_by_text(PRIVATE, exact=True).click()
    expect(page.get_by_text("À revoir")).to_be_visible()
    check(page)
    held = Interview.objects.held().get(enrolment=stay)
    assert (held.minutes, held.led_by) == (45, garden.social_worker)
    assert Interview.objects.get(enrolment=stay, state=InterviewState.PLANNED).on == later
    assert not InterviewDraft.objects.filter(enrolment=stay).exists()
    with page.expect_navigation():
        page.get_by_role("link", name="Ajouter un document").click()
    check(page)
    page.get_by_label("Fichier").set_input_files(PDF)
    press(page, "Ajouter")
    expect(page.get_by_role("link", name="courrier", exact=True)).to_be_visible()

    login(page, garden.workshop_leader)
    visit(page, f"/personnes/{stay.person_id}/presences/")
    expect(page.get_by_text("Arrive à 9 h 30")).to_be_visible()


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_an_older_tab_is_told_that_another_draft_is_newer(garden, stay, page):
    form = f"/personnes/{stay.person_id}/entretiens/nouveau/"
    login(page, garden.social_worker)
    visit(page, form)
    paths.make_draft(stay, garden.social_worker, tab="x", turn=1, fields={"social": "Ailleurs"})
    with page.expect_response("**/brouillon/"):
        page.get_by_label(SOCIAL).fill("Ici")
    expect(page.get_by_text("vient d’un autre onglet")).to_be_visible()
    check(page)
    with page.expect_response("**/brouillon/"):
        page.get_by_role("button", name="Garder plutôt cette saisie").click()
    expect(page.get_by_text("Brouillon gardé à")).to_be_visible()
    draft = InterviewDraft.objects.get(enrolment=stay)
    assert draft.content["fields"]["social"] == "Ici"


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_two_colleagues_see_both_texts(garden, stay, page):
    interview = paths.make_interview(stay, led_by=garden.social_worker)
    note = paths.make_note(interview, garden.social_worker, NoteLevel.SOCIAL, "Avant")
    login(page, garden.programme_manager)
    visit(page, f"/entretiens/{interview.pk}/modifier/")
    note.text = "Le texte de l’autre"
    note.save()
    page.get_by_label(SOCIAL).fill("Le mien")
    with page.expect_navigation():
        page.get_by_role("button", name="Enregistrer").click()
    check(page)
    expect(page.get_by_text("Le texte de l’autre")).to_be_visible()
    expect(page.get_by_label(SOCIAL)).to_have_value("Le mien")
    press(page, "Enregistrer")
    assert InterviewNote.objects.get(pk=note.pk).text == "Le mien"


def test_an_appointment_is_missed_taken_back_and_written_down(garden, stay, page):
    planned = paths.make_interview(
        stay, make.yesterday(), state=InterviewState.PLANNED, led_by=garden.social_worker
    )
    login(page, garden.social_worker)
    visit(page, f"/entretiens/{planned.pk}/")
    press(page, "N’est pas venu")
    assert Interview.objects.get(pk=planned.pk).state == InterviewState.MISSED
    press(page, "Annuler ce geste")
    visit(page, f"/entretiens/{planned.pk}/")
    follow(page, "Il a été tenu")
    page.get_by_label(SOCIAL).fill("Venu hier")
    press(page, "Enregistrer")
    assert Interview.objects.get(pk=planned.pk).state == InterviewState.HELD


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_an_interview_is_written_without_javascript(garden, stay, open_tab, page):
    tab = open_tab(scripts=False)
    login(tab, garden.social_worker)
    tab.goto(f"/personnes/{stay.person_id}/entretiens/nouveau/")
    tab.get_by_label(SOCIAL).fill("Sans script")
    with tab.expect_navigation():
        tab.get_by_role("button", name="Enregistrer").click()
    assert InterviewNote.objects.get(interview__enrolment=stay).text == "Sans script"
