"""A grant from the request to its last euro, then read by its funder and by another one."""

import pytest

from programmes.enums import GrantState, PartnerRole, Role
from programmes.models import Grant
from tests.factories import grants as funds
from tests.factories import programmes as make
from tests.journeys.browser import DESK, PHONE, expect, login, visit
from tests.journeys.steps import follow, press

both = pytest.mark.parametrize("page", [DESK, PHONE], indirect=True)


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_a_grant_is_asked_awarded_paid_and_used(garden, page):
    edition = make.make_edition(garden.programme, 2025)
    login(page, garden.programme_manager)
    visit(page, f"/editions/{edition.pk}/financements/nouveau/")
    page.get_by_label("Financeur").select_option(label=garden.funder.name)
    page.get_by_label("Dispositif").fill("Contrat de ville")
    page.get_by_label("Montant demandé").fill("25 000")
    page.get_by_label("Demandé le").fill("2024-12-08")
    press(page, "Enregistrer")
    expect(page.get_by_text("réponse attendue")).to_be_visible()

    follow(page, "Noter l’attribution")
    page.get_by_label("Montant attribué").fill("20 000")
    page.get_by_label("Attribué le").fill("2025-02-16")
    press(page, "Enregistrer")
    expect(page.get_by_text("80,0 % de la demande")).to_be_visible()

    follow(page, "Ajouter un versement")
    page.get_by_label("Versé le").fill("2025-03-20")
    page.get_by_label("Montant versé").fill("20 000")
    press(page, "Enregistrer")

    follow(page, "Ajouter une dépense")
    page.get_by_label("Dépensé le").fill("2025-06-30")
    page.get_by_label("Montant justifié").fill("20 000,01")
    page.get_by_label("Dépense", exact=True).fill("Salaires du premier semestre")
    press(page, "Enregistrer")
    expect(page.get_by_text("il reste 20 000 €")).to_be_visible()
    expect(page.get_by_label("Montant justifié")).to_have_value("20 000,01")
    page.get_by_label("Montant justifié").fill("20 000")
    press(page, "Enregistrer")
    expect(page.get_by_text("soldé", exact=True)).to_be_visible()

    follow(page, "Retirer Salaires du premier semestre")
    page.get_by_label("Motif").fill("comptés deux fois")
    press(page, "Retirer la dépense")
    expect(page.get_by_text("comptés deux fois")).to_be_visible()
    expect(page.get_by_text("reste 20 000 € à justifier")).to_be_visible()
    grant = funds.read(Grant.objects.get(edition=edition))
    assert (grant.state, grant.drawn) == (GrantState.AWARDED, 0)


@both
def test_a_funder_reads_all_the_amounts_and_the_lines_of_its_own(garden, page):
    other = make.make_organisation(garden.territory, "Fondation du Hainaut")
    make.make_partnership(garden.programme, other, PartnerRole.FUNDER)
    login(page, make.make_member(Role.COMMITTEE_MEMBER, other))
    theirs = funds.make_moving_grant(garden.edition, other, title="Mécénat")
    year = garden.edition.starts_on.year
    visit(page, f"/actions/{garden.programme.pk}/{year}/financements/")
    expect(page.get_by_role("link", name="Ajouter un financement")).to_have_count(0)
    visit(page, f"/financements/{garden.grant.pk}/")
    expect(page.get_by_text("reste 700 € à justifier")).to_be_visible()
    expect(page.get_by_text("Plants et semences")).to_have_count(0)
    visit(page, f"/financements/{theirs.pk}/")
    expect(page.get_by_text("Plants et semences")).to_be_visible()
    expect(page.get_by_role("link", name="Modifier")).to_have_count(0)
