"""The sessions of a period, with who came to each."""

from itertools import groupby

from django.db.models import Case, Count, Q, When
from django.utils import timezone

from autoprod.core.scoping import Action
from autoprod.core.views import ListPage
from beneficiaries.services.rolls import state_of, tallies
from programmes.models import Session
from programmes.views.periods import InPeriod

#: How each state is told: its words and the tone of its tag.
STATES = {
    "closed": ("clôturée", "green"),
    "cancelled": ("annulée", "neutral"),
    "future": ("à venir", "blue"),
    "open": ("à clôturer", "ochre"),
}


class AttendanceList(InPeriod, ListPage):
    """The sessions of a period, the last day held first."""

    model = Session
    action = Action.TICK_ATTENDANCE
    template_name = "beneficiaries/attendance/list.html"
    partial_template_name = ""
    title = "Présences"
    select_related = ("kind", "programme__territory", "cancel_reason")

    def get_queryset(self):
        """Return the sessions of the period: today, the days before it, then those to come."""
        rows = super().get_queryset().in_period(self.period).annotate(site_count=Count("sites"))
        is_past = Q(on__lte=timezone.localdate())
        past_on = Case(When(is_past, then="on"))
        return rows.order_by(past_on.desc(nulls_last=True), "on", "starts_at", "pk")

    def get_subtitle(self) -> str:
        """Return the period."""
        label = self.period.label
        return f"{self.parent} · {label}"

    def get_context_data(self, **kwargs) -> dict:
        """Add the days, each with its sessions and their counts."""
        context = super().get_context_data(**kwargs)
        sessions = list(context["object_list"])
        counts = tallies(sessions)
        rows = [session_row(session, counts[session.pk]) for session in sessions]
        days = groupby(rows, key=lambda row: row["session"].on)
        return context | {
            "days": [(day, list(rows)) for day, rows in days],
            "today": timezone.localdate(),
        }


def session_row(session: Session, tally) -> dict:
    """Return what a list says of a session: its counts, its state in words, what to do next."""
    state = state_of(session)
    words, tone = STATES[state]
    if state == "open" and tally.waiting == tally.expected:
        words, tone = "à pointer", "ochre"
    return {"session": session, "tally": tally, "state": state, "words": words, "tone": tone}
