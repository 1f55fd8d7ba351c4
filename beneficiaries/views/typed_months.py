"""The page where the sheet of a month is typed back, by keyboard alone."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from autoprod.core.periods import Kind, Period
from autoprod.core.views import get_or_404, requires
from beneficiaries.documents.sheets import name_on_paper
from beneficiaries.forms.attendance import absence_reasons
from beneficiaries.forms.typed_months import MOST_CELLS, TypedMonth, said_of, without_faults
from beneficiaries.services import typed_months
from beneficiaries.services.rolls import rolls_of
from beneficiaries.services.sheets import sessions_to_print
from beneficiaries.services.typed_months import signed_days
from beneficiaries.views.rolls import A
from beneficiaries.views.sheets import LONGEST
from programmes.models import Programme

NOTHING = "Aucune séance à saisir sur ces jours."
TOO_WIDE = "Cette feuille est trop grande pour une seule page\u00a0: saisissez-la par semaine."


@require_http_methods(["GET", "HEAD", "POST"])
@requires(A)
def attendance_typing_month(request: HttpRequest, programme: int, period: Period) -> HttpResponse:
    """Show the boxes of the paper, and save what is typed of them, half-day by half-day."""
    if period.days > LONGEST:
        raise Http404
    parent = get_or_404(Programme.objects.for_scope(request.scope, A), pk=programme)
    grid = _grid(request, parent, period)
    if not grid.columns or grid.count > MOST_CELLS:
        messages.info(request, TOO_WIDE if grid.columns else NOTHING)
        return redirect("beneficiaries:attendance_list", parent.pk, period)
    if request.method != "POST":
        return _page(request, grid, parent, period)
    saved = _save(request, parent, grid)
    said = said_of(saved, len(grid.faulty))
    if not grid.faulty:
        messages.success(request, said)
        return redirect(_next(parent, period))
    fresh = _grid(request, parent, period)
    fresh.keep(grid)
    return _page(request, fresh, parent, period, said=said)


def _grid(request: HttpRequest, programme: Programme, period: Period) -> TypedMonth:
    sessions = sessions_to_print(request.scope, programme, period)
    rolls = rolls_of(sessions)
    everybody = {
        row.enrolment.pk: row.enrolment for roll in rolls for row in (*roll.rows, *roll.others)
    }
    return TypedMonth(
        rolls,
        labels={key: name_on_paper(one.person) for key, one in everybody.items()},
        reasons=absence_reasons(request.scope),
        signed=signed_days(everybody),
    )


def _save(request: HttpRequest, programme: Programme, grid: TypedMonth) -> int:
    """Write the half-days without a fault, tell the others why not; return how many lines."""
    cells = grid.read(request.POST)
    outcome = typed_months.type_month(
        scope=request.scope, programme=programme, cells=without_faults(cells, grid.refused)
    )
    grid.tell(outcome)
    return outcome.saved


def _next(programme: Programme, period: Period) -> str:
    """Return where the work goes on: what a whole month still lacks, or its sessions."""
    name = "month_closing" if period.kind == Kind.MONTH else "attendance_list"
    return reverse(f"beneficiaries:{name}", args=[programme.pk, period])


def _page(
    request: HttpRequest, grid: TypedMonth, programme: Programme, period: Period, *, said: str = ""
) -> HttpResponse:
    keys = [programme.pk, period]
    crumb = {"label": "Présences", "url": reverse("beneficiaries:attendance_list", args=keys)}
    context = {
        "grid": grid,
        "several": len(grid.sites) > 1,
        "said": said,
        "title": "Saisir la feuille du mois" if period.kind == Kind.MONTH else "Saisir une feuille",
        "subtitle": f"{programme}, {period.label}",
        "breadcrumbs": [crumb],
        "cancel_url": crumb["url"],
        "sheet_url": reverse("beneficiaries:attendance_table", args=keys),
    }
    return render(request, "beneficiaries/attendance/typing_month.html", context)
