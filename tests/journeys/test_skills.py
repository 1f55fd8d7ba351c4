"""Skills noted from the garden, a booklet printed and handed over."""

import pytest

from beneficiaries.enums import Mastery, Observer
from beneficiaries.models import Paper, Skill, SkillLevel
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.journeys.browser import check, expect, login, visit
from tests.journeys.steps import follow, press


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def karim(garden):
    return people.make_person(garden.programme, "Karim", "Diallo")


def test_a_leader_notes_what_they_saw_in_a_few_taps(garden, karim, page):
    paths.make_skill(garden.programme, "Arriver à l’heure", family="Habitudes", position=2)
    login(page, garden.workshop_leader)
    visit(page, f"/personnes/{karim.pk}/acquis/")
    follow(page, "Noter des acquis")
    sowing = page.get_by_role("group", name="Semer en godet")
    alone = sowing.get_by_role("radio", name="fait seul")
    assert alone.bounding_box()["height"] >= 44
    alone.check()
    arriving = page.get_by_role("group", name="Arriver à l’heure")
    arriving.get_by_role("radio", name="peut montrer aux autres").check()
    press(page, "Enregistrer")
    rows = SkillLevel.objects.filter(enrolment__person=karim)
    assert set(rows.values_list("level", "observer")) == {
        (Mastery.ALONE, Observer.LEADER),
        (Mastery.SHOWS_OTHERS, Observer.LEADER),
    }
    page.get_by_text("Tout ce qui est noté").click()
    expect(page.get_by_text("observé par l’encadrant").first).to_be_visible()
    press(page, "Annuler ce geste")
    assert not rows.exists()


def test_a_leader_sees_one_gesture_of_all_who_were_there(garden, karim, page):
    people.make_attendance(people.enrolment_of(karim), garden.held, garden.site)
    login(page, garden.workshop_leader)
    visit(page, f"/seances/{garden.held.pk}/")
    follow(page, "Observer un acquis")
    page.get_by_role("group", name="Karim Diallo").get_by_label("découvre").check()
    press(page, "Enregistrer")
    assert SkillLevel.objects.get(enrolment__person=karim).level == Mastery.DISCOVERS


def test_a_manager_writes_the_list(garden, page):
    SkillLevel.objects.filter(skill__programme=garden.programme).delete()
    Skill.objects.filter(programme=garden.programme).delete()
    login(page, garden.programme_manager)
    visit(page, f"/actions/{garden.programme.pk}/acquis/")
    press(page, "Proposer une première liste")
    follow(page, "Ajouter un acquis")
    page.get_by_label("Famille").fill("Gestes du jardin")
    page.get_by_label("Acquis", exact=True).fill("Greffer un pommier")
    press(page, "Enregistrer")
    with page.expect_navigation():
        page.get_by_role("button", name="Retirer de la liste : Semer et repiquer").click()
    check(page)
    expect(page.get_by_role("heading", name="Retirés de la liste")).to_be_visible()
    assert Skill.objects.get(programme=garden.programme, label="Greffer un pommier")


def test_the_booklet_is_printed_and_handed_over(garden, karim, page):
    login(page, garden.social_worker)
    visit(page, f"/personnes/{karim.pk}/documents/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Imprimer : Livret de parcours").click()
    assert download.value.suggested_filename == f"livret-{karim.pk}.pdf"
    with page.expect_navigation():
        page.get_by_role("button", name="Remis aujourd’hui : Livret de parcours").click()
    check(page)
    assert Paper.objects.get(enrolment__person=karim).handed_by == garden.social_worker
    press(page, "Annuler ce geste")
    assert not Paper.objects.filter(enrolment__person=karim).exists()

    follow(page, "Écrire la lettre")
    page.get_by_label("À qui").select_option(label=garden.network.name)
    page.get_by_label("Objet").fill("Permis de conduire")
    page.get_by_label("Texte de la lettre").fill("Il est libre le lundi.")
    page.get_by_label("La personne est d’accord").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Préparer le PDF").click()
    assert download.value.suggested_filename == f"orientation-{karim.pk}.pdf"
