"""Every figure against a plain loop, and against its own list, on random worlds."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from autoprod.core.periods import Period
from autoprod.core.scoping import Scope
from evaluation.enums import AGE_STARTS, Audience
from evaluation.results import (
    Ask,
    Selection,
    compute,
    count_of,
    definition,
    definitions,
    listing,
)
from programmes.models import ReferenceCode
from tests.evaluation import naive, naive_pathways
from tests.evaluation.random_worlds import save, stage, worlds

SCOPE = Scope.everything(reason="essai")
PERIODS = [
    Period.year(2015),
    Period.month(2015, 2),
    Period.quarter(2015, 1),
    Period(date(2014, 12, 31), date(2015, 1, 1)),
]


def played(drawn: dict, *checks) -> None:
    """Save a drawn world, look at it, and take it away again."""
    with transaction.atomic():
        on = stage()
        save(drawn, on)
        for check in checks:
            check(on)
        transaction.set_rollback(True)


def every_ask() -> list[Ask]:
    """Return every figure by every dimension."""
    selection = Selection(SCOPE, frozenset({0}), PERIODS[0])
    return [Ask(d.code, tuple(d.build(selection).by)) for d in definitions()]


def test_every_figure_has_its_plain_loop():
    assert set(naive.NAIVE) == {words.code for words in definitions()}


def test_every_figure_says_what_it_is():
    for words in definitions():
        assert words.formula.endswith("."), words.code
        assert words.label, words.code
        assert words.source, words.code


@pytest.mark.django_db
def test_age_bands_are_those_of_the_reference_list():
    bands = ReferenceCode.objects.in_list("age_bands").filter(meta__has_key="min")
    assert [band.meta["min"] for band in bands] == list(AGE_STARTS)


def is_its_plain_loop(on) -> None:
    keys = {on.programmes[0].pk}
    for period in PERIODS:
        selection = Selection(SCOPE, frozenset(keys), period)
        found = compute(selection, every_ask(), audience=Audience.INTERNAL, threshold=5)
        for code, loop in naive.NAIVE.items():
            value, parts = loop(keys, period)
            assert found[code].value == value, (code, period)
            shown = {
                name: {(part.keys or (None,))[0]: part.value for part in lines}
                for name, lines in found[code].parts.items()
            }
            kept = {name: {k: v for k, v in p.items() if v} for name, p in parts.items()}
            assert shown == kept, (code, period)
        assert found["outcomes_positive"].is_minimum == naive_pathways.is_minimum(keys, period)


def is_the_count_of_its_list(on) -> None:
    selection = Selection(SCOPE, frozenset({on.programmes[0].pk}), Period.year(2015))
    found = compute(selection, every_ask(), audience=Audience.INTERNAL, threshold=5)
    for code, result in found.items():
        assert count_of(listing(selection, code)) == result.value, code
        for name, lines in result.parts.items():
            for part in (part for part in lines if part.keys):
                rows = listing(selection, code, by=name, key=part.keys[0])
                assert count_of(rows) == part.value, (code, name, part.label)


def adds_up(on) -> None:
    """Hours and sessions of two programmes are the sum of theirs; so are those of the months."""
    year, keys = Period.year(2015), [programme.pk for programme in on.programmes]

    def ask(programmes, period):
        selection = Selection(SCOPE, frozenset(programmes), period)
        asks = [Ask("hours"), Ask("sessions_held"), Ask("persons_reached")]
        found = compute(selection, asks, audience=Audience.INTERNAL, threshold=5)
        return {code: result.value for code, result in found.items()}

    both, each = ask(keys, year), [ask([key], year) for key in keys]
    months = [ask(keys, month) for month in year.months()]
    assert both["sessions_held"] == sum(one["sessions_held"] for one in each)
    assert both["sessions_held"] == sum(month["sessions_held"] for month in months)
    assert both["hours"] == sum(one["hours"] for one in each)
    assert both["persons_reached"] <= sum(one["persons_reached"] for one in each)


def each_is_its_plain_loop(drawn: dict) -> None:
    played(drawn, is_its_plain_loop, is_the_count_of_its_list, adds_up)


TRIED = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.django_db
@settings(TRIED, max_examples=2)
@given(drawn=worlds)
def test_each_figure_is_its_plain_loop_in_a_few_worlds(drawn):
    each_is_its_plain_loop(drawn)


@pytest.mark.long
@pytest.mark.django_db
@TRIED
@given(drawn=worlds)
def test_each_figure_is_its_plain_loop_and_the_count_of_its_list(drawn):
    each_is_its_plain_loop(drawn)


def test_an_unknown_figure_is_said_so():
    with pytest.raises(KeyError):
        definition("inventé")
