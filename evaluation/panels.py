"""What this floor shows on the pages below it."""

from collections.abc import Sequence

from django.db import models
from django.urls import reverse
from django.utils import timezone

from autoprod.core.panels import Panel, register
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action, Scope
from evaluation.columns.reports import name_of
from evaluation.models import Report, ReportNote
from evaluation.services.dashboards import TILE_ASKS, tiles
from evaluation.services.figures import reader_of
from evaluation.services.overviews import overviews
from evaluation.views.dashboards import hint_of, url_of_figure
from programmes.models import Edition, Programme


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


def words_missing(scope: Scope, objects: Sequence) -> dict:
    """Return the months (`programme`, `period`) whose « ce qui a marqué » is not written."""
    months = [one for one in objects if scope.opens(Action.EDIT_REPORTS, one.programme)]
    rows = ReportNote.objects.for_scope(scope, Action.EDIT_REPORTS).exclude(text="")
    rows = rows.filter(programme__in=[one.pk for one in months])
    days = rows.values_list("programme", "starts_on", "ends_on")
    written = {(key, Period(start, end)) for key, start, end in days}
    return {
        one.pk: {"url": reverse("evaluation:report_note", args=[one.pk, one.period])}
        for one in months
        if (one.pk, one.period) not in written
    }


def report_of_month(scope: Scope, objects: Sequence) -> dict:
    """Return where the bilan of each month (`programme`, `period`) is."""
    return {
        one.pk: {"url": reverse("evaluation:report_detail", args=[one.pk, one.period])}
        for one in objects
        if scope.opens(Action.VIEW_FIGURES, one.programme)
    }


def _ongoing(scope: Scope, *, team: bool) -> list[Programme]:
    """Return the programmes of the day whose work the user shares, or those they only read of."""
    programmes = Programme.objects.for_scope(scope, Action.VIEW_FIGURES)
    rows = programmes.ongoing(timezone.localdate()).select_related("territory")
    return [row for row in rows if scope.opens(Action.VIEW_SESSIONS, row) == team]


def _lines(scope: Scope, programmes: Sequence[Programme], period: Period) -> list[dict]:
    return [
        {"line": line, "url": reverse("evaluation:dashboard", args=[line.programme.pk, period])}
        for line in overviews(scope, programmes, period)
    ]


def figures_of_the_month(scope: Scope, objects: Sequence[models.Model]) -> dict:
    """Return who came this month and how long, in the programmes of the user's team."""
    programmes = _ongoing(scope, team=True)
    month = Period.containing(timezone.localdate(), Kind.MONTH)
    return (
        {None: {"title": "Ce mois-ci", "rows": _lines(scope, programmes, month)}}
        if programmes
        else {}
    )


def figures_of_the_year(scope: Scope, objects: Sequence[models.Model]) -> dict:
    """Return the tiles of the year of the only programme that is read, a line for each of many."""
    programmes = _ongoing(scope, team=False)
    year = Period.containing(timezone.localdate(), Kind.YEAR)
    if len(programmes) > 1:
        return {None: {"title": "Cette année", "rows": _lines(scope, programmes, year)}}
    if not programmes:
        return {}
    reader = reader_of(scope, programmes[0], year)
    return {
        None: {
            "title": f"{programmes[0]}, année {year.start.year}",
            "url": reverse("evaluation:dashboard", args=[programmes[0].pk, year]),
            "tiles": [
                {"tile": tile, "hint": hint_of(tile), "url": url_of_figure(reader, tile.code)}
                for tile in tiles(reader, reader.ask(*TILE_ASKS))
            ],
        }
    }


def register_all() -> None:
    """Register the panels; called once at start-up."""
    for slot, context in (("today_side", figures_of_the_month), ("today", figures_of_the_year)):
        register(
            Panel(
                slot=slot,
                template="evaluation/dashboards/_today.html",
                context=context,
                action=Action.VIEW_FIGURES,
                order=40,
            )
        )
    for slot, name, context, action in (
        ("month_missing", "_month_missing", words_missing, Action.EDIT_REPORTS),
        ("month_ready", "_month_ready", report_of_month, Action.VIEW_FIGURES),
    ):
        register(Panel(slot, f"evaluation/reports/{name}.html", context, action))
    register(
        Panel(
            slot="today_side",
            template="evaluation/reports/_today.html",
            context=reports_to_publish,
            action=Action.EDIT_REPORTS,
            order=30,
        )
    )
