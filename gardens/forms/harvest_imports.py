"""The file of an import, then the lines it held, carried signed from the preview to the writing."""

from collections.abc import Sequence

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError

from autoprod.core.spreadsheets import BrokenFile, Table, read_table
from gardens.imports.harvests import MissingColumn, columns_of

#: Each line opens a lot of its own: more than a season of weighings is several files.
MAX_LINES = 1_000
TOO_MANY = "Ce fichier a {count} lignes\u00a0: coupez-le en fichiers de 1\u202f000 lignes."
STALE = "Cet aperçu a expiré\u00a0: choisissez le fichier à nouveau."
NO_LINES = "Ce fichier n’a que des titres\u00a0: il faut une ligne par récolte."
_SALT = "gardens.harvests"
#: Seconds: a day, for who is called away in the middle.
_LASTS = 24 * 3600

#: The number of a line in its file, and its cells.
Cells = tuple[int, dict[str, str]]


class HarvestFileForm(forms.Form):
    """A CSV or XLSX file of harvests."""

    document = forms.FileField(
        label="Fichier", help_text="CSV ou XLSX, une ligne par récolte, 1\u202f000 lignes au plus."
    )

    def __init__(self, *args, **kwargs) -> None:
        """Let the browser offer the two kinds."""
        super().__init__(*args, **kwargs)
        self.fields["document"].widget.attrs["accept"] = ".csv,.xlsx"

    def clean_document(self):
        """Read the file; what is wrong with the whole of it is told beside the field."""
        upload = self.cleaned_data["document"]
        try:
            table = read_table(upload)
            self.lines = _lines(table)
        except (BrokenFile, MissingColumn) as error:
            raise ValidationError(str(error)) from error
        if not self.lines:
            raise ValidationError(NO_LINES)
        if len(self.lines) > MAX_LINES:
            raise ValidationError(TOO_MANY.format(count=len(self.lines)))
        self.warnings = table.warnings
        return upload


def _lines(table: Table) -> list[Cells]:
    columns = columns_of(table.header)
    return [
        (record.number, {name: record.cells[title] for name, title in columns.items()})
        for record in table.records()
    ]


def sealed(programme: int, lines: Sequence[Cells]) -> str:
    """Return the lines as a text that the page carries and nobody changes."""
    return signing.dumps([programme, list(lines)], salt=_SALT, compress=True)


def opened(programme: int, text: str) -> list[Cells]:
    """Return the lines of a text sealed for the same programme; ValidationError otherwise."""
    try:
        sealed_for, lines = signing.loads(text, salt=_SALT, max_age=_LASTS)
    except signing.BadSignature as error:
        raise ValidationError(STALE) from error
    if sealed_for != programme:
        raise ValidationError(STALE)
    return [(number, cells) for number, cells in lines]
