"""Pages of steps: forms, taps, list and export."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from autoprod.core.periods import Period
from beneficiaries.enums import Part, StepState
from beneficiaries.models import Enrolment, Step
from tests.factories import beneficiaries as people
from tests.factories import programmes as make
from tests.factories.programmes import code
from tests.harness.queries import same_queries

YEAR = Period.year(2016)


def create_url(stay: Enrolment) -> str:
    return reverse("beneficiaries:step_create", args=[stay.person_id])


def update_url(step: Step) -> str:
    return reverse("beneficiaries:step_update", args=[step.pk])


def person_url(stay: Enrolment) -> str:
    return reverse("beneficiaries:person_detail", args=[stay.person_id])


def kind(name: str = "bilan_sante") -> int:
    return code("step_kinds", name).pk


def strand(name: str) -> int:
    return code("pathway_strands", name).pk


def steps_of(stay: Enrolment) -> list[Step]:
    return list(Step.objects.filter(enrolment=stay))


# One step.


def test_a_step_of_the_list_fills_its_strand(stay, browser):
    answer = browser.post(create_url(stay), {"kind": kind(), "started_on": "2016-02-09"})
    assert answer.headers["Location"] == person_url(stay)
    step = steps_of(stay)[0]
    assert (step.strand.code, step.started_on) == ("sante", date(2016, 2, 9))


def test_a_step_out_of_the_list_says_its_strand(stay, browser):
    html = browser.post(create_url(stay), {"label": "Carte de bus"}).content.decode()
    assert "id_strand_error" in html
    assert "Carte de bus" in html
    browser.post(create_url(stay), {"label": "Carte de bus", "strand": strand("mobilite")})
    assert [str(step) for step in steps_of(stay)] == ["Carte de bus"]


def test_a_step_of_another_strand_is_refused_beside_it(stay, browser):
    data = {"kind": kind(), "strand": strand("emploi")}
    html = browser.post(create_url(stay), data).content.decode()
    assert "id_kind_error" in html
    assert "du volet «\u00a0Santé\u00a0»" in html
    assert steps_of(stay) == []


def test_changing_the_step_alone_changes_its_strand(stay, browser):
    step = people.make_step(stay)
    data = {"kind": kind("permis"), "strand": step.strand_id, "version": 1}
    browser.post(update_url(step), data)
    assert Step.objects.get(pk=step.pk).strand.code == "mobilite"


FUTURE = (timezone.localdate() + timedelta(days=2)).isoformat()


@pytest.mark.parametrize(
    ("dates", "field", "words"),
    [
        ({"started_on": FUTURE}, "started_on", "à venir"),
        ({"started_on": "2016-01-01", "done_on": FUTURE}, "done_on", "à venir"),
        ({"abandoned_on": FUTURE}, "abandoned_on", "à venir"),
        ({"started_on": "2016-02-02", "done_on": "2016-02-01"}, "done_on", "avant d’avoir été"),
        ({"started_on": "2016-02-02", "abandoned_on": "2016-02-01"}, "abandoned_on", "avant"),
        ({"done_on": "2016-02-01"}, "done_on", "d’abord été engagée"),
        (
            {"started_on": "2016-01-01", "done_on": "2016-02-01", "abandoned_on": "2016-02-01"},
            "abandoned_on",
            "pas les deux",
        ),
        ({"started_on": "0216-02-01"}, "started_on", "quatre chiffres"),
        ({"started_on": "hier"}, "started_on", ""),
    ],
)
def test_dates_out_of_order_are_told_beside_them(stay, browser, dates, field, words):
    data = {"kind": kind(), "result": "Dossier déposé", **dates}
    html = browser.post(create_url(stay), data).content.decode()
    assert f"id_{field}_error" in html
    assert words in html
    assert "Dossier déposé" in html
    assert steps_of(stay) == []


def test_a_step_to_launch_may_be_planned_ahead(stay, browser):
    browser.post(create_url(stay), {"kind": kind(), "planned_on": FUTURE})
    assert steps_of(stay)[0].state == StepState.PLANNED


def test_nothing_named_is_told(stay, browser):
    html = browser.post(create_url(stay), {"result": "x"}).content.decode()
    assert "Choisissez une démarche ou nommez-la." in html


@pytest.mark.parametrize("key", ["9" * 30, "0", "x"])
def test_forged_keys_are_wrong_choices(stay, browser, key):
    for name in ("kind", "strand", "partner"):
        html = browser.post(create_url(stay), {"kind": kind(), name: key}).content.decode()
        assert f"id_{name}_error" in html
    assert steps_of(stay) == []


def test_the_neighbour_s_organisation_is_refused(world, stay, browser):
    theirs = world.elsewhere.garden.funder
    data = {"kind": kind(), "partner": theirs.pk}
    html = browser.post(create_url(stay), data).content.decode()
    assert "id_partner_error" in html
    assert theirs.name not in html


def test_a_code_of_another_list_is_refused(stay, browser):
    html = browser.post(create_url(stay), {"kind": strand("sante")}).content.decode()
    assert "id_kind_error" in html


def test_partners_of_the_programme_come_first_and_closed_ones_do_not(world, stay, browser):
    make.make_organisation(world.here.territory, "Aaa Association")
    closed = make.make_organisation(world.here.territory, "Ancienne association")
    closed.closed_on = make.yesterday()
    closed.save()
    html = browser.get(create_url(stay)).content.decode()
    assert html.index("Partenaires de l’action") < html.index("Réseau de")
    assert html.index("Réseau de") < html.index("Autres organisations") < html.index("Aaa")
    assert "Ancienne association" not in html


def test_somebody_with_two_stays_is_asked_which(garden, stay, browser):
    second = people.make_enrolment(stay.person, garden.programme, part=Part.VOLUNTEER)
    html = browser.get(create_url(stay)).content.decode()
    assert "bénévole" in html
    browser.post(create_url(stay), {"kind": kind(), "enrolment": second.pk})
    assert len(steps_of(second)) == 1
    for forged in (people.enrolment_of(people.make_person(garden.programme)).pk, "999999"):
        html = browser.post(create_url(stay), {"kind": kind(), "enrolment": forged})
        assert "id_enrolment_error" in html.content.decode()
    assert steps_of(stay) == []


def test_the_stay_of_a_programme_that_is_not_open_is_not_offered(world, stay, browser):
    other = people.make_enrolment(stay.person, world.here.kitchen.programme)
    assert 'name="enrolment"' not in browser.get(create_url(stay)).content.decode()
    browser.post(create_url(stay), {"kind": kind(), "enrolment": other.pk})
    assert (len(steps_of(stay)), steps_of(other)) == (1, [])


def test_a_stale_form_keeps_what_was_typed_and_shows_both(stay, browser):
    step = people.make_step(stay)
    data = {"kind": kind(), "strand": step.strand_id, "started_on": step.started_on, "version": 1}
    browser.post(update_url(step), {**data, "result": "Reçu en mars"})
    html = browser.post(update_url(step), {**data, "result": "Perdu"}).content.decode()
    assert "Perdu" in html
    assert "Reçu en mars" in html
    assert Step.objects.get(pk=step.pk).result == "Reçu en mars"


def test_a_step_is_deleted_after_a_question(stay, browser):
    step = people.make_step(stay)
    url = reverse("beneficiaries:step_delete", args=[step.pk])
    assert "Supprimer Bilan de santé" in browser.get(url).content.decode()
    assert browser.post(url).headers["Location"] == person_url(stay)
    assert steps_of(stay) == []


# Taps.


def test_a_tap_is_done_then_undone_from_its_message(stay, browser):
    step = people.make_step(stay, started_on=None)
    url = reverse("beneficiaries:step_finish", args=[step.pk])
    html = browser.post(url, follow=True).content.decode()
    assert "aboutie aujourd’hui" in html
    undo = reverse("beneficiaries:step_undo", args=[step.pk])
    assert f'action="{undo}"' in html
    assert 'name="before" value="started_on="' in html
    sent = {"version": step.version + 1, "before": ["started_on=", "done_on="]}
    html = browser.post(undo, sent, follow=True).content.decode()
    assert "geste annulé" in html
    assert Step.objects.get(pk=step.pk).state == StepState.PLANNED


def test_a_tap_on_what_is_over_says_so(stay, browser):
    step = people.make_step(stay, done_on=timezone.localdate())
    for name, words in (("step_start", "déjà engagée"), ("step_finish", "déjà terminée")):
        url = reverse(f"beneficiaries:{name}", args=[step.pk])
        assert words in browser.post(url, follow=True).content.decode()
    undo = reverse("beneficiaries:step_undo", args=[step.pk])
    answer = browser.post(undo, {"version": 1, "before": "planned_on="}, follow=True)
    assert "vient d’être modifiée" in answer.content.decode()


# The list and its file.


@pytest.fixture
def listed(garden, stay):
    Step.objects.all().delete()
    people.make_step(
        stay, started_on=date(2016, 2, 9), label="réunion suivie", partner=garden.funder
    )
    people.make_step(stay, "permis", started_on=date(2016, 3, 1), done_on=date(2016, 4, 1))
    return reverse("beneficiaries:step_list", args=[garden.programme.pk, YEAR])


def test_the_list_is_narrowed_by_strand_and_state(listed, browser):
    def shown(**query):
        return browser.get(listed, query).content.decode().split("<tbody")[-1]

    assert "Bilan de santé" in shown()
    assert "Permis de conduire" in shown()
    assert "Permis de conduire" not in shown(strand=strand("sante"))
    assert "Bilan de santé" not in shown(state="done")
    assert "Bilan de santé" in shown(state="started")


def test_another_year_is_empty_and_says_what_to_do(listed, browser):
    html = browser.get(listed.replace("2016", "1999")).content.decode()
    assert "Aucune démarche sur cette période" in html
    assert "Ajouter à plusieurs personnes" in html


def test_the_pages_make_the_same_queries_for_two_rows_and_seven(garden, stay, listed, browser):
    def grow():
        for number in range(5):
            other = people.enrolment_of(people.make_person(garden.programme))
            partner = make.make_organisation(garden.territory, f"Organisation {number}")
            people.make_step(other, started_on=date(2016, 2, 9), partner=partner)
            people.make_step(stay, "vae", started_on=date(2016, 2, 9), partner=partner)
            people.make_proof(people.make_outcome(stay, employer=partner))

    step = steps_of(stay)[0]
    many = reverse("beneficiaries:step_create_many", args=[garden.programme.pk])
    urls = (listed, person_url(stay), create_url(stay), update_url(step), many, "/")

    def pages():
        for url in urls:
            assert browser.get(url).status_code == 200

    people.make_outcome(stay)
    same_queries(pages, grow)


def test_the_export_holds_what_the_list_shows_and_its_name_nobody(garden, listed, browser):
    query = {"strand": strand("sante")}
    html = browser.get(listed, query).content.decode()
    url = reverse("beneficiaries:step_export", args=[garden.programme.pk, YEAR, "csv"])
    assert f"{url}?strand={query['strand']}" in html
    answer = browser.get(url, query)
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[-1] == (
        "Diallo;Karim;;Santé;Bilan de santé;réunion suivie;"
        f"{garden.funder.name};en cours;;2016-02-09;;;"
    )
    assert "Permis" not in answer.content.decode("utf-8-sig")
    assert f'filename="demarches-{garden.programme.pk}-2016.csv"' in answer["Content-Disposition"]
    event = AuditEvent.objects.first()
    assert (event.verb, event.object_label) == ("export", "Démarches\u00a0: 1\u00a0ligne")


def test_the_export_as_a_workbook_opens(garden, listed, browser):
    url = reverse("beneficiaries:step_export", args=[garden.programme.pk, YEAR, "xlsx"])
    book = openpyxl.load_workbook(io.BytesIO(browser.get(url).content))
    cells = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert [row[4] for row in cells[-2:]] == ["Bilan de santé", "Permis de conduire"]
    other = reverse("beneficiaries:step_export", args=[garden.programme.pk, YEAR, "pdf"])
    assert browser.get(other).status_code == 404


# Who sees nothing.


@pytest.mark.parametrize("role", ["workshop_leader", "committee_member", "network_coordinator"])
def test_no_step_and_no_outcome_without_the_right(garden, stay, listed, role, client_for):
    people.make_proof(people.make_outcome(stay), title="Contrat de Karim")
    other = client_for(getattr(garden, role))
    pages = ["/", reverse("programmes:edition_detail", args=[garden.edition.pk])]
    if role == "workshop_leader":
        pages.append(person_url(stay))
    for url in pages:
        html = other.get(url).content.decode()
        # How many outcomes there are is a figure, which they may read; not whose they are.
        html = html.replace("Orientations positives", "")
        for words in ("Bilan de santé", "Démarches", "Orientations", "CDD d’insertion", "Relevé"):
            assert words not in html, (url, words)
    assert other.get(listed).status_code == 403


def test_the_person_s_page_shows_steps_thread_and_outcomes(garden, stay, listed, browser):
    people.make_proof(people.make_outcome(stay), title="Contrat signé")
    html = browser.get(person_url(stay)).content.decode()
    for words in ("réunion suivie", "Fil du parcours", "Voir ce qui précède", "Contrat signé"):
        assert words in html
    assert ">Engager<" not in html
    assert html.count(">Aboutie<") == 1
