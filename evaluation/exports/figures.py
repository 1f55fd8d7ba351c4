"""The rows of a figure as a spreadsheet, for who may list them."""

from django.http import HttpResponse
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import counted, edited
from autoprod.core.spreadsheets import Sheet, download
from evaluation.results import Listing, Selection
from programmes.models import Programme


def rows_file(
    selection: Selection, programme: Programme, found: Listing, *, title: str, kind: str
) -> HttpResponse:
    """Return the rows as a download, traced; `kind` is csv or xlsx.

    The caller has checked that the scope may list them.
    """
    rows = [tuple(_cell(column, row) for column in found.columns) for row in found.rows]
    words, period = found.definition, selection.period
    sheet = Sheet(
        title=words.label,
        columns=tuple(column.label for column in found.columns),
        rows=rows,
        comments=(title, f"{programme} · {period.label}", words.formula, edited(timezone.now())),
    )
    record(
        selection.scope,
        Verb.EXPORT,
        programme,
        label=f"{words.label}, {period.label}\u00a0: {counted(len(rows), 'ligne', 'lignes')}",
    )
    return download(sheet, kind, f"{words.code}-{programme.pk}-{period.slug}")


def _cell(column, row) -> object:
    """Return the value of a cell; a row of the base is written as it is named."""
    value = column.value(row)
    return str(value) if hasattr(value, "_meta") else value
