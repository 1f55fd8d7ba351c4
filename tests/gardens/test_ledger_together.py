"""Several phones on one lot at once: one wins, the other reads why, and nothing goes below zero."""

from collections.abc import Callable
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from gardens.enums import Destination
from gardens.models import Lot, Movement
from gardens.services.lots import open_lot
from gardens.services.movements import take
from gardens.services.recalls import recall
from gardens.services.stock import Wanted, agreed, plan, take_product
from gardens.services.transformations import Made, Move, transfer, transform
from tests.factories.gardens import EVERYTHING, make_lot, make_movement, product
from tests.factories.programmes import LONG_AGO, make_programme, make_site, make_territory
from tests.gardens.larder import adds_up, cancel, left, out

#: How often each race is run: either may win.
ROUNDS = 12

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def programme():
    return make_programme(make_territory())


@pytest.fixture
def site(programme):
    return make_site(programme.territory, programme)


def race(*acts: Callable[[], object]) -> list[str]:
    """Run the acts at the same instant, each in its thread; return how each ended, "" for done.

    A refusal is told in its words; anything else, a deadlock first, by its name.
    """
    start, ends = Barrier(len(acts)), [""] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            start.wait(timeout=10)
            act()
        except ValidationError as error:
            ends[number] = " ".join(error.messages)
        except Exception as error:  # noqa: BLE001 - told by the assertion of the test
            ends[number] = repr(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return ends


def taking(lot: Lot, grams: str, **fields) -> Callable:
    asked = out(grams, **fields)
    return lambda: take(scope=EVERYTHING, lot=lot.pk, out=asked)


def test_two_phones_give_away_the_last_kilogram_one_wins_the_other_reads_why(programme, site):
    for _ in range(ROUNDS):
        lot = make_lot(programme, site, "10")
        make_movement(lot, "9")
        ends = race(taking(lot, "1"), taking(lot, "1", destination=Destination.COMPOST))
        assert sorted(ends) == ["", "Il ne reste rien de ce lot."]
        assert left(lot) == 0
        assert adds_up(lot)


@pytest.mark.long
def test_many_phones_share_a_lot_and_never_more_than_there_is(programme, site):
    for _ in range(ROUNDS // 3):
        lot = make_lot(programme, site, "1")
        ends = race(*(taking(lot, "0.3") for _ in range(6)))
        assert ends.count("") == 3
        assert all("Il ne reste que" in end for end in ends if end)
        assert left(lot) == Decimal("0.1")


@pytest.mark.long
def test_the_same_tap_sent_twice_at_once_is_one(programme, site):
    for _ in range(ROUNDS // 2):
        lot = make_lot(programme, site, "10")
        asked = taking(lot, "4")
        assert race(asked, asked) == ["", ""]
        assert left(lot) == 6


@pytest.mark.long
def test_a_movement_is_taken_back_once(programme, site):
    for _ in range(ROUNDS // 2):
        lot = make_lot(programme, site, "10")
        wrong = make_movement(lot, "4")
        ends = race(lambda w=wrong: cancel(w), lambda w=wrong: cancel(w))
        assert sorted(ends) == ["", "Ce mouvement est déjà annulé."]
        assert left(lot) == 10


@pytest.mark.long
def test_two_pots_of_the_same_lots_are_cooked_at_once(programme, site):
    """The lots are locked in one order, whatever the order they were written in."""
    for _ in range(ROUNDS):
        lots = [make_lot(programme, site, "3", product=product("courgette")) for _ in range(3)]
        made = [_made(programme, site) for _ in range(2)]
        taken = [{lot.pk: Decimal(2) for lot in order} for order in (lots, reversed(lots))]
        ends = race(*(_cooking(one, some) for one, some in zip(made, taken, strict=True)))
        done, refused = sorted(ends)
        assert done == ""
        assert "Il ne reste que 1\u00a0kg" in refused
        assert all(adds_up(lot) and left(lot) == 1 for lot in lots)


def _made(programme, site) -> Made:
    return Made(programme, site, product("soupe"), Decimal(5), LONG_AGO)


def _cooking(made: Made, ingredients: dict) -> Callable:
    return lambda: transform(scope=EVERYTHING, made=made, ingredients=ingredients)


@pytest.mark.long
def test_whoever_cooks_carries_opens_and_cancels_never_waits_for_the_other(programme, site):
    other = make_site(programme.territory, programme)
    for _ in range(ROUNDS // 2):
        first, second = (make_lot(programme, site, "4") for _ in range(2))
        soup = transform(
            scope=EVERYTHING,
            made=_made(programme, site),
            ingredients={first.pk: Decimal(1), second.pk: Decimal(1)},
        )
        wrong = Movement.objects.filter(into=soup).latest("pk")
        carried = Move(other, Decimal(1), LONG_AGO)
        ends = race(
            lambda w=wrong: cancel(w),
            _cooking(_made(programme, site), {second.pk: Decimal(1), first.pk: Decimal(1)}),
            lambda s=second, c=carried: transfer(scope=EVERYTHING, lot=s.pk, move=c),
            lambda: open_lot(scope=EVERYTHING, lot=_unsaved(programme, site)),
        )
        assert ends == [""] * 4
        assert all(adds_up(lot) for lot in (first, second, soup))


def _unsaved(programme, site) -> Lot:
    values = {"origin": "donation", "on": LONG_AGO, "grams": Decimal(1), "site": site}
    return Lot(programme=programme, product=product("pain"), **values)


@pytest.mark.long
def test_what_was_shown_of_several_lots_is_what_leaves_or_it_is_shown_again(programme, site):
    for _ in range(ROUNDS):
        bread = [make_lot(programme, site, "2").pk for _ in range(2)]
        wanted = Wanted(programme, product("pain"), site)
        asked = [out("3"), out("3", Destination.BASKET)]
        shown = agreed(plan(scope=EVERYTHING, wanted=wanted, out=asked[0]))
        ends = race(*(_product_out(wanted, one, shown) for one in asked))
        done, refused = sorted(ends)
        assert done == ""
        assert refused.startswith("Il ne reste que 1\u00a0kg")
        assert [left(lot) for lot in bread] == [0, 1]
        make_movement(Lot.objects.get(pk=bread[1]), "1")


def _product_out(wanted: Wanted, asked, shown: str) -> Callable:
    return lambda: take_product(scope=EVERYTHING, wanted=wanted, out=asked, shown=shown)


@pytest.mark.long
def test_a_recall_reaches_the_pot_being_cooked(programme, site):
    """Whoever is first: the soup is blocked with its lot, or it is never cooked."""
    for _ in range(ROUNDS):
        lot = make_lot(programme, site, "4")
        ends = race(
            _cooking(_made(programme, site), {lot.pk: Decimal(1)}),
            lambda one=lot: recall(scope=EVERYTHING, lots=[one.pk], reason="Alerte"),
        )
        assert ends[1] == ""
        assert ends[0] == "" or "rappelé" in ends[0]
        soups = Lot.objects.filter(sources__lot=lot)
        assert soups.count() == (ends[0] == "")
        assert all(soup.recalled_on for soup in soups)
