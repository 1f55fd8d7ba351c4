"""Forty-two kilograms of courgettes, from the scales to the last one, then recalled."""

from decimal import Decimal

import pytest
from django.utils import timezone

from gardens.models import Lot, LotBalance
from tests.factories import gardens as grow
from tests.factories import programmes as make
from tests.journeys.browser import DESK, PHONE, check, expect, login, visit
from tests.journeys.steps import follow, press


@pytest.fixture
def garden(world):
    found = world.here.garden
    grow.make_harvest(found.programme, found.site, on=make.yesterday())
    make.make_session(found.programme, found.site, on=timezone.localdate(), title="Table du jeudi")
    return found


def _weigh(page, garden) -> Lot:
    visit(page, f"/actions/{garden.programme.pk}/jardin/peser/?jardin={garden.site.pk}")
    page.get_by_role("radio", name="Courgette", exact=True).check()
    for key in "42":
        page.locator(f'[data-keypad] [data-key="{key}"]').click()
    page.get_by_role("radio", name="Au stock", exact=True).check()
    with page.expect_navigation():
        page.get_by_role("button", name="Enregistrer", exact=True).click()
    return Lot.objects.latest("pk")


def _send(page, where: str, grams: str, counted: str = "", how_many: str = "") -> None:
    """Take kilograms of the lot shown to a destination, in its own words."""
    follow(page, "Sortir du stock")
    with page.expect_navigation():
        page.get_by_role("link", name=where, exact=True).click()
    page.get_by_label("Poids (kg)").fill(grams)
    if counted:
        page.get_by_label(counted).fill(how_many)
    if where == "Table solidaire":
        page.get_by_label("Séance").select_option(index=1)
    press(page, "Sortir du stock")


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_harvest_is_given_to_the_last_kilogram_then_recalled(garden, page):
    login(page, garden.workshop_leader)
    lot = _weigh(page, garden)
    assert lot.grams == 42
    visit(page, f"/actions/{garden.programme.pk}/stock/")
    follow(page, f"lot {lot.number}")
    _send(page, "Partage entre jardiniers", "12", "Pour combien de jardiniers", "8")
    _send(page, "Paniers", "15", "Pour combien de paniers", "30")
    _send(page, "Épicerie", "8")
    _send(page, "Table solidaire", "6", "Pour combien de portions", "25")
    # Five, not six: taken back with a reason, then written again.
    page.locator("tr", has_text="Table solidaire").get_by_role("link").click()
    page.get_by_label("Pourquoi").fill("Pesé avec la caisse")
    press(page, "Annuler cette sortie")
    _send(page, "Table solidaire", "5", "Pour combien de portions", "25")
    _send(page, "Compost", "2")
    assert LotBalance.objects.get(lot=lot).left == 0
    expect(page.get_by_role("link", name="Sortir du stock")).to_have_count(0)

    follow(page, "Tout ce qu’il est devenu")
    main = page.get_by_role("main")
    for words in ("pour 8", "pour 30", "pour 25", "Table du jeudi", "Pesé avec la caisse"):
        expect(main.get_by_text(words).first).to_be_visible()
    expect(main.get_by_text("Il n’en reste rien en stock.")).to_be_visible()
    follow(page, "Rappeler")
    page.get_by_label("Motif du rappel").fill("Eau d’arrosage souillée")
    press(page, "Rappeler ces lots")
    expect(main.get_by_text("Motif : Eau d’arrosage souillée.")).to_be_visible()
    page.get_by_label("N° de lot").fill(lot.number)
    press(page, "Chercher")
    expect(main.get_by_text("pour 25").first).to_be_visible()


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_several_lots_leave_together_once_agreed(garden, page):
    older = grow.make_lot(garden.programme, garden.site, "5")
    newer = grow.make_lot(garden.programme, garden.site, "5", on=make.yesterday())
    login(page, garden.workshop_leader)
    visit(page, f"/actions/{garden.programme.pk}/stock/sortir/?vers=grocery")
    page.get_by_label("Produit").select_option(label="Pain")
    page.get_by_label("Poids (kg)").fill("8")
    press(page, "Sortir du stock")
    for lot in (older, newer):
        expect(page.get_by_text(f"Lot {lot.number}")).to_be_visible()
    press(page, "Confirmer la sortie")
    check(page)
    left = [LotBalance.objects.get(lot=lot).left for lot in (older, newer)]
    assert left == [Decimal(0), Decimal(2)]
