"""How many queries a page makes: a bound, or « as many for seven rows as for two »."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext


def _listing(captured: CaptureQueriesContext) -> str:
    return "\n".join(f"{n}. {q['sql'][:300]}" for n, q in enumerate(captured, start=1))


@contextmanager
def max_queries(limit: int) -> Iterator[CaptureQueriesContext]:
    """Fail when the block makes more than `limit` queries, showing them."""
    # What a process asks SQLite once, with the first JSON column it meets, is no page's query.
    _ = connection.features.supports_json_field
    with CaptureQueriesContext(connection) as captured:
        yield captured
    assert len(captured) <= limit, f"{len(captured)} queries, at most {limit}\n{_listing(captured)}"


def same_queries(act: Callable[[], object], grow: Callable[[], object]) -> int:
    """Call `act`, `grow`, then `act` again; fail unless both calls make as many queries.

    Typically `act` opens a page with 2 rows and `grow` adds 5. Returns the number of queries. A
    first call is made and not counted: it fills what a process or a session keeps.
    """
    act()
    with CaptureQueriesContext(connection) as before:
        act()
    grow()
    with CaptureQueriesContext(connection) as after:
        act()
    assert len(before), "the page makes no query at all: the measure says nothing"
    assert len(before) == len(after), (
        f"{len(before)} queries before, {len(after)} after\n{_listing(before)}\n\n{_listing(after)}"
    )
    return len(before)
