"""Lots: food that comes in, each with its number."""

from django.db import transaction
from django.db.models import Max

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.scoping import Scope
from gardens.models import Lot
from programmes.models import Programme


@transaction.atomic
def open_lot(*, scope: Scope, lot: Lot) -> Lot:
    """Give an unsaved lot its number, save it and return it; its balance is all of it.

    ValidationError when what it says does not hold together.
    """
    # Whoever opens a lot at the same time waits here: two lots never get the same number.
    Programme.objects.select_for_update(no_key=True).get(pk=lot.programme_id)
    lot.number = _next_number(lot)
    lot.full_clean(exclude=["harvest"])
    lot.save()
    record(scope, Verb.CREATE, lot)
    return lot


def _next_number(lot: Lot) -> str:
    """Return « 2026-0042 »: the year it came in, and its rank in the programme's year."""
    year = f"{lot.on.year}-"
    rows = Lot.objects.filter(programme=lot.programme_id, number__startswith=year)
    last = rows.aggregate(last=Max("number"))["last"]
    rank = int(last.removeprefix(year)) + 1 if last else 1
    return f"{year}{rank:04d}"
