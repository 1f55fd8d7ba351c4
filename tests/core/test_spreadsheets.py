"""CSV and XLSX written without formulas, and read whatever program made them."""

import datetime
import io
import unicodedata
import zipfile
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from autoprod.core.spreadsheets import (
    BrokenFile,
    Sheet,
    Table,
    download,
    read_table,
    reading,
    to_csv,
    to_xlsx,
)

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"]
SHEET = Sheet(
    title="Présences : mars 2016",
    columns=("Nom", "Heures", "Le", "À jour"),
    rows=[
        ("Zoé ; « Œuvre »", Decimal("12.50"), datetime.date(2016, 3, 1), True),
        (None, 3, datetime.datetime(2016, 4, 4, 7, 4, tzinfo=datetime.UTC), False),
    ],
    comments=("Présences", "Édité le 4 avril 2016"),
)


def clock(day, month, *time):
    """What a spreadsheet calls a date: no time zone."""
    return datetime.datetime(2016, month, day, *time, tzinfo=datetime.UTC).replace(tzinfo=None)


def csv_text(sheet):
    return to_csv(sheet).decode("utf-8-sig")


def tidy(text):
    """What a spreadsheet keeps of a text: no control character, one kind of new line."""
    kept = "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))
    return " ".join(unicodedata.normalize("NFC", kept).split())


def worksheet(content):
    return load_workbook(io.BytesIO(content)).active


def read(content):
    return read_table(io.BytesIO(content))


def workbook(rows, change=None):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def test_csv_for_french_spreadsheets():
    content = to_csv(SHEET)
    assert content.startswith(b"\xef\xbb\xbf# Pr")
    assert csv_text(SHEET).split("\r\n") == [
        "# Présences",
        "# Édité le 4 avril 2016",
        "Nom;Heures;Le;À jour",
        '"Zoé ; « Œuvre »";12,50;2016-03-01;oui',
        ";3;2016-04-04 09:04;non",
        "",
    ]


def test_xlsx_keeps_numbers_and_dates():
    sheet = worksheet(to_xlsx(SHEET))
    assert sheet.title == "Présences mars 2016"
    assert sheet.freeze_panes == "A4"
    assert [cell.value for cell in sheet[3]] == ["Nom", "Heures", "Le", "À jour"]
    assert sheet["A3"].font.bold
    assert (sheet["B4"].value, sheet["B4"].number_format) == (12.5, "#,##0.00")
    assert (sheet["C4"].value, sheet["C4"].number_format) == (clock(1, 3), "dd/mm/yyyy")
    assert sheet["C5"].value == clock(4, 4, 9, 4)
    assert (sheet["B5"].value, sheet["A5"].value, sheet["D5"].value) == (3, None, "non")


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_texts(text):
    sheet = Sheet("t", (text,), [(text,)])
    for line in to_csv(sheet).decode("utf-8-sig").removesuffix("\r\n").split("\r\n"):
        assert line.lstrip('"').startswith("'")
    cell = worksheet(to_xlsx(sheet))["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert cell.value.replace("\r", "\n") == text.replace("\r", "\n")


def test_numbers_are_not_taken_for_formulas():
    sheet = Sheet("t", ("a", "b", "c"), [(-3, Decimal("-0.50"), "a=b")])
    assert csv_text(sheet).endswith("-3;-0,50;a=b\r\n")
    assert worksheet(to_xlsx(sheet))["A2"].data_type == "n"


def test_floats_are_refused():
    for write in (to_csv, to_xlsx):
        with pytest.raises(TypeError, match="float"):
            write(Sheet("t", ("a",), [(0.1,)]))


def test_control_characters_do_not_break_a_sheet():
    sheet = Sheet("a/b:*?[x]'", ("n",), [("é\x00\x0b",)], comments=("deux\nlignes",))
    assert worksheet(to_xlsx(sheet))["A3"].value == "é"
    assert csv_text(sheet) == "# deux lignes\r\nn\r\né\r\n"


def test_download():
    answer = download(SHEET, "csv", "presences-2016-03")
    assert answer["Content-Disposition"] == 'attachment; filename="presences-2016-03.csv"'
    assert answer.content == to_csv(SHEET)
    assert download(SHEET, "xlsx", "p")["Content-Type"].endswith("spreadsheetml.sheet")


@pytest.mark.parametrize("write", [to_csv, to_xlsx])
def test_exports_are_read_back(write):
    table = read(write(SHEET))
    assert table.header == ("Nom", "Heures", "Le", "À jour")
    hours = "12,50" if write is to_csv else "12,5"
    assert table.rows[0] == ("Zoé ; « Œuvre »", hours, "2016-03-01", "oui")
    assert table.numbers == (4, 5)
    assert table.warnings == ()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=5), st.sampled_from([to_csv, to_xlsx]))
