"""Closed periods: the sessions planned on their days, and cancelling them."""

from datetime import date

from django.db import transaction

from autoprod.core.periods import Period
from autoprod.core.scoping import Scope
from programmes.models import Programme, ReferenceCode, Session
from programmes.services import sessions


def planned_in(programme: Programme, period: Period) -> list[Session]:
    """Return the sessions of those days that nobody ticked, neither closed nor cancelled."""
    rows = Session.objects.filter(programme=programme, roll_begun_at=None)
    rows = rows.open_to_ticking().in_period(period)
    return list(rows.select_related("kind", "programme__territory"))


@transaction.atomic
def cancel_all(
    *, scope: Scope, programme: Programme, period: Period, reason: ReferenceCode, on: date
) -> int:
    """Cancel the sessions planned on those days, noted on the day `on`; return how many."""
    rows = planned_in(programme, period)
    for session in rows:
        sessions.cancel(scope=scope, session=session, reason=reason, on=on)
    return len(rows)
