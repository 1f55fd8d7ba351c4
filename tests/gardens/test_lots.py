"""What comes in: slips of several lines, values, what is cooked, what is carried elsewhere."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from gardens.enums import DateKind, Destination, Origin
from gardens.models import Lot, Movement
from gardens.services.lots import Line, Slip, receive
from gardens.services.recalls import recall
from gardens.services.stock import stock_on
from gardens.services.transformations import Made, Move, transfer, transform
from tests.factories.gardens import EVERYTHING, make_lot, make_movement, make_price, product
from tests.factories.programmes import (
    LONG_AGO,
    make_organisation,
    make_programme,
    make_site,
    make_territory,
)
from tests.gardens.larder import cancel, left

pytestmark = pytest.mark.django_db
LATER = LONG_AGO + timedelta(days=5)


@pytest.fixture
def programme():
    return make_programme(make_territory())


@pytest.fixture
def site(programme):
    return make_site(programme.territory, programme)


@pytest.fixture
def slip(programme, site):
    """A donation, long ago."""
    bank = make_organisation(programme.territory, "Banque alimentaire")
    return Slip(programme, site, Origin.DONATION, LONG_AGO, bank, number="B-17")


def line(code: str, grams: str, **fields) -> Line:
    return Line(product(code), Decimal(grams), **fields)


def test_a_slip_of_several_lines_opens_a_lot_for_each(slip):
    milk = line(
        "lait", "6", date_kind=DateKind.USE_BY, expires_on=LATER, temperature=Decimal("3.5")
    )
    lots = receive(scope=EVERYTHING, slip=slip, lines=[milk, line("pain", "4.2")])
    assert [(lot.number, lot.product.code, lot.grams) for lot in lots] == [
        ("2015-0001", "lait", 6),
        ("2015-0002", "pain", Decimal("4.2")),
    ]
    assert {(lot.slip, lot.supplier.name, lot.origin) for lot in lots} == {
        ("B-17", "Banque alimentaire", "donation")
    }


def test_a_wrong_line_is_named_and_nothing_is_written(slip):
    past = line("lait", "6", date_kind=DateKind.USE_BY, expires_on=LONG_AGO - timedelta(days=1))
    with pytest.raises(ValidationError) as raised:
        receive(scope=EVERYTHING, slip=slip, lines=[line("pain", "4"), past])
    assert list(raised.value.message_dict) == ["expires_on_2"]
    assert not Lot.objects.exists()


def test_without_a_value_the_price_of_the_day_gives_one_with_its_source(slip):
    bread, territory = product("pain"), slip.programme.territory
    make_price(bread, Decimal("3.33"), territory)
    make_price(bread, Decimal(9), territory, starts_on=LATER)
    (lot,) = receive(scope=EVERYTHING, slip=slip, lines=[line("pain", "1.5")])
    # Of 4.995, half up.
    assert lot.value == Decimal("5.00")
    assert "Relevé du marché" in lot.value_source
    told = line("pain", "1", value=Decimal(2), value_source="Bordereau")
    (lot,) = receive(scope=EVERYTHING, slip=slip, lines=[told])
    assert (lot.value, lot.value_source) == (2, "Bordereau")


def _made(programme, site, grams="5", **fields) -> Made:
    return Made(programme, site, product("soupe"), Decimal(grams), LONG_AGO, **fields)


def test_several_lots_become_one_that_costs_what_they_cost(programme, site):
    bought = {"origin": Origin.PURCHASE, "cost": Decimal(10), "is_public_money": True}
    first, second = make_lot(programme, site, "4", **bought), make_lot(programme, site, "2")
    ingredients = {second.pk: Decimal(2), first.pk: Decimal(1)}
    made = _made(programme, site, "2.5")
    soup = transform(scope=EVERYTHING, made=made, ingredients=ingredients)
    assert transform(scope=EVERYTHING, made=made, ingredients=ingredients) == soup
    assert (left(first), left(second), left(soup)) == (3, 0, Decimal("2.5"))
    assert (soup.cost, soup.is_public_money) == (Decimal("2.50"), True)
    assert Movement.objects.filter(into=soup).count() == 2


def test_a_pot_that_lacks_one_ingredient_takes_nothing(programme, site):
    first, second = make_lot(programme, site, "4"), make_lot(programme, site, "2")
    wanted = {first.pk: Decimal(1), second.pk: Decimal(3)}
    with pytest.raises(ValidationError) as raised:
        transform(scope=EVERYTHING, made=_made(programme, site), ingredients=wanted)
    assert list(raised.value.message_dict) == [f"grams_{second.pk}"]
    assert (left(first), Lot.objects.count()) == (4, 2)


def test_a_pot_cancelled_gives_all_its_ingredients_back_once(programme, site):
    first, second = make_lot(programme, site, "4"), make_lot(programme, site, "2")
    wanted = {first.pk: Decimal(1), second.pk: Decimal(2)}
    soup = transform(scope=EVERYTHING, made=_made(programme, site), ingredients=wanted)
    one, other = Movement.objects.filter(into=soup)
    cancel(one)
    assert (left(first), left(second), left(soup)) == (4, 2, 0)
    for wrong in (other, Movement.objects.get(lot=soup)):
        with pytest.raises(ValidationError):
            cancel(wrong)
    assert left(soup) == 0


def test_a_pot_that_was_served_is_not_cancelled(programme, site):
    lot = make_lot(programme, site, "4")
    soup = transform(
        scope=EVERYTHING, made=_made(programme, site), ingredients={lot.pk: Decimal(1)}
    )
    served = make_movement(soup, "1", destination=Destination.TABLE)
    wrong = Movement.objects.get(into=soup)
    with pytest.raises(ValidationError, match="a déjà servi"):
        cancel(wrong)
    cancel(served)
    cancel(wrong)
    assert (left(lot), left(soup)) == (4, 0)


def test_what_is_carried_keeps_its_dates_its_supplier_and_its_recall(programme, site, slip):
    milk = line("lait", "6", date_kind=DateKind.USE_BY, expires_on=LATER, supplier_lot="L7")
    (lot,) = receive(scope=EVERYTHING, slip=slip, lines=[milk])
    recall(scope=EVERYTHING, lots=[lot.pk], reason="Alerte")
    other = make_site(programme.territory, programme)
    there = transfer(scope=EVERYTHING, lot=lot.pk, move=Move(other, Decimal(2), LONG_AGO))
    assert (left(lot), left(there), there.site) == (4, 2, other)
    assert (there.expires_on, there.supplier, there.supplier_lot) == (LATER, slip.supplier, "L7")
    assert there.recalled_on
    with pytest.raises(ValidationError, match="rappelé"):
        make_movement(there, "1", on=timezone.localdate())


def test_the_stock_of_a_day_is_what_was_left_that_evening(programme, site):
    lot = make_lot(programme, site, "4")
    make_movement(lot, "1", on=LATER)
    make_movement(lot, "3", on=LATER + timedelta(days=1))

    def stock(on):
        return [row.left_then for row in stock_on(EVERYTHING, programme, on)]

    assert stock(LONG_AGO - timedelta(days=1)) == []
    assert (stock(LONG_AGO), stock(LATER), stock(timezone.localdate())) == ([4], [3], [])