def test_any_text_comes_back(texts, write):
    rows = [("x", text) for text in texts]
    table = read(write(Sheet("t", ("a", "b"), rows)))
    assert [tidy(row[1]) for row in table.rows] == [tidy(text) for text in texts]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_separators(separator):
    text = f'# dit\n\nnom{separator}"a{separator}b;,"\n"Élan"{separator}2\n'
    table = read(text.encode())
    assert table.header == ("nom", f"a{separator}b;,".replace("\t", " "))
    assert table.rows == (("Élan", "2"),)
    assert table.numbers == (4,)


def test_old_encodings():
    assert read("nom;é\nœ;1".encode("utf-8-sig")).warnings == ()
    latin = read("nom;é\nœ€;1".encode("cp1252"))
    assert latin.header == ("nom", "é")
    assert latin.rows == (("œ€", "1"),)
    assert "UTF-8" in latin.warnings[0]
    assert read("nom\té\nœ\t1".encode("utf-16")).rows == (("œ", "1"),)


def test_decomposed_accents_are_recomposed():
    assert read("E\u0301lan\ne\u0301".encode()).header == ("Élan",)


def test_xlsx_cells_become_texts():
    def postcode(book):
        book.active["A2"].number_format = "00000"

    table = read(
        workbook(
            [
                ("CP", "n", "prix", "le", "à", "oui"),
                (1300, 12.0, 12.5, clock(1, 3), datetime.time(8, 5), True),
                (59300, 0.1, 1e-7, clock(1, 3, 8, 5), None, False),
            ],
            postcode,
        )
    )
    assert table.rows == (
        ("01300", "12", "12,5", "2016-03-01", "08:05:00", "oui"),
        ("59300", "0,1", "0,0000001", "2016-03-01T08:05:00", "", "non"),
    )


def test_blank_rows_are_dropped_and_counted():
    table = read(b"a;b\r\n;\r\n1;2\r\n \r\n\r\n3;\r\n;;;\r\n")
    assert table.rows == (("1", "2"), ("3", ""))
    assert table.numbers == (3, 6)
    assert [record.cells for record in table.records()] == [
        {"a": "1", "b": "2"},
        {"a": "3", "b": ""},
    ]


def test_sheet_formatted_to_its_last_row():
    def far(book):
        book.active.cell(row=500_000, column=1, value="loin")

    table = read(workbook([("a",), ("1",)], far))
    assert table.rows == (("1",),)


def test_warnings_say_where():
    table = read(b"a;;c;\n1;2;3;\n1;2;3;4\n")
    assert table.header == ("a", "Colonne 2", "c")
    assert table.warnings == ("Ligne 3\u00a0: des cellules sans titre ne sont pas lues.",)
    two = read(workbook([("a",), ("1",)], lambda book: book.create_sheet("autre")))
    assert "première feuille" in two.warnings[0]


def zipped(names):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in names.items():
            archive.writestr(name, content)
    return output.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vide"),
        (b"\n\n;;\n", "vide"),
        (b"# rien\n", "vide"),
        (b"%PDF-1.7\x00\x01", "CSV ou XLSX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "CSV ou XLSX"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "CSV ou XLSX"),
        (zipped({"xl/workbook.xml": "<broken"}), "abîmé"),
        (b"PK\x03\x04 not a zip", "abîmé"),
        (workbook([("a",)])[:-60], "abîmé"),
        (b"\xff\xfea", "abîmé"),
        (b"nom;Nom ;nom\n1;2;3", "s’appellent"),
        (b"a;b\n" + b"1;2\n" * (reading.MAX_ROWS + 1), "20\u202f000 lignes"),
        (b"a" * (reading.MAX_SIZE + 1), "dépasse"),
        (b"a;b\nx;1 85 05 78 006 084 36\n", "sécurité sociale"),
        (b'a\n"' + b"x" * 200_000 + b'"', "abîmé"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_broken_files_say_what_to_do(content, said):
    with pytest.raises(BrokenFile) as caught:
        read(content)
    assert said in str(caught.value)


def test_small_file_that_holds_gigabytes():
    bomb = zipped({"xl/workbook.xml": b"0" * (reading.MAX_UNZIPPED + 1)})
    assert len(bomb) < reading.MAX_SIZE
    with pytest.raises(BrokenFile, match="dépasse"):
        read(bomb)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([b"", b"PK\x03\x04", b"a;b\n", b"\xff\xfe"]), st.binary(max_size=200))
def test_any_bytes_are_a_table_or_a_broken_file(head, rest):
    table = Table((), (), ())
    with suppress(BrokenFile):
        table = read(head + rest)
    assert all(len(row) == len(table.header) for row in table.rows)
