"""What leaves: corrections of both signs, dates that forbid, several lots at once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from gardens.enums import DateKind, Destination
from gardens.models import Movement
from gardens.services.movements import Correction, correct
from gardens.services.recalls import recall
from gardens.services.stock import Wanted, agreed, plan, take_product
from tests.factories.gardens import EVERYTHING, make_lot, make_movement, product
from tests.factories.programmes import LONG_AGO, make_programme, make_site, make_territory
from tests.gardens.larder import left, out

pytestmark = pytest.mark.django_db
NEXT_DAY = LONG_AGO + timedelta(days=1)
USE_BY = {"date_kind": DateKind.USE_BY, "expires_on": LONG_AGO}
BEST = {"date_kind": DateKind.BEST_BEFORE, "expires_on": LONG_AGO}


@pytest.fixture
def programme():
    return make_programme(make_territory())


@pytest.fixture
def site(programme):
    return make_site(programme.territory, programme)


def found(lot, kind: Destination, measured: str, **fields) -> Correction:
    values = {"seen": left(lot), "on": LONG_AGO, "reason": "Recompté"}
    return Correction(kind, Decimal(measured), **values | fields)


@pytest.mark.parametrize(
    ("kind", "measured", "expected"),
    [
        (Destination.COUNT, "5", "5"),
        (Destination.COUNT, "7.25", "7.25"),
        (Destination.COUNT, "0", "0"),
        # Ten came in by the note, four left: nine came in, so five are left.
        (Destination.WEIGHING, "9", "5"),
        (Destination.WEIGHING, "11", "7"),
    ],
)
def test_what_is_found_is_what_is_left(programme, site, kind, measured, expected):
    lot = make_lot(programme, site, "10")
    make_movement(lot, "4")
    correct(scope=EVERYTHING, lot=lot.pk, correction=found(lot, kind, measured))
    assert left(lot) == Decimal(expected)


def test_a_weighing_is_corrected_twice_from_the_weight_last_told(programme, site):
    lot = make_lot(programme, site, "10")
    for measured in ("8", "9"):
        told = found(lot, Destination.WEIGHING, measured)
        correct(scope=EVERYTHING, lot=lot.pk, correction=told)
    assert left(lot) == 9


@pytest.mark.parametrize(
    ("measured", "fields", "said"),
    [
        ("6", {}, "rien à corriger"),
        ("5", {"seen": Decimal(7)}, "a bougé"),
        ("5", {"reason": ""}, "motif"),
    ],
)
def test_a_correction_that_means_nothing_is_refused(programme, site, measured, fields, said):
    lot = make_lot(programme, site, "10")
    make_movement(lot, "4")
    told = found(lot, Destination.COUNT, measured, **fields)
    with pytest.raises(ValidationError, match=said):
        correct(scope=EVERYTHING, lot=lot.pk, correction=told)
    assert left(lot) == 6


def test_a_weighing_is_never_less_than_what_left(programme, site):
    lot = make_lot(programme, site, "10")
    make_movement(lot, "4")
    told = found(lot, Destination.WEIGHING, "3")
    with pytest.raises(ValidationError, match="déjà sorti 4"):
        correct(scope=EVERYTHING, lot=lot.pk, correction=told)


def test_past_its_use_by_date_food_is_composted_never_given(programme, site):
    lot = make_lot(programme, site, "10", **USE_BY)
    make_movement(lot, "1", on=LONG_AGO)
    for destination in (Destination.GROWERS, Destination.TABLE, Destination.BASKET):
        with pytest.raises(ValidationError, match="DLC"):
            make_movement(lot, "1", on=NEXT_DAY, destination=destination)
    make_movement(lot, "9", on=NEXT_DAY, destination=Destination.COMPOST)
    assert left(lot) == 0
    make_movement(make_lot(programme, site, "1", **BEST), "1", on=NEXT_DAY)


def test_several_movements_of_a_lot_are_written_at_once_or_not_at_all(programme, site):
    lot = make_lot(programme, site, "10")

    def rows(*weights):
        values = {"lot": lot, "destination": Destination.GROWERS, "on": LONG_AGO}
        return [Movement(**values, grams=Decimal(grams)) for grams in weights]

    Movement.objects.bulk_create(rows("1", "2", "3"))
    assert left(lot) == 4
    with pytest.raises(DatabaseError), transaction.atomic():
        Movement.objects.bulk_create(rows("3", "2"))
    assert left(lot) == 4


def _wanted(programme, site=None) -> Wanted:
    return Wanted(programme, product("pain"), site)


def test_the_lot_to_be_eaten_first_leaves_first(programme, site):
    young = make_lot(programme, site, "5", on=NEXT_DAY)
    old = make_lot(programme, site, "5")
    urgent = make_lot(programme, site, "5", on=NEXT_DAY, **BEST | {"expires_on": NEXT_DAY})
    past, recalled = make_lot(programme, site, "5", **USE_BY), make_lot(programme, site, "5")
    recall(scope=EVERYTHING, lots=[recalled.pk], reason="Alerte")
    asked = out("8", recipients=12, on=NEXT_DAY)
    shares = plan(scope=EVERYTHING, wanted=_wanted(programme), out=asked)
    assert [(share.lot, share.grams) for share in shares] == [(urgent, 5), (old, 3)]
    shown = agreed(shares)
    done = take_product(scope=EVERYTHING, wanted=_wanted(programme), out=asked, shown=shown)
    again = take_product(scope=EVERYTHING, wanted=_wanted(programme), out=asked, shown=shown)
    assert again == done
    # For how many is written once: their sum is not the double.
    assert [row.recipients for row in done] == [12, None]
    lots = (urgent, old, young, past, recalled)
    assert [left(lot) for lot in lots] == [0, 2, 5, 5, 5]
    with pytest.raises(ValidationError, match="que 7"):
        plan(scope=EVERYTHING, wanted=_wanted(programme), out=out("8", on=NEXT_DAY))


def test_what_is_kept_elsewhere_stays_there(programme, site):
    other = make_site(programme.territory, programme)
    make_lot(programme, other, "5")
    with pytest.raises(ValidationError, match="rien de ce produit"):
        plan(scope=EVERYTHING, wanted=_wanted(programme, site), out=out("1"))


def test_what_was_not_shown_does_not_leave(programme, site):
    lot, asked = make_lot(programme, site, "5"), out("3")
    for shown in (f"{lot.pk}:2000", "", "x:1", "²:1"):
        with pytest.raises(ValidationError) as raised:
            take_product(scope=EVERYTHING, wanted=_wanted(programme), out=asked, shown=shown)
        assert raised.value.code == "plan"
    assert left(lot) == 5
