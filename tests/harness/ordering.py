"""Rows that nothing orders come back in random order, as a database is allowed to give them."""

import random
from collections.abc import Iterator

import pytest
from django.db.models.query import QuerySet


def _is_unordered(rows: QuerySet) -> bool:
    return not rows.ordered and not rows.query.is_empty()


@pytest.fixture(scope="session", autouse=True)
def unordered_rows_are_shuffled() -> Iterator[None]:
    """Shuffle what an unordered queryset fetched; counts and existence fetch no rows.

    pytest-randomly seeds `random` before each test: a failure comes back with its seed.
    """
    patch = pytest.MonkeyPatch()
    fetch_all, iterate = QuerySet._fetch_all, QuerySet._iterator

    def shuffled_fetch_all(self):
        is_first_time = self._result_cache is None
        fetch_all(self)
        if is_first_time and _is_unordered(self):
            random.shuffle(self._result_cache)

    def shuffled_iterate(self, *args):
        rows = iterate(self, *args)
        if _is_unordered(self):
            rows = list(rows)
            random.shuffle(rows)
        yield from rows

    patch.setattr(QuerySet, "_fetch_all", shuffled_fetch_all)
    patch.setattr(QuerySet, "_iterator", shuffled_iterate)
    yield
    patch.undo()
