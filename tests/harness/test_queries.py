"""Counting queries: the helpers fail when they should."""

import pytest

from programmes.models import ReferenceCode
from tests.harness.queries import max_queries, same_queries

pytestmark = pytest.mark.django_db


def _read(times: int = 1) -> None:
    for _ in range(times):
        ReferenceCode.objects.first()


def test_within_the_bound_passes():
    with max_queries(2) as captured:
        _read(2)
    assert len(captured) == 2


def test_above_the_bound_fails_and_shows_the_queries():
    with pytest.raises(AssertionError, match=r"3 queries, at most 2\n +1\. SELECT"), max_queries(2):
        _read(3)


def test_as_many_queries_pass():
    assert same_queries(lambda: _read(2), lambda: _read(5)) == 2


def test_a_query_per_row_fails():
    rows = [1, 2]
    with pytest.raises(AssertionError, match="2 queries before, 7 after"):
        same_queries(lambda: _read(len(rows)), lambda: rows.extend([3, 4, 5, 6, 7]))


def test_measuring_nothing_fails():
    with pytest.raises(AssertionError, match="no query at all"):
        same_queries(lambda: None, lambda: None)
