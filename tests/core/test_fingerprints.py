"""Canonical JSON and the mark printed under figures."""

import datetime
import hashlib
import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoprod.core.fingerprints import canonical_json, fingerprint

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.decimals(allow_nan=False, allow_infinity=False, places=3)
    | st.dates()
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


def test_one_writing():
    figures = {"b": [Decimal("12.50"), 3], "a": "é", "day": datetime.date(2016, 3, 1)}
    assert canonical_json(figures) == '{"a":"é","b":["12.5",3],"day":"2016-03-01"}'


def test_mark_of_a_known_value():
    text = '{"personnes":56}'
    assert fingerprint({"personnes": 56}) == hashlib.sha256(text.encode()).hexdigest()[:8]
    assert fingerprint({"personnes": 57}) != fingerprint({"personnes": 56})


def test_order_of_keys_and_trailing_zeros_do_not_count():
    one = {"a": Decimal("1.0"), "b": (1, 2)}
    other = {"b": [1, 2], "a": Decimal("1.000")}
    assert fingerprint(one) == fingerprint(other)
    assert canonical_json([Decimal("-0.0"), Decimal("1E+3"), Decimal(100)]) == '["0","1000","100"]'


def test_instants_are_compared_in_utc():
    noon = datetime.datetime(2016, 3, 1, 12, tzinfo=datetime.UTC)
    there = noon.astimezone(datetime.timezone(datetime.timedelta(hours=1)))
    assert canonical_json(noon) == canonical_json(there) == '"2016-03-01T12:00:00+00:00"'


@pytest.mark.parametrize("value", [1.5, {1, 2}, b"x", object(), {1: "a"}, [[2.0]]])
def test_no_canonical_form(value):
    with pytest.raises(TypeError):
        canonical_json(value)


def test_values_that_are_no_figures():
    with pytest.raises(ValueError, match="finite"):
        canonical_json(Decimal("NaN"))
    with pytest.raises(ValueError, match="time zone"):
        canonical_json(datetime.datetime(2016, 3, 1, tzinfo=datetime.UTC).replace(tzinfo=None))


@settings(max_examples=80, deadline=None)
@given(VALUES)
def test_stored_figures_keep_their_mark(value):
    text = canonical_json(value)
    assert canonical_json(json.loads(text)) == text
    assert len(fingerprint(value)) == 8
