"""A month's bilan: written, printed and published by the manager, opened by the committee."""

from pathlib import Path

import pytest

from evaluation.models import Report
from tests.evaluation.bilans import MARCH, build_march, words_of
from tests.journeys.browser import DESK, check, expect, login, visit
from tests.journeys.steps import follow, press


@pytest.fixture
def garden(world):
    build_march(world.here.garden)
    return world.here.garden


def downloaded(page, link: str) -> str:
    """Return the text of the PDF that a link gives."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=link).click()
    return words_of(Path(waiting.value.path()).read_bytes())


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_a_month_is_written_printed_published_then_opened_by_the_committee(garden, page):
    url = f"/actions/{garden.programme.pk}/{MARCH.slug}/bilan/"
    login(page, garden.programme_manager)
    visit(page, f"/actions/{garden.programme.pk}/bilans/")
    visit(page, url)
    follow(page, "Écrire le texte")
    page.get_by_label("Ce qui a marqué").fill("Les semis sont sortis sous la serre prêtée.")
    press(page, "Enregistrer")
    expect(page.get_by_text("sous la serre prêtée")).to_be_visible()

    text = downloaded(page, "Bilan équipe (PDF)")
    assert "28 h de présence" in text
    assert "sous la serre prêtée" in text
    assert "Édité le" in text

    follow(page, "Publier")
    expect(page.get_by_text("1 séance à clôturer")).to_be_visible()
    press(page, "Publier")
    expect(page.get_by_text("depuis, aucun chiffre n’a changé.")).to_be_visible()

    login(page, garden.committee_member)
    visit(page, f"/actions/{garden.programme.pk}/bilans/")
    page.get_by_role("link", name="Bilan de mars 2016").click()
    page.wait_for_url("**/bilan/?edition=comite")
    check(page)
    expect(page.get_by_text("Publier")).to_have_count(0)
    text = downloaded(page, "Édition comité, version 1 (PDF)")
    assert "Édition comité, petits effectifs regroupés. Figé le" in text
    report = Report.objects.get(
        programme=garden.programme, audience="comite", starts_on=MARCH.start
    )
    assert f"{report.fingerprint[:4]} {report.fingerprint[4:]}" in text
