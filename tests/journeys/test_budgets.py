"""A budget from nothing to validated, then read by the committee."""

import pytest

from programmes.models import Budget
from tests.factories import programmes as make
from tests.journeys.browser import DESK, check, expect, login, visit


@pytest.fixture
def garden(world):
    return world.here.garden


def add_line(page, label: str, amount: str, payer: str = "") -> None:
    page.get_by_role("link", name="Ajouter une ligne").click()
    page.get_by_label("Ligne").select_option(label=label)
    page.get_by_label("Montant").fill(amount)
    if payer:
        page.get_by_label("Financeur").select_option(label=payer)
    with page.expect_navigation():
        page.get_by_role("button", name="Enregistrer").click()
    check(page)


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_a_budget_is_opened_balanced_and_validated(garden, page):
    edition = make.make_edition(garden.programme, 2031)
    login(page, garden.programme_manager)
    visit(page, f"/editions/{edition.pk}/")
    page.get_by_role("link", name="Ouvrir le budget").click()
    page.get_by_label("Modèle de lignes").select_option(label="Budget d’action, modèle 2016")
    with page.expect_navigation():
        page.get_by_role("button", name="Enregistrer").click()
    check(page)

    add_line(page, "60 · Autres fournitures", "4 000,50")
    expect(page.get_by_text("Les charges dépassent de")).to_be_visible()
    expect(page.get_by_role("button", name="Valider le budget")).to_have_count(0)
    add_line(page, "74 · Département", "4000,50", garden.funder.name)
    expect(page.get_by_text("Les charges égalent les produits.")).to_be_visible()

    page.get_by_role("button", name="Valider le budget").click()
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name="Valider le budget").click()
    check(page)
    expect(page.get_by_text("ses lignes ne changent plus")).to_be_visible()
    assert Budget.objects.get(edition=edition).validated_on


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_the_committee_reads_who_pays(garden, page):
    make.make_line(garden.budget, "74_departement", 1200, payer=garden.funder)
    login(page, garden.committee_member)
    visit(page, "/budgets/")
    page.get_by_role("link", name=garden.programme.name).click()
    page.wait_for_url("**/budgets/*/")
    check(page)
    expect(page.get_by_text("75,0 %").last).to_be_visible()
    expect(page.get_by_role("link", name="Ajouter une ligne")).to_have_count(0)
