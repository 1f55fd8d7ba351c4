"""Organisations: list, filter, card, edit, delete, export."""

import io

import openpyxl
import pytest
from django.urls import reverse

from autoprod.audit.models import AuditEvent
from programmes.models import Organisation
from tests.factories import programmes as make
from tests.harness.queries import same_queries


@pytest.fixture
def browser(world, client_for):
    return client_for(world.here.garden.programme_manager)


def create_data(world, **fields) -> dict:
    kind = make.code("organisation_kinds", "association").pk
    return {"name": "Midi Partage", "kind": kind, **fields}


def test_the_list_finds_a_name_whatever_its_accents_and_order(world, browser):
    make.make_organisation(world.here.territory, "Équipe Saint-Vincent")
    html = browser.get("/organisations/", {"name": "vincent equipe"}).content.decode()
    assert "Équipe Saint-Vincent" in html
    assert world.here.garden.funder.name not in html


def test_an_empty_search_says_what_to_do(world, browser):
    html = browser.get("/organisations/", {"name": "introuvable"}).content.decode()
    assert "Aucun résultat" in html


def test_the_pages_make_the_same_queries_for_two_rows_and_seven(world, browser):
    def grow():
        for _ in range(5):
            added = make.make_organisation(world.here.territory)
            make.make_partnership(world.here.garden.programme, added)
            make.make_partnership(
                world.here.garden.programme,
                world.here.garden.funder,
                "partner",
                starts_on=make.tomorrow().replace(day=1, year=2000 + added.pk % 900),
            )

    def pages():
        assert browser.get("/organisations/").status_code == 200
        detail = reverse("programmes:organisation_detail", args=[world.here.garden.funder.pk])
        assert browser.get(detail).status_code == 200

    same_queries(pages, grow)


def test_an_organisation_is_created_in_the_only_territory(world, browser):
    answer = browser.post("/organisations/nouvelle/", create_data(world, phone="03 27 00 00 00"))
    created = Organisation.objects.get(name="Midi Partage")
    assert answer.headers["Location"] == reverse(
        "programmes:organisation_detail", args=[created.pk]
    )
    assert created.territory == world.here.territory
    assert created.sort_key == "midi partage"


def test_a_wrong_siret_is_told_beside_it_and_nothing_is_lost(world, browser):
    answer = browser.post("/organisations/nouvelle/", create_data(world, siret="12000123400023"))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "id_siret_error" in html
    assert "Midi Partage" in html
    assert not Organisation.objects.filter(name="Midi Partage").exists()


def test_an_organisation_with_a_role_is_not_deleted(world, browser):
    funder = world.here.garden.funder
    answer = browser.post(reverse("programmes:organisation_delete", args=[funder.pk]), follow=True)
    assert "s’y rattachent (" in answer.content.decode()
    assert Organisation.objects.filter(pk=funder.pk).exists()


def test_an_organisation_nobody_names_is_deleted_and_journalled(world, browser):
    alone = make.make_organisation(world.here.territory)
    browser.post(reverse("programmes:organisation_delete", args=[alone.pk]))
    assert not Organisation.objects.filter(pk=alone.pk).exists()
    event = AuditEvent.objects.get(verb="delete")
    assert event.object_label == f"Organisation n° {alone.pk}"


def test_the_export_holds_the_scope_and_no_live_formula(world, browser):
    make.make_organisation(world.here.territory, "=1+1")
    answer = browser.get("/organisations/export/xlsx/")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    names = {row[0].value: row[0].data_type for row in sheet.iter_rows()}
    assert names["=1+1"] == "s"
    assert world.here.garden.funder.name in names
    assert world.elsewhere.garden.funder.name not in names
    assert AuditEvent.objects.filter(verb="export").count() == 1


def test_a_sheet_nobody_reads_is_not_found(world, browser):
    assert browser.get("/organisations/export/ods/").status_code == 404
