"""Pages of the stock: what is left and its warnings, what is received, a lot and its story."""

import csv
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import timezone

from gardens.enums import DateKind, Destination
from gardens.models import Lot, Movement
from tests.factories.gardens import make_lot, make_movement, make_price, product
from tests.factories.programmes import make_organisation, make_site
from tests.gardens.larder import left
from tests.harness.clients import log_in
from tests.harness.queries import same_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def browser(garden):
    return log_in(garden.workshop_leader)


def url(name: str, *args) -> str:
    return reverse(f"gardens:{name}", args=args)


def text_of(response) -> str:
    return response.content.decode().replace("\u00a0", " ")


def test_the_stock_says_in_words_what_its_dates_warn_of(browser, garden):
    today = timezone.localdate()
    kinds = {"use": DateKind.USE_BY, "best": DateKind.BEST_BEFORE}
    for days, kind in ((3, "use"), (4, "use"), (-1, "use"), (-1, "best")):
        on = today + timedelta(days=days)
        make_lot(garden.programme, garden.site, date_kind=kinds[kind], expires_on=on)
    page = text_of(browser.get(url("stock_list", garden.programme.pk)))
    for words in ("DLC dans 3 jours", "DLC passée le", "DDM passée le"):
        assert page.count(words) == 1
    narrowed = browser.get(url("stock_list", garden.programme.pk), {"state": "soon"})
    assert "DLC dans 3 jours" in text_of(narrowed)
    assert "DLC passée" not in text_of(narrowed)


def test_the_total_of_a_product_counts_the_other_pages(browser, garden):
    for _ in range(55):
        make_lot(garden.programme, garden.site, "1")
    assert "55 kg" in text_of(browser.get(url("stock_list", garden.programme.pk)))


def test_the_stock_reads_as_much_for_seven_lots_as_for_two(browser, garden):
    other = make_site(garden.territory, garden.programme)

    def grow():
        for code in ("lait", "pain", "riz", "soupe", "pates"):
            make_lot(garden.programme, other, product=product(code))

    for query in ({}, {"par": "lieu"}):
        same_queries(lambda q=query: browser.get(url("stock_list", garden.programme.pk), q), grow)


@pytest.mark.long
def test_ten_thousand_movements_are_read_in_as_many_queries_as_two(browser, garden):
    lots = [make_lot(garden.programme, garden.site, "2000") for _ in range(10)]
    first, key = lots[0], garden.programme.pk
    make_movement(first, "1")
    make_movement(first, "1", destination=Destination.COMPOST)
    named = "&".join(f"lot={lot.pk}" for lot in lots)
    pages = [
        url("lot_detail", key, first.pk),
        url("movement_list", key, f"{first.on:%Y-%m}"),
        url("stock_list", key),
        f"{url('recall_search', key)}?{named}",
    ]

    def grow():
        values = {"destination": Destination.GROWERS, "grams": Decimal(1), "on": first.on}
        rows = (Movement(lot=lot, **values) for lot in lots for _ in range(1000))
        Movement.objects.bulk_create(rows, batch_size=1000)

    same_queries(lambda: [browser.get(page) for page in pages], grow)
    assert left(first) == 998
    shown = [text_of(browser.get(page)).replace("\u202f", " ") for page in pages]
    assert "1 à 50 sur 1 002" in shown[0]
    assert "1 à 50 sur 10 002" in shown[3]


def _slip(garden, **fields) -> dict:
    bank = make_organisation(garden.territory, "Banque alimentaire")
    today = timezone.localdate()
    values = {"supplier": bank.pk, "site": garden.site.pk, "on": today.isoformat(), "lines": "2"}
    return values | {"slip": "B-17", "product_1": product("pain").pk, "grams_1": "4,2"} | fields


def test_a_slip_is_received_at_once(browser, garden):
    make_price(product("pain"), Decimal(3), garden.territory)
    soon = timezone.localdate() + timedelta(days=6)
    milk = {"product_2": product("lait").pk, "grams_2": "6", "expires_on_2": soon.isoformat()}
    told = milk | {"temperature_2": "3,5", "supplier_lot_2": "L7"}
    answer = browser.post(url("lot_donation", garden.programme.pk), _slip(garden, **told))
    assert answer.status_code == 302
    last, bread = Lot.objects.order_by("-pk")[:2]
    # The kind of date is that of the product.
    assert (last.date_kind, last.temperature, last.supplier_lot) == ("use_by", Decimal("3.5"), "L7")
    assert (bread.value, bread.slip, bread.date_kind) == (Decimal("12.60"), "B-17", "")


def test_more_lines_keep_what_is_typed_and_say_nothing_of_what_lacks(browser, garden):
    typed = _slip(garden, more="1", grams_1="quatre", supplier="")
    page = browser.post(url("lot_donation", garden.programme.pk), typed)
    form = page.context["form"]
    assert (form.count, form["grams_1"].value(), form["slip"].value()) == (4, "quatre", "B-17")
    assert "field-invalid" not in text_of(page)
    assert not form.is_bound


