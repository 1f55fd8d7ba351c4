"""Tables that people send, read as texts whatever program wrote them.

Every cell comes as a text (dates in ISO form, decimals with a comma), so that an import reads a
CSV and an XLSX the same way and a postcode never loses its first zero.
"""

import csv
import datetime
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import BinaryIO, NamedTuple
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from autoprod.core.fields import contains_nir
from autoprod.core.spreadsheets.writing import FORMULA_STARTS

MAX_SIZE = 10 * 1024 * 1024
MAX_ROWS = 20_000
#: An XLSX is a ZIP: a small one can hold gigabytes.
MAX_UNZIPPED = 100 * 1024 * 1024
#: A sheet formatted down to its last row has a million of blank ones.
MAX_BLANK_RUN = 1_000

TOO_BIG = "Ce fichier dépasse 10\u00a0Mo. Coupez-le en plusieurs fichiers."
TOO_LONG = "Ce fichier dépasse 20\u202f000 lignes. Coupez-le en plusieurs fichiers."
WRONG_KIND = "Choisissez un fichier CSV ou XLSX. Dans votre tableur\u00a0: Enregistrer sous, XLSX."
UNREADABLE = "Ce fichier est abîmé. Ouvrez-le dans votre tableur, enregistrez-le en XLSX."
EMPTY = "Ce fichier est vide. Il faut une ligne de titres, puis une ligne par fiche."
_NOT_TEXT = re.compile(b"[\x00-\x08\x0e-\x1f]")


class BrokenFile(Exception):  # noqa: N818 - what people are told, more than an error of ours
    """A file that cannot be read as a table; its text says in French what to do."""


class Record(NamedTuple):
    """A row: its number in the file, as a spreadsheet shows it, and its cells by column."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """What was read: titles, rows as wide as the titles with their numbers, and warnings."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    warnings: tuple[str, ...] = ()

    def records(self) -> Iterator[Record]:
        """Yield each row with its number in the file."""
        for number, row in zip(self.numbers, self.rows, strict=True):
            yield Record(number, dict(zip(self.header, row, strict=True)))


def read_table(upload: BinaryIO) -> Table:
    """Return the first table of a CSV or XLSX file; BrokenFile when it cannot be read.

    Blank rows and the comment lines above the titles are dropped, but still counted.
    """
    upload.seek(0)
    content = upload.read(MAX_SIZE + 1)
    if len(content) > MAX_SIZE:
        raise BrokenFile(TOO_BIG)
    warnings: list[str] = []
    if content.startswith(b"PK\x03\x04"):
        lines = _xlsx_lines(content, warnings)
    else:
        lines = _csv_lines(content, warnings)
    return _table(lines, warnings)


def _decode(content: bytes, warnings: list[str]) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):  # « texte Unicode » of Excel
        encoding = "utf-16"
    elif _NOT_TEXT.search(content):
        raise BrokenFile(WRONG_KIND)
    else:
        encoding = "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-16":
            raise BrokenFile(UNREADABLE) from error
    warnings.append("Ce fichier n’est pas en UTF-8\u00a0: vérifiez les lettres accentuées.")
    return content.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    """Return the separator that cuts the line of titles into most cells, and no quoted one."""

    def score(separator: str) -> tuple[int, int]:
        cells = next(csv.reader([line], delimiter=separator), [])
        return len(cells), -sum('"' in cell for cell in cells)

    titles = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    line = next(titles, "")
    return max(";,\t", key=score)


def _csv_lines(content: bytes, warnings: list[str]) -> Iterator[tuple[int, list[str]]]:
    text = _decode(content, warnings)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        for row in reader:
            yield reader.line_num, [_unquoted(cell) for cell in row]
    except csv.Error as error:
        raise BrokenFile(UNREADABLE) from error


