"""A step from idea to done, an outcome with its proof, and the same step for several."""

import pytest

from beneficiaries.enums import StepState
from beneficiaries.models import Barrier, OutcomeProof, Step
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import programmes as make
from tests.journeys.browser import check, expect, login, visit
from tests.journeys.steps import follow, press

PDF = {"name": "contrat.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%%EOF\n"}


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def karim(garden):
    return people.make_person(garden.programme, "Karim", "Diallo")


def test_a_step_is_added_done_and_leads_to_a_contract(garden, karim, page):
    login(page, garden.social_worker)
    visit(page, f"/personnes/{karim.pk}/")
    follow(page, "Ajouter une démarche")
    page.get_by_label("Démarche").select_option(label="Candidature en chantier d’insertion (CDDI)")
    page.get_by_label("Partenaire").select_option(label=garden.network.name)
    press(page, "Enregistrer")
    step = Step.objects.get(enrolment__person=karim)
    assert (step.strand.code, step.state) == ("emploi", StepState.PLANNED)

    with page.expect_navigation():
        page.get_by_role("button", name="Engager aujourd’hui").click()
    check(page)
    steps = page.get_by_role("group", name="Objectifs et démarches")
    expect(steps.get_by_text("en cours", exact=True)).to_be_visible()
    press(page, "Annuler ce geste")
    expect(steps.get_by_text("à lancer", exact=True)).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Aboutie aujourd’hui").click()
    check(page)
    assert Step.objects.get(pk=step.pk).state == StepState.DONE

    follow(page, "Ajouter une orientation")
    page.get_by_label("Nature").select_option(label="CDD d’insertion (CDDI)")
    page.get_by_label("Précision").fill("Espaces verts")
    page.get_by_label("Du", exact=True).fill("2026-01-05")
    press(page, "Enregistrer")
    with page.expect_navigation():
        page.get_by_role("link", name="Justificatif").click()
    check(page)
    page.get_by_label("Fichier").set_input_files(PDF)
    press(page, "Ajouter")
    assert OutcomeProof.objects.get(outcome__enrolment__person=karim).title == "contrat"
    with page.expect_download() as download:
        page.get_by_role("link", name="contrat", exact=True).click()
    assert download.value.suggested_filename == "contrat.pdf"


def test_a_barrier_an_objective_and_the_thread(garden, karim, page):
    """Two taps for a barrier, one form for an objective; the thread narrows by its links."""
    stay = people.enrolment_of(karim)
    login(page, garden.social_worker)
    visit(page, f"/personnes/{karim.pk}/")
    page.get_by_text("Mobilité", exact=True).click()
    with page.expect_navigation():
        page.get_by_role("button", name="Repéré aujourd’hui : Mobilité").click()
    check(page)
    assert Barrier.objects.get(enrolment=stay).kind.code == "23"
    page.get_by_text("Mobilité", exact=True).click()
    with page.expect_navigation():
        page.get_by_role("button", name="Levé aujourd’hui : Mobilité").click()
    check(page)
    assert Barrier.objects.get(enrolment=stay).lifted_on
    press(page, "Annuler ce geste")
    assert Barrier.objects.get(enrolment=stay).lifted_on is None
    page.get_by_text("Mobilité", exact=True).click()
    follow(page, "Préciser le frein Mobilité")
    page.get_by_label("Dépendant des transports en commun").check()
    press(page, "Enregistrer")

    follow(page, "Ajouter un objectif")
    page.get_by_label("Objectif").fill("Passer mon permis")
    press(page, "Enregistrer")
    follow(page, "Démarche pour Passer mon permis")
    page.get_by_label("Démarche").select_option(label="Permis de conduire")
    press(page, "Enregistrer")
    assert Step.objects.get(enrolment=stay).objective.words == "Passer mon permis"
    page.get_by_role("link", name="Démarches", exact=True).last.click()
    expect(page.get_by_text("Frein : Mobilité")).to_be_visible()
    follow(page, "Orientations")
    expect(page.get_by_text("Rien de noté ici")).to_be_visible()


def test_the_same_step_for_those_of_a_session(garden, karim, page):
    stay = people.enrolment_of(karim)
    people.make_attendance(stay, garden.held, garden.site)
    people.make_step(people.enrolment_of(people.make_person(garden.programme, "Nadia", "Benali")))
    login(page, garden.social_worker)
    visit(page, f"/seances/{garden.held.pk}/")
    follow(page, "Ajouter aux présents")
    page.get_by_label("Démarche").select_option(label="Bilan de santé")
    expect(page.get_by_label("Karim Diallo")).to_be_checked()
    expect(page.get_by_label("Nadia Benali")).not_to_be_checked()
    page.get_by_label("Nadia Benali").check()
    press(page, "Ajouter la démarche")
    expect(page.get_by_text("Elle était déjà notée pour")).to_be_visible()
    assert Step.objects.filter(enrolment=stay).count() == 1
    press(page, "Annuler ce geste")
    assert not Step.objects.filter(enrolment=stay).exists()


def test_the_day_the_lists_and_the_edition_say_where_pathways_are(garden, karim, page):
    stay = people.enrolment_of(karim)
    people.make_step(stay, label="réunion suivie", partner=garden.network)
    people.make_step(stay, "permis", started_on=None)
    people.make_step(stay, "papiers", done_on=make.yesterday(), result="Carte reçue")
    people.make_step(stay, "vae", abandoned_on=make.yesterday())
    day = make.yesterday()
    people.make_proof(people.make_outcome(stay, starts_on=day, ends_on=day, employer=garden.funder))
    login(page, garden.social_worker)
    visit(page, "/")
    expect(page.get_by_role("heading", name="Démarches à suivre")).to_be_visible()
    visit(page, f"/personnes/{karim.pk}/")
    expect(page.get_by_role("button", name="Engager aujourd’hui")).to_have_count(1)
    visit(page, f"/actions/{garden.programme.pk}/{day.year}/demarches/")
    expect(page.get_by_role("table").get_by_text("abandonnée")).to_be_visible()
    visit(page, f"/actions/{garden.programme.pk}/{day.year}/orientations/")
    expect(page.get_by_text("cette liste est un minimum")).to_be_visible()
    visit(page, f"/editions/{garden.edition.pk}/")
    follow(page, "Clore le relevé")
    page.get_by_label("Relevé complet au").fill(day.isoformat())
    press(page, "Enregistrer")
    expect(page.get_by_text("complet", exact=True)).to_be_visible()


def test_words_without_a_space_push_nothing_out_of_sight(garden, karim, page):
    paths.make_objective(people.enrolment_of(karim), "mot" * 80)
    login(page, garden.social_worker)
    visit(page, f"/personnes/{karim.pk}/")
    asked, given = page.locator(".table-frame:has(.step-table)").evaluate(
        "frame => [frame.scrollWidth, frame.clientWidth]"
    )
    assert asked <= given