@pytest.mark.parametrize(
    ("fields", "faulty"),
    [
        ({"product_2": "", "grams_2": "3"}, "product_2"),
        ({"grams_1": "0"}, "grams_1"),
        ({"value_1": "4", "slip": ""}, "value_source_1"),
        ({"product_1": "courgette", "expires_on_1": "2199-01-01"}, "date_kind_1"),
        ({"on": "2199-01-01"}, "on"),
        ({"expires_on_1": "2015-01-01", "date_kind_1": "use_by"}, "expires_on_1"),
    ],
)
def test_what_is_refused_stays_typed_with_its_reason(browser, garden, fields, faulty):
    if "product_1" in fields:
        fields = fields | {"product_1": product(fields["product_1"]).pk}
    before = Lot.objects.count()
    typed = _slip(garden, **fields)
    page = browser.post(url("lot_donation", garden.programme.pk), typed)
    assert list(page.context["form"].errors) == [faulty]
    assert page.context["form"]["slip"].value() == typed["slip"]
    assert Lot.objects.count() == before


def test_the_stock_of_a_day_is_exported(browser, garden):
    lot = make_lot(garden.programme, garden.site, "4", product=product("riz"))
    make_movement(lot, "1.5", on=lot.on + timedelta(days=1))
    path = url("stock_export", garden.programme.pk, "csv")

    def rice(day):
        text = browser.get(path, {"le": day.isoformat()}).content.decode("utf-8-sig")
        lines = [line for line in text.splitlines() if not line.startswith("#")]
        rows = csv.DictReader(StringIO("\n".join(lines)), delimiter=";")
        return [row["Reste (kg)"] for row in rows if row["Produit"] == "Riz"]

    assert rice(lot.on) == ["4,000"]
    assert rice(lot.on + timedelta(days=1)) == ["2,500"]
    assert rice(lot.on - timedelta(days=1)) == []
    assert browser.get(path, {"le": "demain"}).status_code == 404


def test_lots_are_cooked_on_one_page_that_says_the_yield(browser, garden):
    first, second = (make_lot(garden.programme, garden.site, "4") for _ in range(2))
    today = timezone.localdate().isoformat()
    typed = {"product": product("soupe").pk, "grams": "5", "on": today, "site": garden.site.pk}
    path = url("lot_transform", garden.programme.pk)
    short = browser.post(path, typed | {f"grams_{second.pk}": "4,5"})
    assert list(short.context["form"].errors) == [f"grams_{second.pk}"]
    assert list(browser.post(path, typed).context["form"].errors) == ["__all__"]
    answer = browser.post(path, typed | {f"grams_{lot.pk}": "4" for lot in (first, second)})
    page = text_of(browser.get(answer.url))
    assert "62,5 % : 5 kg de 8 kg" in page
    assert first.number in page


def test_a_lot_beyond_those_shown_can_still_be_cooked(browser, garden, monkeypatch):
    monkeypatch.setattr("gardens.forms.transformations.MOST", 1)
    flour = make_lot(garden.programme, garden.site, "4", product=product("farine"))
    path, name = url("lot_transform", garden.programme.pk), f"grams_{flour.pk}"
    page = browser.get(path)
    assert flour not in page.context["form"].lots
    assert "les 100 premiers sont montrés" in text_of(page)
    for query in ({"lot": flour.pk}, {"produit": flour.product_id}):
        assert browser.get(path, query).context["form"].lots == [flour]
    # Another lot came in since the page was shown: what is typed is read all the same.
    refused = browser.post(path, {name: "4"})
    assert refused.context["form"].lots == [flour]
    assert refused.context["form"][name].value() == "4"


def test_the_prices_say_which_products_have_none(browser, garden):
    bread, rice = product("pain"), product("riz")
    today, path = timezone.localdate(), url("price_list", garden.programme.pk)
    for one in (bread, rice):
        make_lot(garden.programme, garden.site, "4", product=one, on=today)
    make_lot(garden.programme, garden.site, product=product("lait"), on=today - timedelta(days=400))
    make_price(rice, Decimal(2), garden.territory, starts_on=today + timedelta(days=1))
    said = {one["product"]: one["kilograms"] for one in browser.get(path).context["unpriced"]}
    assert (said[bread], said[rice], product("lait") in said) == (4, 4, False)
    make_price(bread, Decimal(3), garden.territory, starts_on=today)
    assert bread not in {one["product"] for one in browser.get(path).context["unpriced"]}
    form = browser.get(url("price_create", garden.programme.pk), {"produit": rice.pk})
    assert form.context["form"]["product"].value() == str(rice.pk)
    assert "lu par les comités" in text_of(form)
    typed = {"product": rice.pk, "starts_on": today.isoformat(), "source": "Relevé du marché"}
    for price in ("0", "240000"):
        refused = browser.post(url("price_create", garden.programme.pk), typed | {"price": price})
        assert list(refused.context["form"].errors) == ["price"]


def test_a_recall_of_no_lot_says_where_to_find_one(browser, garden):
    asked = url("recall_create", garden.programme.pk)
    said = "Aucun lot n’est choisi : cherchez d’abord celui à rappeler."
    assert said in text_of(browser.get(asked))
    named = f"{asked}?lot={make_lot(garden.programme, garden.site).pk}"
    assert said not in text_of(browser.get(named))
