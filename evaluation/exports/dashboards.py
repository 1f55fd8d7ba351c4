"""The figures of a dashboard as a spreadsheet: the same cells as on the screen, no name."""

from collections.abc import Iterable
from decimal import Decimal

from django.http import HttpResponse
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import edited
from autoprod.core.rounding import round_half_up
from autoprod.core.spreadsheets import Sheet, download
from evaluation.columns.figures import BREAKDOWN
from evaluation.enums import Audience, Unit
from evaluation.results import Amount, Part, Result, Selection
from programmes.models import Programme


def dashboard_file(
    selection: Selection,
    programme: Programme,
    results: Iterable[Result],
    *,
    audience: Audience,
    kind: str,
) -> HttpResponse:
    """Return the figures and their breakdowns as a download, traced; `kind` is csv or xlsx."""
    period = selection.period
    sheet = Sheet(
        title="Tableau de bord",
        columns=BREAKDOWN,
        rows=[row for result in results for row in _rows(result)],
        comments=(
            f"{programme} · {period.label}",
            audience.footer,
            *([selection.scope.title] if selection.scope.title else []),
            edited(timezone.now()),
        ),
    )
    record(
        selection.scope,
        Verb.EXPORT,
        programme,
        label=f"Tableau de bord, {period.label}, {audience.label}",
    )
    return download(sheet, kind, f"tableau-de-bord-{programme.pk}-{period.slug}")


def _rows(result: Result) -> Iterable[tuple]:
    """Return the figure, then each part of each of its breakdowns."""
    words = result.definition
    remark = result.hidden or ("au moins" if result.is_minimum else "")
    yield (words.label, "Total", _amount(result.value, words.unit), _unit(words.unit), None, remark)
    for name, parts in result.parts.items():
        title = result.dimensions[name].title
        for part in parts:
            yield (title, part.label, *_cells(part))


def _cells(part: Part) -> tuple:
    remark = part.hidden or ("regroupé" if part.is_regrouped else "")
    share = None if part.hidden else part.share
    return (_amount(part.value, part.unit), _unit(part.unit), share, remark)


def _amount(value: Amount | None, unit: Unit) -> Amount | None:
    """Return hours as a decimal number, and euros to the cent: a spreadsheet adds them up."""
    if value is None or unit not in {Unit.MINUTES, Unit.EUROS}:
        return value
    return round_half_up(Decimal(value) / (60 if unit == Unit.MINUTES else 1), 2)


def _unit(unit: Unit) -> str:
    return unit.label
