"""Roundings, checked on the figures of the 2015 report of Les Jardins du cœur."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoprod.core.rounding import largest_remainder, mean, round_half_up, share

DISTRICTS = [6, 5, 7, 10, 7, 3, 2, 3, 7, 3, 1, 1, 1]
COUNTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=12)


def written(values):
    return " ".join(str(value) for value in values)


def test_shares_of_the_districts():
    shares = [share(count, 56) for count in DISTRICTS]
    expected = "10.7 8.9 12.5 17.9 12.5 5.4 3.6 5.4 12.5 5.4 1.8 1.8 1.8"
    assert written(shares) == expected
    assert sum(shares) == Decimal("100.2")


def test_largest_remainder_of_the_districts():
    shares = largest_remainder(DISTRICTS)
    expected = "10.7 8.9 12.5 17.9 12.5 5.4 3.6 5.3 12.5 5.3 1.8 1.8 1.8"
    assert written(shares) == expected
    assert sum(shares) == 100


def test_shares_of_the_levels_of_education():
    assert written(share(count, 56) for count in [0, 0, 1, 6, 13, 36]) == (
        "0.0 0.0 1.8 10.7 23.2 64.3"
    )


def test_shares_of_the_budget():
    charges = [5_400, 2_900, 4_300, 64_600, 20_000]
    products = [25_000, 31_500, 20_700, 20_000]
    assert written(share(amount, 97_200) for amount in charges) == "5.6 3.0 4.4 66.5 20.6"
    assert written(share(amount, 97_200) for amount in products) == "25.7 32.4 21.3 20.6"


def test_halves_go_up():
    assert share(1, 8) == Decimal("12.5")
    assert round_half_up(Decimal("12.5")) == 13
    assert round_half_up(Decimal("-12.5")) == -13
    assert str(round_half_up(Decimal("0.045"), 2)) == "0.05"
    assert str(round_half_up(Fraction(-1, 100), 1)) == "0.0"


def test_mean_per_participant():
    assert mean(97_200, 56, 2) == Decimal("1735.71")
    assert mean(0, 5) == 0


def test_nothing_divided_by_nothing():
    assert share(0, 0) is None
    assert mean(0, 0) is None
    assert largest_remainder([0, 0]) is None
    assert largest_remainder([]) is None


@pytest.mark.parametrize("wrong", [1.0, True, "1", None])
def test_only_exact_numbers(wrong):
    with pytest.raises(TypeError):
        share(wrong, 2)
    with pytest.raises(TypeError):
        mean(1, wrong)
    with pytest.raises(TypeError):
        largest_remainder([wrong])
    with pytest.raises(TypeError):
        round_half_up(wrong)


def test_not_a_number_refused():
    with pytest.raises(ValueError, match="finite"):
        round_half_up(Decimal("NaN"))


def test_largest_remainder_refuses_what_it_cannot_share():
    with pytest.raises(ValueError, match="negative"):
        largest_remainder([-1, 2])
    with pytest.raises(ValueError, match="decimals"):
        largest_remainder([1, 2], total=Decimal("0.05"))


@settings(max_examples=80, deadline=None)
@given(COUNTS, st.integers(0, 3))
def test_largest_remainder_adds_up(parts, places):
    shares = largest_remainder(parts, 100, places)
    if sum(parts) == 0:
        assert shares is None
        return
    assert sum(shares) == 100
    step = Fraction(1, 10**places)
    for part, given_share in zip(parts, shares, strict=True):
        assert abs(Fraction(given_share) - Fraction(100 * part, sum(parts))) < step
        assert (part == 0) <= (given_share == 0)


@settings(max_examples=80, deadline=None)
@given(st.fractions(-1_000, 1_000), st.integers(0, 4))
def test_rounding_is_the_nearest(value, places):
    rounded = Fraction(round_half_up(value, places))
    assert abs(rounded - value) <= Fraction(1, 2 * 10**places)
    assert round_half_up(-value, places) == -round_half_up(value, places)
