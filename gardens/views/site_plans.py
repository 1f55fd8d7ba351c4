"""The plan of a garden: what its page shows of it, and the sheet to print."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from autoprod.core.pdf import response
from autoprod.core.scoping import Action, Scope
from autoprod.core.tables import table
from autoprod.core.views import get_or_404, requires
from gardens.columns.plots import PLOTS, PlotLine
from gardens.documents import site_plans as documents
from gardens.models import Garden, Plot
from gardens.services import plots
from programmes.models import Programme

EMPTY = {
    "icon": "layers",
    "title": "Aucune parcelle",
    "text": "Ajoutez les zones, puis les planches, les serres et les bacs que l’on y cultive.",
}


def plan_context(scope: Scope, programme: Programme, garden: Garden, on: date) -> dict:
    """Return the plan, the table that says the same, and the areas that do not add up.

    What was given back stands apart.
    """
    rows, gone = plots.still_there(plots.plots_of(scope, garden), on)
    lines = plots.lines_of(scope, programme, rows, on)

    def url(plot: Plot) -> str:
        return reverse("gardens:plot_detail", args=[programme.pk, plot.pk])

    return {
        "plan": documents.draw(f"Plan du jardin\u00a0: {garden}", lines, url=url),
        "unplaced": sum(line.place is None for line in lines),
        "plots": table(
            PLOTS, lines, caption="Parcelles", url=lambda line: url(line.plot), empty_state=EMPTY
        ),
        "overflows": plots.overflows(garden, rows),
        "gone": gone,
    }


def plan_to_measure(scope: Scope, garden: Garden, marked: Plot | None) -> SafeString:
    """Return the plan to read lengths on, with the plot that is written; empty without any."""
    rows, _ = plots.still_there(plots.plots_of(scope, garden), timezone.localdate())
    lines = [PlotLine(row) for row in rows]
    title = f"Plan du jardin, en mètres\u00a0: {garden}"
    return documents.draw(title, lines, marked=marked, is_graduated=True)


@require_safe
@requires(Action.VIEW_GARDENS)
def plan_sheet(request: HttpRequest, programme: int, pk: int) -> HttpResponse:
    """Send the plan as a PDF: no person of a home is named, so it may hang at the gate."""
    programmes = Programme.objects.for_scope(request.scope, Action.VIEW_GARDENS)
    parent = get_or_404(programmes, pk=programme)
    gardens = Garden.objects.for_scope(request.scope, Action.VIEW_GARDENS).used_by(parent)
    garden = get_or_404(gardens.select_related("site__territory"), pk=pk)
    today = timezone.localdate()
    rows, _ = plots.still_there(plots.plots_of(request.scope, garden), today)
    lines = plots.lines_of(request.scope, parent, rows, today, named=False)
    document, content = documents.plan_sheet(request.scope, garden, lines)
    return response(document, content)