def _unquoted(cell: str) -> str:
    """Take off the apostrophe that our own exports put before a formula's sign."""
    is_ours = cell.startswith("'") and cell.lstrip("'").startswith(FORMULA_STARTS)
    return cell[1:] if is_ours else cell


def _xlsx_lines(content: bytes, warnings: list[str]) -> Iterator[tuple[int, list[str]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_UNZIPPED:
                raise BrokenFile(TOO_BIG)
            if "xl/workbook.xml" not in archive.namelist():
                raise BrokenFile(WRONG_KIND)
        yield from _first_sheet(content, warnings)
    except (
        zipfile.BadZipFile, InvalidFileException, ParseError,
        ValueError, KeyError, IndexError, TypeError, AttributeError, OSError, EOFError,
    ) as error:  # fmt: skip
        # openpyxl checks nothing of what it reads: a broken part raises any of these.
        raise BrokenFile(UNREADABLE) from error


def _first_sheet(content: bytes, warnings: list[str]) -> Iterator[tuple[int, list[str]]]:
    workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        if not workbook.worksheets:
            raise BrokenFile(EMPTY)
        if len(workbook.worksheets) > 1:
            warnings.append("Seule la première feuille du classeur est lue.")
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()  # what some programs write there is wrong
        for number, row in enumerate(sheet.iter_rows(), start=1):
            yield number, [_cell_text(cell) for cell in row]
    finally:
        workbook.close()


def _cell_text(cell) -> str:
    value = cell.value
    match value:
        case None:
            return ""
        case bool():
            return "oui" if value else "non"
        case int() | float():
            return _number_text(value, cell.number_format or "")
        case datetime.datetime() if value.time() == datetime.time():
            return value.date().isoformat()
        case datetime.datetime() | datetime.date() | datetime.time():
            return value.isoformat()
    return str(value)


def _number_text(value: float, number_format: str) -> str:
    """Write 1300 shown as 00000 « 01300 », 12.0 « 12 » and 12.5 « 12,5 »."""
    number = Decimal(repr(value))
    if number == number.to_integral_value():
        width = len(number_format) if re.fullmatch("0+", number_format) else 0
        return str(int(number)).zfill(width)
    return format(number, "f").replace(".", ",")


def _kept(lines: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank, tidied; stop after a long run of blank ones."""
    blanks = 0
    for number, row in lines:
        cells = [unicodedata.normalize("NFC", cell).strip() for cell in row]
        if any(cells):
            blanks = 0
            yield number, cells
            continue
        blanks += 1
        if blanks > MAX_BLANK_RUN:
            return


def _header(cells: list[str]) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells.pop()
    names = [cell or f"Colonne {index}" for index, cell in enumerate(cells, start=1)]
    names = [" ".join(name.split()) for name in names]
    for name in names:
        if names.count(name) > 1:
            raise BrokenFile(f"Deux colonnes s’appellent «\u00a0{name}\u00a0». Renommez-en une.")
    return tuple(names)


def _table(lines: Iterable[tuple[int, list[str]]], warnings: list[str]) -> Table:
    kept = _kept(lines)
    first = next(((n, cells) for n, cells in kept if not cells[0].startswith("#")), None)
    if first is None:
        raise BrokenFile(EMPTY)
    header = _header(first[1])
    rows, numbers = [], []
    for number, cells in kept:
        if len(rows) == MAX_ROWS:
            raise BrokenFile(TOO_LONG)
        if any(cells[len(header) :]):
            warnings.append(f"Ligne {number}\u00a0: des cellules sans titre ne sont pas lues.")
        row = tuple([*cells, *[""] * len(header)][: len(header)])
        if any(contains_nir(cell) for cell in row):
            raise BrokenFile(
                f"Ligne {number}\u00a0: une cellule semble contenir un numéro de sécurité sociale, "
                "que la loi interdit de garder ici. Retirez cette colonne du fichier."
            )
        rows.append(row)
        numbers.append(number)
    return Table(header, tuple(rows), tuple(numbers), tuple(warnings))
