"""Pages of the journal, month by month."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from autoprod.audit.models import AuditEvent
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from autoprod.core.views import ListPage, requires
from autoprod.jobs.queue import enqueue_for
from programmes.exports.journal import JOURNAL
from programmes.forms.journal import JournalFilter
from programmes.services.journal import events_of_month
from programmes.tasks.journal import export_journal


def this_month() -> Period:
    """Return the current month."""
    return Period.containing(timezone.localdate(), Kind.MONTH)


def month_or_404(period: Period) -> Period:
    """Return the period when it is a month: the journal is read month by month."""
    if period.kind != Kind.MONTH:
        raise Http404
    return period


@require_safe
@requires(Action.VIEW_AUDIT)
def journal_now(request: HttpRequest) -> HttpResponse:
    """Go to the current month."""
    return redirect("programmes:journal_month", period=this_month())


class JournalMonth(ListPage):
    """What was done in a month, by whom, to which record; no name of a person."""

    model = AuditEvent
    action = Action.VIEW_AUDIT
    template_name = "programmes/journal/month.html"
    columns = JOURNAL
    filter_form = JournalFilter
    empty_icon = "history"
    empty_title = "Rien n’a été noté ce mois-ci"
    empty_text = "Le journal garde qui a fait quoi, et quand\u00a0; jamais le contenu des fiches."

    def get_queryset(self) -> QuerySet:
        """Return the month's events: the journal has no scope path, it is read by territory."""
        self.period = month_or_404(self.kwargs["period"])
        return self.narrowed(events_of_month(self.scope, self.period))

    def get_title(self) -> str:
        """Return « Journal, mars 2026 »."""
        return f"Journal, {self.period.label}"

    def get_subtitle(self) -> str:
        """Return what the journal holds."""
        return "Qui a fait quoi, et quand. Une personne n’y est jamais nommée."

    def get_context_data(self, **kwargs) -> dict:
        """Add the neighbouring months; a month to come has nothing to show."""
        following = self.period.next()
        return super().get_context_data(
            period=self.period,
            previous=self.period.previous(),
            following=following if following <= this_month() else None,
            **kwargs,
        )


@require_POST
@requires(Action.VIEW_AUDIT)
def journal_export(request: HttpRequest, period: Period) -> HttpResponse:
    """Ask for the month as a file, and go to the job's page."""
    period = month_or_404(period)
    job = enqueue_for(request.user, export_journal, f"Journal, {period.label}", period=period.slug)
    return redirect(reverse("jobs:detail", args=[job.pk]))
