"""Weighing on the spot: whole, split, estimated, undone, sent twice; what the pages say of it."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from gardens.enums import Destination
from gardens.models import Harvest, LotBalance, Movement
from tests.factories import gardens as grow
from tests.factories import programmes as make
from tests.factories.gardens import product
from tests.harness.queries import same_queries


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def browser(garden, client_for):
    return client_for(garden.workshop_leader)


def page(garden):
    return reverse("gardens:harvest_weigh", args=[garden.programme.pk])


def typed(garden, weight="12,4", **more):
    """Return what the page sends: courgettes shared among growers today."""
    values = {
        "client_uuid": str(uuid4()),
        "site": garden.site.pk,
        "on": timezone.localdate().isoformat(),
        "product": product().pk,
        "weight": weight,
        "measure": "kg",
        "destination": "growers",
    }
    return values | more


def weigh(browser, garden, weight="12,4", **more):
    answer = browser.post(page(garden), typed(garden, weight, **more))
    assert answer.status_code == 302, answer.context["form"].errors
    return Harvest.objects.latest("pk"), answer.url


def left(harvest):
    return LotBalance.objects.get(lot=harvest.lot).left


def ways(harvest):
    rows = Movement.objects.filter(lot=harvest.lot).order_by("pk")
    return list(rows.values_list("destination", "grams"))


def test_a_weighing_goes_whole_where_it_is_told(garden, browser):
    harvest, url = weigh(browser, garden)
    assert harvest.grams == Decimal("12.4")
    assert harvest.weighed_by == garden.workshop_leader
    assert harvest.session == garden.open_session
    assert ways(harvest) == [(Destination.GROWERS, Decimal("12.4"))]
    assert left(harvest) == 0
    shown = browser.get(url).content.decode()
    assert "Enregistré" in shown
    assert "12,4\u00a0kg" in shown
    assert 'value="growers" checked' in shown


def test_a_forgotten_comma_is_asked_about(garden, browser):
    before = Harvest.objects.count()
    heavy = browser.post(page(garden), typed(garden, "12400"))
    old = browser.post(page(garden), typed(garden, on="1016-05-01"))
    assert "vérifiez la virgule" in heavy.context["form"].errors["weight"][0]
    assert heavy.context["form"]["weight"].value() == "12400"
    assert "Vérifiez l’année" in old.context["form"].errors["on"][0]
    assert Harvest.objects.count() == before


def test_the_crate_is_taken_off_and_its_weight_kept_on_the_device(garden, browser):
    harvest, url = weigh(browser, garden, "13", tare="0,6")
    assert (harvest.grams, harvest.tare) == (Decimal("12.4"), Decimal("0.6"))
    assert browser.get(url).context["form"]["tare"].value() == "0,6"
    answer = browser.post(page(garden), typed(garden, "0,5", tare="0,6"))
    assert "La tare est plus lourde" in answer.content.decode()
    assert answer.context["form"]["weight"].value() == "0,5"


def test_pieces_give_an_estimated_weight(garden, browser):
    harvest, url = weigh(browser, garden, "12", measure="pieces", destination="stock", tare="0,6")
    assert (harvest.grams, harvest.pieces, harvest.tare) == (Decimal("3.6"), 12, 0)
    assert harvest.is_estimated
    assert left(harvest) == Decimal("3.6")
    assert "poids estimé" in browser.get(url).content.decode()
    answer = browser.post(page(garden), typed(garden, "1,5", measure="pieces"))
    assert "nombre de pièces" in answer.content.decode()
    bunch = {"product": product("persil").pk, "measure": "pieces"}
    answer = browser.post(page(garden), typed(garden, "3", **bunch))
    assert "n’a pas de poids connu" in answer.content.decode()


def test_forty_two_kilograms_are_split_to_nothing(garden, browser):
    parts = {"growers": "12", "basket": "15", "grocery": "8", "table": "5", "compost": "2"}
    asked = {f"part_{name}": weight for name, weight in parts.items()}
    counts = {"count_growers": "8", "count_basket": "30", "count_table": "25"}
    harvest, _ = weigh(browser, garden, "42", destination="split", **asked, **counts)
    assert {name: str(int(grams)) for name, grams in ways(harvest)} == parts
    assert left(harvest) == 0
    assert Movement.objects.get(lot=harvest.lot, destination="basket").recipients == 30


def test_a_split_keeps_the_rest_and_never_gives_more_than_there_is(garden, browser):
    harvest, _ = weigh(browser, garden, "10", destination="split", part_growers="4")
    assert left(harvest) == 6
    more = {"destination": "split", "part_growers": "6", "part_table": "4,001"}
    answer = browser.post(page(garden), typed(garden, "10", **more))
    assert "Vous répartissez 10,001\u00a0kg" in answer.content.decode()
    assert 'value="4,001"' in answer.content.decode()
    answer = browser.post(page(garden), typed(garden, "10", destination="split"))
    assert "au moins une part" in answer.content.decode()
    assert Harvest.objects.filter(programme=garden.programme, on=timezone.localdate()).count() == 1


def test_an_association_is_asked_which(garden, browser, world):
    answer = browser.post(page(garden), typed(garden, destination="organisation"))
    assert "Choisissez l’association" in answer.content.decode()
    stranger = world.elsewhere.garden.funder
    sent = typed(garden, destination="organisation", organisation=stranger.pk)
    assert browser.post(page(garden), sent).status_code == 200
    ours = {"destination": "organisation", "organisation": garden.funder.pk}
    harvest, url = weigh(browser, garden, **ours)
    assert Movement.objects.get(lot=harvest.lot).organisation == garden.funder
    assert str(garden.funder) in browser.get(url).content.decode()


def test_the_same_tap_twice_is_one_weighing(garden, browser):
    sent = typed(garden)
    browser.post(page(garden), sent)
    assert browser.post(page(garden), sent).status_code == 302
    assert Harvest.objects.filter(client_uuid=sent["client_uuid"]).count() == 1
    assert Movement.objects.filter(lot__harvest__client_uuid=sent["client_uuid"]).count() == 1


def test_undoing_brings_the_lot_to_nothing_by_lines_of_the_ledger(garden, browser):
    parts = {"destination": "split", "part_growers": "4", "part_table": "1"}
    harvest, _ = weigh(browser, garden, "10", **parts)
    undo = reverse("gardens:harvest_undo", args=[garden.programme.pk, harvest.pk])
    for _ in range(2):
        assert "Pesée annulée" in browser.post(undo, follow=True).content.decode()
    rows = Movement.objects.filter(lot=harvest.lot)
    assert [row.grams for row in rows.order_by("pk")] == [4, 1, -4, -1, 10]
    assert set(rows.exclude(reason="").values_list("reason", flat=True)) == {"annulé aussitôt"}
    assert left(harvest) == 0


def test_what_has_served_since_is_not_undone(garden, browser):
    harvest, _ = weigh(browser, garden, "10", destination="stock")
    grow.make_movement(harvest.lot, "1")
    undo = reverse("gardens:harvest_undo", args=[garden.programme.pk, harvest.pk])
    assert "a déjà servi" in browser.post(undo, follow=True).content.decode()
    assert left(harvest) == 9


def test_refusals_stand_beside_their_field(garden, browser, world):
    sent = typed(garden, "", product="", destination="")
    shown = browser.post(page(garden), sent).content.decode()
    for words in ("Choisissez ce que vous pesez", "ce que dit la balance", "Dites où elle va"):
        assert words in shown
    tomorrow = timezone.localdate() + timedelta(days=1)
    answer = browser.post(page(garden), typed(garden, on=tomorrow))
    assert "ne se pèse pas à l’avance" in answer.content.decode()
    other = typed(garden, site=world.elsewhere.garden.site.pk)
    assert "site" in browser.post(page(garden), other).context["form"].errors
    tomato = product("tomate").species.varieties.first()
    answer = browser.post(page(garden), typed(garden, variety=tomato.pk))
    assert "n’est pas de ce produit" in answer.content.decode()


def test_what_was_weighed_lately_then_planted_comes_first(garden, browser):
    grow.make_harvest(
        garden.programme, garden.site, product=product("blette"), on=timezone.localdate()
    )
    plot = garden.grown.plot
    grow.make_planting(garden.programme, plot, "tomate", planted_on=timezone.localdate())
    names = [one.name for one in browser.get(page(garden)).context["likely"]]
    assert names[0] == "Blette"
    assert "Tomate" in names


def test_a_hostile_address_shows_the_page_of_today(garden, browser):
    query = {"jardin": "9" * 30, "jour": "2999-01-01", "produit": "x", "fait": "-1", "vers": "<b>"}
    answer = browser.get(page(garden), query)
    assert answer.status_code == 200
    assert answer.context["place"].on == timezone.localdate()
    assert browser.get(page(garden), {"jour": "2015-02-30"}).status_code == 200


def test_the_page_makes_as_many_queries_whatever_was_weighed(garden, browser):
    def grown():
        for number in range(5):
            make.make_site(garden.territory, garden.programme)
            code = ("blette", "tomate", "radis", "navet", "panais")[number]
            on = timezone.localdate()
            grow.make_harvest(garden.programme, garden.site, product=product(code), on=on)

    grow.make_harvest(garden.programme, garden.site, on=timezone.localdate())
    assert same_queries(lambda: browser.get(page(garden)), grown) < 40


def test_the_list_counts_what_was_kept(garden, browser):
    on = date(2015, 3, 3)
    kept = grow.make_harvest(garden.programme, garden.site, "5", on=on)
    gone = grow.make_harvest(garden.programme, garden.site, "7", on=on, product=product("blette"))
    undo = reverse("gardens:harvest_undo", args=[garden.programme.pk, gone.pk])
    browser.post(undo)
    url = reverse("gardens:harvest_list", args=[garden.programme.pk, "2015-03"])
    answer = browser.get(url)
    assert answer.context["totals"].total == 5
    assert [name for name, _ in answer.context["totals"].by_product] == ["Courgette"]
    assert "annulée" in answer.content.decode()
    narrowed = browser.get(url, {"produit": product("blette").pk})
    assert narrowed.context["totals"].total == 0
    export = reverse("gardens:harvest_export", args=[garden.programme.pk, "2015-03", "csv"])
    text = browser.get(export).content.decode("utf-8-sig")
    assert "Courgette" in text
    assert f"{kept.lot.number}" in text
    assert garden.workshop_leader.last_name not in text
    assert same_queries(
        lambda: browser.get(url),
        lambda: [grow.make_harvest(garden.programme, garden.site, on=on) for _ in range(5)],
    )


def test_a_session_shows_what_was_weighed_at_it(garden, browser):
    weigh(browser, garden, "2,5")
    page_of = reverse("programmes:session_detail", args=[garden.open_session.pk])
    shown = browser.get(page_of).content.decode()
    assert "Courgette" in shown
    assert "2,5\u00a0kg" in shown
    assert same_queries(lambda: browser.get(page_of), lambda: weigh(browser, garden, "1"))
