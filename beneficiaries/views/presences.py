"""The sessions of a period, with who came to each."""

from collections.abc import Callable
from itertools import groupby

from django.db.models import Case, Count, Q, When
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from autoprod.core.periods import Period
from autoprod.core.scoping import Action
from autoprod.core.spreadsheets import download, kind_or_404, links
from autoprod.core.views import ListPage, get_or_404, requires
from beneficiaries.exports.attendance import RULES, AttendanceResource, lines_of, table
from beneficiaries.services.rolls import state_of, tallies
from beneficiaries.views.offline import rolls_to_keep
from beneficiaries.views.pathways import CONFIDENTIAL
from beneficiaries.views.sheets import LONGEST
from beneficiaries.views.statement_months import month_links
from programmes.models import Programme, Session
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

    def get_links(self) -> list[dict]:
        """Lead to the statements of the month."""
        return month_links(self.scope, self.parent, self.period)

    def get_context_data(self, **kwargs) -> dict:
        """Add the days, each with its sessions and their counts."""
        context = super().get_context_data(**kwargs)
        sessions = list(context["object_list"])
        counts = tallies(sessions)
        rows = [session_row(session, counts[session.pk]) for session in sessions]
        days = groupby(rows, key=lambda row: row["session"].on)
        return context | {
            "days": [(day, Period(day, day), list(rows)) for day, rows in days],
            "today": timezone.localdate(),
            "is_short": self.period.days <= LONGEST,
            "offline_rolls": rolls_to_keep(self.request),
            "files": links(self._address_of("attendance_export")),
            "tables": links(self._address_of("attendance_month_export")),
        }

    def _address_of(self, name: str) -> Callable[[str], str]:
        page = {"programme": self.parent.pk, "period": self.period}
        return lambda kind: reverse(f"beneficiaries:{name}", kwargs={**page, "kind": kind})


def session_row(session: Session, tally) -> dict:
    """Return what a list says of a session: its counts, its state in words, what to do next."""
    state = state_of(session)
    words, tone = STATES[state]
    if state == "open" and tally.waiting == tally.expected:
        words, tone = "à pointer", "ochre"
    return {"session": session, "tally": tally, "state": state, "words": words, "tone": tone}


@require_safe
@requires(Action.VIEW_PERSONS)
def attendance_export(
    request: HttpRequest, programme: int, period: Period, kind: str
) -> HttpResponse:
    """Send the presences of a period as a file, a line each; its name names nobody."""
    kind, parent = kind_or_404(kind), _programme(request, programme)
    rows = lines_of(request.scope, parent, period)
    sheet = AttendanceResource(scope=request.scope).sheet(
        rows.order_by("starts_at", "enrolment__person__sort_key", "pk"),
        comments=_comments(parent, period),
    )
    return download(sheet, kind, f"presences-{parent.pk}-{period.slug}")


@require_safe
@requires(Action.VIEW_PERSONS)
def attendance_month_export(
    request: HttpRequest, programme: int, period: Period, kind: str
) -> HttpResponse:
    """Send the table of a month: a row per person, a column per day, totals by site."""
    kind, parent = kind_or_404(kind), _programme(request, programme)
    if period.days > LONGEST:
        raise Http404
    sheet = table(request.scope, parent, period, comments=_comments(parent, period))
    return download(sheet, kind, f"tableau-presences-{parent.pk}-{period.slug}")


def _programme(request: HttpRequest, pk: int) -> Programme:
    rows = Programme.objects.for_scope(request.scope, Action.VIEW_PERSONS)
    return get_or_404(rows, pk=pk)


def _comments(programme: Programme, period: Period) -> tuple[str, ...]:
    return (f"{programme}, {period.label}", CONFIDENTIAL, *RULES)
