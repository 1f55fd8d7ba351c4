"""Sheets written as CSV or XLSX, where no cell is ever a formula.

A cell that starts with = + - @ or a tab, a return or a new line is run as a formula by
spreadsheet programs (OWASP, CSV injection): someone's name could then read the rest of the sheet.
"""

import csv
import datetime
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.http import Http404, HttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from autoprod.core import downloads

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
COMMENT = "# "
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Characters that XML cannot carry would make the whole workbook unreadable.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMATS = {datetime.datetime: "dd/mm/yyyy hh:mm", datetime.date: "dd/mm/yyyy"}
_BOLD, _MUTED = Font(bold=True), Font(italic=True, color="56655C")


@dataclass(frozen=True)
class Sheet:
    """A table to write: its title, its columns, its rows, and lines to say above it.

    Cells are texts, ints, Decimals, dates, times, instants, booleans or None.
    """

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[object]]
    comments: Sequence[str] = field(default=())


def _plain(value: object) -> object:
    """Return a cell as a text, a number, a date or None; TypeError for a float."""
    match value:
        case None | "":
            return None
        case bool():
            return "oui" if value else "non"
        case float():
            raise TypeError("a cell holds an int or a Decimal, not a float")
        case datetime.datetime() if timezone.is_aware(value):
            return timezone.localtime(value).replace(tzinfo=None)
        case int() | Decimal() | datetime.date() | datetime.time():
            return value
    return _NOT_XML.sub("", str(value)) or None


def _csv_cell(value: object) -> str:
    match plain := _plain(value):
        case None:
            return ""
        case str():
            # « '= » too, so that reading takes off one apostrophe and only ours.
            return f"'{plain}" if plain.lstrip("'").startswith(FORMULA_STARTS) else plain
        case Decimal():
            return format(plain, "f").replace(".", ",")
        case datetime.datetime():
            return plain.strftime("%Y-%m-%d %H:%M")
        case datetime.time():
            return plain.strftime("%H:%M")
    return str(plain)  # an int, or a date in ISO form


def to_csv(sheet: Sheet) -> bytes:
    """Return the sheet as CSV for French spreadsheets: UTF-8 with its mark, `;`, CRLF."""
    output = io.StringIO(newline="")
    writer = csv.writer(output, delimiter=";", lineterminator="\r\n")
    writer.writerows([COMMENT + _one_line(comment)] for comment in sheet.comments)
    writer.writerow([_csv_cell(column) for column in sheet.columns])
    writer.writerows([_csv_cell(value) for value in row] for row in sheet.rows)
    return output.getvalue().encode("utf-8-sig")


def _one_line(text: str) -> str:
    return " ".join(_NOT_XML.sub("", str(text)).split())


def _number_format(value: object) -> str | None:
    if isinstance(value, Decimal):
        places = max(0, -int(value.as_tuple().exponent))
        return "#,##0." + "0" * places if places else "#,##0"
    return _FORMATS.get(type(value))


def _xlsx_cell(worksheet, plain: object, font: Font | None = None) -> WriteOnlyCell:
    cell = WriteOnlyCell(worksheet, plain)
    if isinstance(plain, str):
        cell.data_type = "s"  # openpyxl would make a formula of « =… »
        cell.quotePrefix = plain.startswith(FORMULA_STARTS)
    if number_format := _number_format(plain):
        cell.number_format = number_format
    if font:
        cell.font = font
    return cell


def _sheet_name(title: str) -> str:
    """Return a name Excel accepts: 31 characters, none of []:*?/\\ nor an outer apostrophe."""
    plain = _one_line(re.sub(r"[\[\]:*?/\\]+", " ", title))
    return plain.strip("' ")[:31].strip("' ") or "Feuille"


def to_xlsx(sheet: Sheet) -> bytes:
    """Return the sheet as XLSX: texts as texts, numbers and dates as such, header frozen."""
    # All of them first: an error halfway would leave openpyxl's temporary file open.
    rows = [[_plain(value) for value in row] for row in sheet.rows]
    workbook = Workbook(write_only=True)
    worksheet = workbook.create_sheet(_sheet_name(sheet.title))
    worksheet.freeze_panes = f"A{len(sheet.comments) + 2}"
    for index, column in enumerate(sheet.columns, start=1):
        width = min(max(len(str(column)) + 3, 12), 40)
        worksheet.column_dimensions[get_column_letter(index)].width = width
    for comment in sheet.comments:
        worksheet.append([_xlsx_cell(worksheet, COMMENT + _one_line(comment), _MUTED)])
    worksheet.append([_xlsx_cell(worksheet, _plain(name), _BOLD) for name in sheet.columns])
    for row in rows:
        worksheet.append([_xlsx_cell(worksheet, value) for value in row])
    output = io.BytesIO()
    workbook.save(output)
    return output.getvalue()


_WRITERS = {"csv": (to_csv, CSV_TYPE), "xlsx": (to_xlsx, XLSX_TYPE)}
_LABELS = {"csv": "CSV", "xlsx": "Excel"}


def kind_or_404(kind: str) -> str:
    """Return the kind of file an address asks for; Http404 for one we do not write."""
    if kind not in _WRITERS:
        raise Http404
    return kind


def links(url_of: Callable[[str], str]) -> list[dict]:
    """Return a page's links to its rows, one for each kind; `url_of` gives a kind's address."""
    return [
        {"label": label, "url": url_of(kind), "icon": "download"} for kind, label in _LABELS.items()
    ]


def download(sheet: Sheet, kind: str, filename: str) -> HttpResponse:
    """Return the sheet as a download; `kind` is csv or xlsx, `filename` has no extension."""
    write, content_type = _WRITERS[kind]
    return downloads.made(write(sheet), filename=f"{filename}.{kind}", content_type=content_type)
