"""The demo of a day, for the tests that read it without changing it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.core.management import call_command
from django.db import transaction


@contextmanager
def demo_of(day: date, blocker) -> Iterator[None]:
    """Load the demo of a day, once for a module, in a transaction that is never kept."""
    with blocker.unblock(), transaction.atomic():
        call_command("load_demo", "--on", day.isoformat(), verbosity=0)
        yield
        transaction.set_rollback(True)
