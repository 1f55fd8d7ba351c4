"""Outcomes: events with their contract and their proofs, and the survey of an edition."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from autoprod.core.periods import Period
from beneficiaries.enums import ExitCategory
from beneficiaries.models import Enrolment, Outcome, OutcomeProof, OutcomeSurvey
from beneficiaries.services import outcomes
from programmes.access import scope_of
from tests.factories import beneficiaries as people
from tests.factories import programmes as make
from tests.factories.programmes import code
from tests.harness.queries import same_queries

YEAR = Period.year(2016)
PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def scope(garden):
    return scope_of(garden.social_worker)


def create_url(stay: Enrolment) -> str:
    return reverse("beneficiaries:outcome_create", args=[stay.person_id])


def update_url(outcome: Outcome) -> str:
    return reverse("beneficiaries:outcome_update", args=[outcome.pk])


def survey_url(garden) -> str:
    return reverse("beneficiaries:survey_update", args=[garden.edition.pk])


def list_url(garden, period=YEAR) -> str:
    return reverse("beneficiaries:outcome_list", args=[garden.programme.pk, period])


def kind(name: str = "cddi") -> int:
    return code("outcome_kinds", name).pk


def outcomes_of(stay: Enrolment) -> list[Outcome]:
    return list(Outcome.objects.filter(enrolment=stay))


# Outcomes.


@pytest.mark.parametrize(
    ("name", "contract"),
    [("cddi", "FIXED_TERM_I"), ("cdi", "PERMANENT"), ("contrat_aide", "pec"), ("formation", None)],
)
def test_a_kind_that_is_a_contract_fills_it(stay, browser, name, contract):
    browser.post(create_url(stay), {"kind": kind(name), "starts_on": "2016-03-01"})
    filled = outcomes_of(stay)[0].contract
    assert (filled.code if filled else None) == contract


def test_a_contract_chosen_is_kept(stay, browser):
    chosen = code("contract_kinds", "FIXED_TERM_TREMPLIN")
    data = {"kind": kind("cdd"), "contract": chosen.pk, "starts_on": "2016-03-01"}
    browser.post(create_url(stay), data)
    assert outcomes_of(stay)[0].contract == chosen


def test_changing_the_kind_alone_changes_its_contract(stay, browser):
    contract = code("contract_kinds", "FIXED_TERM_I")
    outcome = people.make_outcome(stay, contract=contract)
    data = {"contract": contract.pk, "starts_on": outcome.starts_on}
    browser.post(update_url(outcome), {**data, "kind": kind("cdi"), "version": 1})
    assert Outcome.objects.get(pk=outcome.pk).contract.code == "PERMANENT"
    data["contract"] = code("contract_kinds", "PERMANENT").pk
    browser.post(update_url(outcome), {**data, "kind": kind("formation"), "version": 2})
    assert Outcome.objects.get(pk=outcome.pk).contract is None


@pytest.mark.parametrize(
    ("dates", "field", "words"),
    [
        ({"starts_on": "2016-03-02", "ends_on": "2016-03-01"}, "ends_on", "précède le début"),
        ({"starts_on": timezone.localdate() + timedelta(days=2)}, "starts_on", "promesse"),
        ({}, "starts_on", ""),
    ],
)
def test_wrong_dates_are_told_beside_them(stay, browser, dates, field, words):
    data = {"kind": kind(), "label": "Espaces verts", **dates}
    html = browser.post(create_url(stay), data).content.decode()
    assert f"id_{field}_error" in html
    assert words in html
    assert "Espaces verts" in html
    assert outcomes_of(stay) == []


def test_an_end_may_be_to_come(stay, browser):
    end = timezone.localdate() + timedelta(days=100)
    data = {"kind": kind(), "starts_on": "2016-03-01", "ends_on": end.isoformat()}
    browser.post(create_url(stay), data)
    assert outcomes_of(stay)[0].ends_on == end


def test_forged_keys_are_refused_beside_their_field(world, garden, stay, browser):
    data = {"kind": kind(), "starts_on": "2016-03-01"}
    for field, value in (
        ("employer", world.elsewhere.garden.funder.pk),
        ("employer", "9" * 30),
        ("contract", kind()),
        ("kind", code("contract_kinds", "PERMANENT").pk),
    ):
        html = browser.post(create_url(stay), {**data, field: value}).content.decode()
        assert f"id_{field}_error" in html
    assert outcomes_of(stay) == []


def test_a_stale_form_keeps_what_was_typed(stay, browser):
    outcome = people.make_outcome(stay)
    data = {"kind": kind(), "starts_on": outcome.starts_on, "version": 1}
    browser.post(update_url(outcome), {**data, "label": "Maçonnerie"})
    html = browser.post(update_url(outcome), {**data, "label": "Cuisine"}).content.decode()
    assert "Cuisine" in html
    assert "Maçonnerie" in html
    assert Outcome.objects.get(pk=outcome.pk).label == "Maçonnerie"


def test_an_outcome_with_a_proof_is_not_deleted(stay, browser):
    outcome = people.make_outcome(stay)
    proof = people.make_proof(outcome)
    url = reverse("beneficiaries:outcome_delete", args=[outcome.pk])
    html = browser.post(url, follow=True).content.decode()
    assert "Supprimez d’abord ses justificatifs" in html
    assert outcomes_of(stay) == [outcome]
    browser.post(reverse("beneficiaries:proof_delete", args=[proof.pk]))
    browser.post(url)
    assert outcomes_of(stay) == []


# Proofs.


def test_a_proof_is_kept_under_a_random_name_and_read_with_a_trace(stay, browser):
    outcome = people.make_outcome(stay)
    url = reverse("beneficiaries:proof_create", args=[outcome.pk])
    upload = SimpleUploadedFile("Contrat Diallo.pdf", PDF)
    assert browser.post(url, {"document": upload}).status_code == 302
    kept = OutcomeProof.objects.get(outcome=outcome)
    assert (kept.title, kept.sha256 != "") == ("Contrat Diallo", True)
    assert "Diallo" not in kept.file.name
    answer = browser.get(reverse("beneficiaries:proof_download", args=[kept.pk]))
    assert b"".join(answer.streaming_content) == PDF
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert AuditEvent.objects.filter(
        verb="read", object_kind="beneficiaries.outcomeproof", object_key=str(kept.pk)
    ).exists()


@pytest.mark.parametrize("content", [b"MZ executable", b"", b"\xff\xd8\xffbroken"])
def test_a_broken_file_is_told_beside_it(stay, browser, content):
    outcome = people.make_outcome(stay)
    url = reverse("beneficiaries:proof_create", args=[outcome.pk])
    upload = SimpleUploadedFile("contrat.pdf", content)
    html = browser.post(url, {"document": upload, "title": "Avenant"}).content.decode()
    assert "id_document_error" in html
    assert "Avenant" in html
    assert not OutcomeProof.objects.filter(outcome=outcome).exists()


def test_a_proof_deleted_takes_its_file_away(stay, browser, django_capture_on_commit_callbacks):
    proof = people.make_proof(people.make_outcome(stay))
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("beneficiaries:proof_delete", args=[proof.pk]))
    assert not proof.file.storage.exists(proof.file.name)


def test_a_proof_is_not_served_to_who_takes_the_roll(garden, stay, client_for):
    proof = people.make_proof(people.make_outcome(stay))
    url = reverse("beneficiaries:proof_download", args=[proof.pk])
    for role in ("workshop_leader", "committee_member", "network_coordinator"):
        assert client_for(getattr(garden, role)).get(url).status_code == 403


# The list and its file.


def test_the_list_holds_what_starts_in_the_period(garden, stay, browser):
    people.make_outcome(stay, starts_on=date(2016, 1, 1), employer=garden.funder)
    people.make_outcome(stay, "formation", starts_on=date(2016, 12, 31))
    people.make_outcome(stay, "cdi", starts_on=date(2017, 1, 1))
    html = browser.get(list_url(garden)).content.decode().split("<tbody")[1]
    assert "CDD d’insertion" in html
    assert "Formation qualifiante" in html
    assert ">CDI<" not in html
    html = browser.get(list_url(garden), {"kind": kind("formation")}).content.decode()
    assert "CDD d’insertion" not in html.split("<tbody")[1]


def test_the_pages_make_the_same_queries_for_two_rows_and_seven(garden, stay, browser):
    def grow():
        for number in range(5):
            other = people.enrolment_of(people.make_person(garden.programme))
            employer = make.make_organisation(garden.territory, f"Entreprise {number}")
            people.make_outcome(other, starts_on=date(2016, 1, 1), employer=employer)
            make.make_edition(garden.programme, 2001 + number)

    def pages():
        for url in (
            list_url(garden),
            reverse("programmes:edition_detail", args=[garden.edition.pk]),
        ):
            assert browser.get(url).status_code == 200

    people.make_outcome(stay, starts_on=date(2016, 1, 1))
    people.make_outcome(stay, "cdi", starts_on=date(2016, 1, 1))
    same_queries(pages, grow)


def test_the_file_says_what_the_list_says(garden, stay, browser):
    people.make_outcome(
        stay, starts_on=date(2016, 1, 1), label="=1+1", contract=code("contract_kinds", "OTHER")
    )
    people.make_outcome(
        stay, "cdi", starts_on=date(2016, 2, 1), contract=code("contract_kinds", "PERMANENT")
    )
    make.make_edition(garden.programme, 2016)
    args = [garden.programme.pk, YEAR]
    csv = browser.get(reverse("beneficiaries:outcome_export", args=[*args, "csv"]))
    text = csv.content.decode("utf-8-sig")
    assert ";Au;Compte comme" in text
    assert "Diallo;Karim;;CDD d’insertion (CDDI);Autre type de contrat;;'=1+1;2016-01-01;;" in text
    assert "cette liste est un minimum" in text
    assert "Diallo" not in csv["Content-Disposition"]
    assert AuditEvent.objects.first().object_label == "Orientations\u00a0: 2\u00a0lignes"
    shown = [row.counts_as for row in browser.get(list_url(garden)).context["object_list"]]
    assert [line.split(";")[-1] for line in text.splitlines()[-2:]] == shown
    assert ExitCategory.DURABLE.label in shown
    xlsx = browser.get(reverse("beneficiaries:outcome_export", args=[*args, "xlsx"]))
    book = openpyxl.load_workbook(io.BytesIO(xlsx.content))
    assert book.active.cell(book.active.max_row, 1).value == "Diallo"


# The survey.


def test_a_period_is_known_once_all_its_editions_are(garden, scope):
    first = make.make_edition(garden.programme, 2016)
    second = make.make_edition(garden.programme, 2017)
    both = Period(date(2016, 6, 1), date(2017, 2, 1))
    assert outcomes.is_open(scope, garden.programme, both)
    people.make_survey(first, closed_on=date(2017, 6, 1))
    assert not outcomes.is_open(scope, garden.programme, YEAR)
    assert outcomes.is_open(scope, garden.programme, both)
    survey = people.make_survey(second)
    assert outcomes.is_open(scope, garden.programme, both)
    survey.closed_on = date(2018, 6, 1)
    survey.save()
    assert not outcomes.is_open(scope, garden.programme, both)


def test_outcomes_stand_under_steps_in_the_menu(garden, browser):
    html = browser.get(list_url(garden)).content.decode()
    menu = html.partition('aria-label="Navigation principale"')[2].partition("</nav>")[0]
    assert "Démarches" in menu.partition('aria-current="page"')[2].partition("</li>")[0]


def test_the_list_says_that_it_is_a_minimum(garden, browser):
    edition = make.make_edition(garden.programme, 2016)
    survey = people.make_survey(edition)
    assert "un minimum" in browser.get(list_url(garden)).content.decode()
    survey.closed_on = date(2017, 1, 31)
    survey.save()
    assert "un minimum" not in browser.get(list_url(garden)).content.decode()


def test_the_survey_is_closed_then_opened_again_from_the_edition(garden, browser):
    page = reverse("programmes:edition_detail", args=[garden.edition.pk])
    assert "tout nombre d’orientations se lit" in browser.get(page).content.decode()
    today = timezone.localdate()
    answer = browser.post(survey_url(garden), {"closed_on": today.isoformat(), "version": 1})
    assert answer.headers["Location"] == page
    html = browser.get(page).content.decode()
    assert "complet" in html
    assert "tout nombre d’orientations" not in html
    browser.post(survey_url(garden), {"closed_on": "", "version": 2})
    assert OutcomeSurvey.objects.get(edition=garden.edition).closed_on is None
    verbs = AuditEvent.objects.filter(object_kind="beneficiaries.outcomesurvey")
    assert verbs.count() == 2


def test_a_survey_nobody_opened_is_written_when_closed(garden, browser):
    OutcomeSurvey.objects.filter(edition=garden.edition).delete()
    today = timezone.localdate().isoformat()
    assert browser.get(survey_url(garden)).status_code == 200
    browser.post(survey_url(garden), {"closed_on": today})
    assert OutcomeSurvey.objects.get(edition=garden.edition).closed_on == timezone.localdate()


def test_a_survey_two_people_close_at_once_is_written_once(garden, browser):
    today = timezone.localdate().isoformat()
    html = browser.post(survey_url(garden), {"closed_on": today}).content.decode()
    assert "a été modifiée pendant que" in html
    assert OutcomeSurvey.objects.get(edition=garden.edition).closed_on is None


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (timezone.localdate() + timedelta(days=2), "à venir"),
        (date(1999, 1, 1), "n’a pas commencé"),
    ],
)
def test_a_wrong_day_of_survey_is_told_beside_it(garden, browser, on, words):
    html = browser.post(survey_url(garden), {"closed_on": on, "version": 1}).content.decode()
    assert "id_closed_on_error" in html
    assert words in html
