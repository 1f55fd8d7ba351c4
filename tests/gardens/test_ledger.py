"""The ledger: what comes in, what goes out, never more than there is, never rewritten."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from autoprod.core.scoping import NOTHING
from gardens.enums import Destination
from gardens.models import Harvest, Lot, LotBalance, Movement, Product, Species, Variety
from gardens.services.movements import Out, take, take_back
from gardens.services.species import load_species
from tests.factories.gardens import EVERYTHING, make_harvest, make_lot, make_movement, product
from tests.factories.programmes import LONG_AGO, make_programme, make_site, make_territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    """A garden."""
    return make_programme(make_territory())


@pytest.fixture
def site(programme):
    """Where it grows."""
    return make_site(programme.territory, programme)


@pytest.fixture
def lot(programme, site):
    """Ten kilograms of courgettes, weighed."""
    return make_harvest(programme, site, "10").lot


def left(lot: Lot) -> Decimal:
    """Return what the base says is left."""
    return LotBalance.objects.get(lot=lot).left


def out(grams: str, destination=Destination.GROWERS, **fields) -> Out:
    """Return what is asked of the lot, on its day."""
    return Out(destination=destination, grams=Decimal(grams), on=LONG_AGO, **fields)


def refused(statement: str, *values) -> bool:
    """Tell whether the base refuses a statement of SQL."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError:
        return True
    return False


def test_a_weighing_opens_a_lot_of_all_of_it(lot):
    assert (lot.number, lot.grams, left(lot)) == ("2015-0001", Decimal(10), Decimal(10))
    assert lot.harvest.product == product("courgette")


def test_numbers_follow_in_a_programme_and_a_year(programme, site, lot):
    assert make_lot(programme, site).number == "2015-0002"
    assert make_lot(programme, site, on=LONG_AGO.replace(year=2016)).number == "2016-0001"


def test_what_leaves_is_no_longer_there(lot):
    make_movement(lot, "3.5")
    assert left(lot) == Decimal("6.5")


def test_a_third_of_a_kilogram_leaves_exactly_nothing(programme, site):
    lot = make_lot(programme, site, "0.3")
    make_movement(lot, "0.1")
    make_movement(lot, "0.2")
    assert left(lot) == 0


def test_no_more_leaves_than_there_is(lot):
    with pytest.raises(ValidationError) as raised:
        make_movement(lot, "10.001")
    assert "Il ne reste que 10\u00a0kg" in raised.value.message_dict["grams"][0]
    assert left(lot) == 10


def test_the_same_tap_twice_is_one(lot):
    asked = out("2")
    first = take(scope=EVERYTHING, lot=lot.pk, out=asked)
    assert take(scope=EVERYTHING, lot=lot.pk, out=asked) == first
    assert left(lot) == 8


def test_a_mistake_is_taken_back_by_a_line_with_its_reason(lot):
    wrong = make_movement(lot, "4")
    line = take_back(
        scope=EVERYTHING, movement=wrong.pk, reason="Pas pesé", client_uuid=out("1").client_uuid
    )
    assert (line.grams, line.reverses, line.destination) == (-4, wrong, wrong.destination)
    assert left(lot) == 10
    with pytest.raises(ValidationError, match="déjà annulé"):
        take_back(
            scope=EVERYTHING, movement=wrong.pk, reason="Encore", client_uuid=out("1").client_uuid
        )


def test_outside_the_scope_there_is_no_lot(lot):
    with pytest.raises(Lot.DoesNotExist):
        take(scope=NOTHING, lot=lot.pk, out=out("1"))


def test_the_base_itself_keeps_what_is_left(lot):
    movement = make_movement(lot, "4")
    assert refused("UPDATE gardens_movement SET grams = 1 WHERE id = %s", movement.pk)
    assert refused("DELETE FROM gardens_movement WHERE id = %s", movement.pk)
    assert refused("UPDATE gardens_harvest SET grams = 1 WHERE id = %s", lot.harvest_id)
    assert refused("UPDATE gardens_lot SET grams = 1 WHERE id = %s", lot.pk)
    assert refused('UPDATE gardens_lotbalance SET "left" = 1 WHERE lot_id = %s', lot.pk)
    assert refused("DELETE FROM gardens_lotbalance WHERE lot_id = %s", lot.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        Movement.objects.create(
            lot=lot, destination=Destination.LOSS, grams=Decimal("6.001"), on=LONG_AGO
        )
    assert left(lot) == 6
    Movement.objects.create(lot=lot, destination=Destination.LOSS, grams=Decimal(6), on=LONG_AGO)
    assert left(lot) == 0


def test_what_is_shipped_is_loaded_once():
    assert Species.objects.filter(territory=None).count() >= 75
    assert Variety.objects.filter(is_heirloom=True).count() > 30
    assert Product.objects.get(code="miel").species is None
    assert load_species() == 0


def test_a_refused_weighing_writes_nothing(programme, site):
    with pytest.raises(ValidationError):
        make_harvest(programme, site, "0")
    assert not Harvest.objects.exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="OR REPLACE is SQLite’s")
def test_no_row_takes_the_place_of_another(lot):
    make_movement(lot, "4")
    for table in ("gardens_movement", "gardens_harvest", "gardens_lot"):
        assert refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"), table
    assert left(lot) == 6
