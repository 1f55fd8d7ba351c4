"""A harvest is weighed on a phone: three taps, a split, an undoing, without scripts as well."""

from decimal import Decimal

import pytest

from gardens.models import Harvest, LotBalance, Movement
from tests.factories import gardens as grow
from tests.factories import programmes as make
from tests.journeys.browser import DESK, PHONE, check, expect, login, visit
from tests.journeys.steps import tab_to

#: CSS pixels: what a finger hits.
_TARGETS = """() => [...document.querySelectorAll(
  ".weigh button, .weigh summary, .weigh select, .weigh label, .weigh input:not([type=radio])")]
  .filter(box => box.checkVisibility() && !box.matches(".form-label, .weigh-part > label"))
  .map(box => [box.textContent.trim().slice(0, 30), box.getBoundingClientRect()])
  .filter(([, box]) => box.height < 44)
  .map(([words, box]) => `${words} ${box.width} × ${box.height}`)"""


@pytest.fixture
def garden(world):
    found = world.here.garden
    site = make.make_site(found.territory, found.programme, name="Le Rôleur", short_name="Rôleur")
    grow.make_garden(site)
    for code in ("courgette", "tomate", "blette"):
        grow.make_harvest(
            found.programme, found.site, product=grow.product(code), on=make.yesterday()
        )
    return found


def page_of(garden) -> str:
    return f"/actions/{garden.programme.pk}/jardin/peser/?jardin={garden.site.pk}"


def press(page, keys: str) -> None:
    for key in keys:
        page.locator(f'[data-keypad] [data-key="{key}"]').click()


def choose(page, words: str) -> None:
    page.get_by_role("radio", name=words, exact=True).check()


def save(page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Enregistrer", exact=True).click()


def latest() -> Harvest:
    return Harvest.objects.latest("pk")


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_three_taps_then_the_next_one(garden, page):
    login(page, garden.workshop_leader)
    visit(page, page_of(garden))
    assert page.evaluate(_TARGETS) == []
    choose(page, "Courgette")
    press(page, "12,4")
    choose(page, "Partage jardiniers")
    save(page)
    check(page)
    expect(page.get_by_role("status").first).to_contain_text("Enregistré : Courgette, 12,4")
    assert latest().grams == Decimal("12.4")
    # The next one goes to the same place: two taps.
    choose(page, "Tomate")
    press(page, "3")
    save(page)
    assert latest().product == grow.product("tomate")
    with page.expect_navigation():
        page.get_by_role("button", name="Annuler").click()
    expect(page.locator("#messages")).to_contain_text("Pesée annulée")
    check(page)
    assert LotBalance.objects.get(lot=latest().lot).left == 0
    assert Movement.objects.filter(lot=latest().lot, reason="annulé aussitôt").count() == 2


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_split_tells_what_is_left(garden, page):
    login(page, garden.workshop_leader)
    visit(page, page_of(garden))
    choose(page, "Courgette")
    page.locator("[data-tare-said]").click()
    page.locator("#id_tare").fill("0,6")
    press(page, "42,6")
    expect(page.locator("[data-net]")).to_contain_text("reste 42 kg")
    choose(page, "Répartir…")
    for name, weight in (("growers", "12"), ("basket", "15"), ("grocery", "8"), ("table", "8")):
        page.locator(f"#id_part_{name}").fill(weight)
    expect(page.locator("[data-rest]")).to_contain_text("1 kg de trop")
    page.locator("#id_part_table").fill("5")
    expect(page.locator("[data-rest]")).to_contain_text("Reste 2 kg au stock")
    page.locator("#id_part_compost").fill("2")
    expect(page.locator("[data-rest]")).to_contain_text("Tout est réparti")
    assert page.evaluate(_TARGETS) == []
    check(page)
    save(page)
    assert latest().grams == 42
    assert Movement.objects.filter(lot=latest().lot).count() == 5
    assert LotBalance.objects.get(lot=latest().lot).left == 0
    expect(page.locator("[data-tare-said]")).to_contain_text("tare déduite : 0,6 kg")


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_by_keyboard_another_product_by_the_piece(garden, page):
    login(page, garden.workshop_leader)
    visit(page, page_of(garden))
    page.locator("[data-others] > summary").click()
    page.locator("[data-product-search]").fill("potim")
    page.keyboard.press("Enter")
    expect(page.locator("[data-product-name]")).to_have_text("Potimarron")
    page.keyboard.type("3")
    choose(page, "pièces")
    expect(page.locator("[data-net]")).to_contain_text("soit environ 3,6 kg, poids estimé")
    choose(page, "Au stock")
    tab_to(page, "Enregistrer")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    check(page)
    assert (latest().pieces, latest().grams) == (3, Decimal("3.6"))


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_without_scripts(garden, open_tab):
    page = open_tab(scripts=False)
    login(page, garden.workshop_leader)
    page.goto(page_of(garden))
    choose(page, "Blette")
    page.locator("#id_weight").fill("2,5")
    choose(page, "Association")
    page.locator("#id_organisation").select_option(str(garden.funder.pk))
    save(page)
    assert latest().grams == Decimal("2.5")
    assert Movement.objects.get(lot=latest().lot).organisation == garden.funder
    with page.expect_navigation():
        page.get_by_role("button", name="Annuler").click()
    assert Movement.objects.filter(lot=latest().lot).count() == 3


def test_the_other_pages_of_the_harvests(garden, page):
    login(page, garden.workshop_leader)
    day = make.yesterday()
    start = f"/actions/{garden.programme.pk}/jardin"
    visit(page, f"{start}/{day:%Y-%m}/recoltes/")
    visit(page, f"{start}/partager/?jardin={garden.site.pk}&jour={day}")
    page.locator("#id_growers").fill("4")
    page.locator("[data-all]").first.click()
    expect(page.locator("[data-average]")).to_contain_text("2,5 kg chacun en moyenne")
    check(page)
    visit(page, f"{start}/saisir-une-fiche/?jardin={garden.site.pk}&jour={day}")
    visit(page, f"{start}/importer-des-recoltes/")
    visit(page, f"/seances/{garden.held.pk}/")
