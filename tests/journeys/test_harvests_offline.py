"""The scales on an enrolled phone whose network comes and goes: nothing lost, nothing doubled."""

from decimal import Decimal

import pytest

from gardens.models import Harvest, Movement
from tests.factories import gardens as grow
from tests.factories import programmes as make
from tests.journeys.browser import PHONE, axe, expect, visit
from tests.journeys.test_harvests import choose, press
from tests.journeys.test_offline import _IS_KEPT, enrol, kept_by, wait_for

pytestmark = pytest.mark.parametrize("page", [PHONE], indirect=True)


@pytest.fixture
def garden(world):
    found = world.here.garden
    for code in ("courgette", "tomate"):
        grow.make_harvest(
            found.programme, found.site, product=grow.product(code), on=make.yesterday()
        )
    return found


def path_of(garden) -> str:
    return f"/actions/{garden.programme.pk}/jardin/peser/"


def prepare(page, garden) -> None:
    """Open the scales on the enrolled phone, and wait until the page is kept."""
    visit(page, path_of(garden))
    wait_for(page, "() => navigator.serviceWorker.controller")
    wait_for(page, _IS_KEPT.replace("PATH", path_of(garden)))


def weigh(page, what: str, keys: str, where: str = "Partage jardiniers") -> None:
    choose(page, what)
    press(page, keys)
    choose(page, where)
    page.get_by_role("button", name="Enregistrer", exact=True).click()


def line(page):
    return page.locator("[data-offline-line]")


def weighed(garden):
    return Harvest.objects.filter(programme=garden.programme, weighed_by=garden.workshop_leader)


def test_weighings_wait_for_the_network_and_go_once(garden, page):
    enrol(page, garden.workshop_leader)
    prepare(page, garden)
    weigh(page, "Courgette", "2,5")
    expect(line(page)).to_contain_text("Tout est enregistré")
    expect(page.locator("[data-weigh-saved]")).to_contain_text("Enregistré : Courgette, 2,5")
    page.context.set_offline(True)
    page.goto(path_of(garden))
    expect(line(page)).to_contain_text("Hors réseau")
    weigh(page, "Tomate", "1,2")
    weigh(page, "Tomate", "1,2", "Compost")
    expect(line(page)).to_contain_text("2 pesées à envoyer")
    expect(page.locator(".weigh-waiting")).to_have_count(2)
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(line(page)).to_contain_text("Choisissez ce que vous pesez")
    page.problems.clear()
    axe(page)
    asked = {tap["uuid"] for tap in kept_by(page)["taps"]}
    page.context.set_offline(False)
    expect(line(page)).to_contain_text("Tout est enregistré")
    rows = weighed(garden)
    assert sorted(rows.values_list("grams", flat=True)) == [
        Decimal("1.2"),
        Decimal("1.2"),
        Decimal("2.5"),
    ]
    assert asked <= {str(key) for key in rows.values_list("client_uuid", flat=True)}
    assert Movement.objects.filter(lot__harvest__in=rows).count() == 3
    assert kept_by(page)["taps"] == []


def test_what_the_ledger_refuses_is_shown_and_corrected(garden, page):
    enrol(page, garden.workshop_leader)
    prepare(page, garden)
    page.context.set_offline(True)
    page.locator(".weigh-day > summary").click()
    page.locator("#id_on").fill(make.tomorrow().isoformat())
    weigh(page, "Courgette", "3")
    expect(page.locator(".weigh-waiting")).to_have_count(1)
    page.context.set_offline(False)
    refused = page.locator(".weigh-refused")
    expect(refused).to_contain_text("ne se pèse pas à l’avance")
    assert not weighed(garden).exists()
    refused.get_by_role("button", name="Corriger").click()
    page.locator("#id_on").fill(make.yesterday().isoformat())
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(line(page)).to_contain_text("Tout est enregistré")
    assert weighed(garden).get().on == make.yesterday()
    expect(page.locator(".weigh-refused")).to_have_count(0)
