"""What this floor shows on the pages below it."""

from collections.abc import Sequence

from django.db import models
from django.utils import timezone

from autoprod.core.panels import Panel, register
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action, Scope
from evaluation.columns.reports import name_of
from evaluation.models import Report
from programmes.models import Edition


def reports_to_publish(scope: Scope, objects: Sequence[models.Model]) -> dict:
    """Return the bilans of last month that are not published, programme by programme."""
    month = Period.containing(timezone.localdate(), Kind.MONTH).previous()
    published = Report.objects.for_scope(scope, Action.EDIT_REPORTS).filter(
        starts_on=month.start, ends_on=month.end
    )
    editions = Edition.objects.for_scope(scope, Action.EDIT_REPORTS)
    running = editions.overlapping(month.start, month.end).exclude(
        programme__in=published.values("programme")
    )
    programmes = {e.programme_id: e.programme for e in running.select_related("programme")}
    rows = sorted(programmes.values(), key=lambda programme: (programme.sort_key, programme.pk))
    return {None: {"rows": rows, "month": month, "name": name_of(month)}} if rows else {}


def register_all() -> None:
    """Register the panels; called once at start-up."""
    register(
        Panel(
            slot="today_side",
            template="evaluation/reports/_today.html",
            context=reports_to_publish,
            action=Action.EDIT_REPORTS,
            order=30,
        )
    )
