"""Programmes, editions, objectives, partners, files: from the list to the dated wording."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from programmes.models import (
    Attachment,
    Edition,
    Objective,
    ObjectiveVersion,
    Partnership,
    Programme,
)
from tests.factories import programmes as make
from tests.harness.queries import same_queries


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def browser(garden, client_for):
    return client_for(garden.programme_manager)


def test_a_programme_starts_with_the_modules_of_its_kind(world, client_for):
    answer = client_for(world.here.administrator).post(
        "/actions/nouvelle/", {"name": "Paniers du Hainaut", "kind": "baskets"}
    )
    created = Programme.objects.get(name="Paniers du Hainaut")
    assert answer.status_code == 302
    assert created.modules == ["baskets"]
    assert created.territory == world.here.territory


def test_the_pages_make_the_same_queries_for_two_rows_and_seven(garden, browser):
    programme = garden.programme

    def grow():
        for year in range(2001, 2006):
            edition = make.make_edition(programme, year)
            make.make_objective(edition)
            make.make_site(programme.territory, programme)
            make.make_attachment(programme)
            make.make_partnership(programme, make.make_organisation(programme.territory))
            make.make_objective(garden.edition, position=year)

    def pages():
        for url in (
            "/",
            "/actions/",
            f"/actions/{programme.pk}/",
            f"/actions/{programme.pk}/partenariats/",
            f"/editions/{garden.edition.pk}/",
        ):
            assert browser.get(url).status_code == 200

    make.make_edition(programme, 2000)
    same_queries(pages, grow)


def test_an_edition_proposes_the_year(garden, browser):
    html = browser.get(f"/actions/{garden.programme.pk}/editions/nouvelle/").content.decode()
    assert f'value="{timezone.localdate().year}-01-01"' in html


def test_an_edition_of_the_same_name_is_told_beside_it(garden, browser):
    url = reverse("programmes:edition_create", args=[garden.programme.pk])
    data = {"label": garden.edition.label, "starts_on": "2031-01-01", "ends_on": "2031-12-31"}
    html = browser.post(url, data).content.decode()
    assert "a déjà une édition de ce nom" in html
    assert Edition.objects.filter(programme=garden.programme).count() == 1


def test_an_edition_with_objectives_is_not_deleted(garden, browser):
    url = reverse("programmes:edition_delete", args=[garden.edition.pk])
    assert "objectif" in browser.post(url, follow=True).content.decode()
    assert Edition.objects.filter(pk=garden.edition.pk).exists()


def test_a_revised_objective_keeps_what_it_said_before(garden, browser):
    objective, today, since = garden.objective, timezone.localdate(), make.tomorrow()
    url = reverse("programmes:objective_revise", args=[objective.pk])
    data = {
        "wording": "Accueillir 70 personnes",
        "target": 70,
        "unit": "personnes",
        "valid_from": since,
        "reason": "Avenant du comité",
    }
    before = ObjectiveVersion.objects.get(objective=objective)
    assert browser.post(url, data).status_code == 302
    on_the_eve = Objective.objects.with_wording(today).get(pk=objective.pk)
    assert on_the_eve.wording == before.wording
    assert Objective.objects.with_wording(since).get(pk=objective.pk).target == 70
    html = browser.get(f"/editions/{garden.edition.pk}/").content.decode()
    assert "2 énoncés successifs" in html
    assert "Avenant du comité" in html


def test_a_target_is_written_with_its_unit(garden, browser):
    url = reverse("programmes:objective_create", args=[garden.edition.pk])
    data = {"wording": "Tenir des ateliers", "target": 276, "valid_from": "2026-01-01"}
    html = browser.post(url, data).content.decode()
    assert "s’écrit avec son unité" in html
    assert "Tenir des ateliers" in html
    assert Objective.objects.filter(edition=garden.edition).count() == 1


def test_a_new_objective_comes_after_the_others(garden, browser):
    url = reverse("programmes:objective_create", args=[garden.edition.pk])
    browser.post(url, {"wording": "Tenir des ateliers", "valid_from": "2026-01-01"})
    positions = Objective.objects.filter(edition=garden.edition).values_list("position", flat=True)
    assert sorted(positions) == [1, 2]


def test_a_partnership_noted_twice_is_refused_even_without_dates(garden, browser):
    partner = make.make_organisation(garden.territory)
    url = reverse("programmes:partnership_create", args=[garden.programme.pk])
    data = {"organisation": partner.pk, "role": "partner"}
    assert browser.post(url, data).status_code == 302
    assert "déjà noté" in browser.post(url, data).content.decode()
    assert Partnership.objects.filter(organisation=partner).count() == 1


def test_a_file_is_kept_under_a_random_name_and_read_by_who_may(garden, browser):
    url = reverse("programmes:attachment_create", args=[garden.programme.pk])
    upload = SimpleUploadedFile("Convention 2026.pdf", b"%PDF-1.7\n%%EOF\n")
    assert browser.post(url, {"document": upload}).status_code == 302
    kept = Attachment.objects.get(title="Convention 2026")
    assert "Convention" not in kept.file.name
    answer = browser.get(reverse("programmes:attachment_download", args=[kept.pk]))
    assert b"".join(answer.streaming_content) == b"%PDF-1.7\n%%EOF\n"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert AuditEvent.objects.filter(verb="read", object_key=str(kept.pk)).exists()


def test_a_file_that_lies_about_its_kind_is_told_beside_it(garden, browser):
    url = reverse("programmes:attachment_create", args=[garden.programme.pk])
    upload = SimpleUploadedFile("photo.pdf", b"MZ executable")
    html = browser.post(url, {"document": upload, "title": "Bail"}).content.decode()
    assert "id_document_error" in html
    assert "Bail" in html


def test_the_bar_shows_the_programme_of_the_page(garden, browser):
    html = browser.get(f"/editions/{garden.edition.pk}/").content.decode()
    bar = html.split('class="topbar"')[1].split("</header>")[0]
    assert garden.programme.name in bar
