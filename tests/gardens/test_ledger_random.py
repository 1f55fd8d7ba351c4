"""Random days of a larder: what is left is always what came in less what went out."""

from decimal import Decimal
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gardens.enums import Destination
from gardens.models import Lot, Movement
from gardens.services.movements import Correction, correct, take
from gardens.services.transformations import Made, transform
from tests.factories.gardens import EVERYTHING, make_lot, product
from tests.factories.programmes import LONG_AGO, make_programme, make_site, make_territory
from tests.gardens.larder import adds_up, cancel, left, out

pytestmark = pytest.mark.django_db

_WEIGHTS = st.integers(0, 4000).map(lambda grams: Decimal(grams).scaleb(-3))
_LOTS = st.integers(0, 1)
_ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("take"), _LOTS, _WEIGHTS),
        st.tuples(st.just("back"), st.integers(0, 20), st.just(Decimal(0))),
        st.tuples(st.just("count"), _LOTS, _WEIGHTS),
        st.tuples(st.just("weighing"), _LOTS, _WEIGHTS),
        st.tuples(st.just("cook"), _LOTS, _WEIGHTS),
    ),
    max_size=25,
)


@pytest.fixture
def lots(db):
    """Two lots of three kilograms, in one place."""
    programme = make_programme(make_territory())
    site = make_site(programme.territory, programme)
    return [make_lot(programme, site, "3") for _ in range(2)]


def _do(lots: list[Lot], act: str, number: int, weight: Decimal) -> None:
    """Do one thing; ValidationError when it cannot be."""
    if act == "back":
        movements = list(Movement.objects.order_by("pk"))
        if movements:
            cancel(movements[number % len(movements)])
        return
    lot = lots[number]
    if act == "take":
        take(scope=EVERYTHING, lot=lot.pk, out=out(str(weight)))
    elif act == "cook":
        made = Made(lot.programme, lot.site, product("soupe"), Decimal(1), LONG_AGO)
        transform(scope=EVERYTHING, made=made, ingredients={one.pk: weight for one in lots})
    else:
        kind = Destination.COUNT if act == "count" else Destination.WEIGHING
        found = Correction(kind, weight, left(lot), LONG_AGO, "Recompté")
        correct(scope=EVERYTHING, lot=lot.pk, correction=found)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=_ACTS)
def test_whatever_is_done_what_is_left_follows_from_the_lines(lots, acts):
    with transaction.atomic():
        for act in acts:
            before = {lot.pk: left(lot) for lot in Lot.objects.all()}
            try:
                with transaction.atomic():
                    _do(lots, *act)
            except ValidationError:
                # Refused whole: nothing of it stays.
                assert {lot.pk: left(lot) for lot in Lot.objects.all()} == before
            assert all(adds_up(lot) for lot in Lot.objects.all()), act
        transaction.set_rollback(True)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cuts=st.sets(st.integers(1, 2999), max_size=8))
def test_a_lot_given_in_parts_leaves_exactly_nothing(lots, cuts):
    """0.1 and 0.2 of 0.3, and any other parts: no gram stays, none is missing."""
    edges = [0, *sorted(cuts), 3000]
    with transaction.atomic():
        for start, end in pairwise(edges):
            part = Decimal(end - start).scaleb(-3)
            take(scope=EVERYTHING, lot=lots[0].pk, out=out(str(part)))
        assert left(lots[0]) == 0
        transaction.set_rollback(True)
