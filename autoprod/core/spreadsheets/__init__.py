"""Tables in and out: CSV and XLSX, read the same way, written without live formulas.

No ODS: twenty thousand rows took 800 MB with the library that writes it; every office suite
opens XLSX.
"""

from autoprod.core.spreadsheets.reading import BrokenFile, Record, Table, read_table
from autoprod.core.spreadsheets.resources import ScopedResource
from autoprod.core.spreadsheets.writing import (
    Sheet,
    download,
    kind_or_404,
    links,
    to_csv,
    to_xlsx,
)

__all__ = [
    "BrokenFile",
    "Record",
    "ScopedResource",
    "Sheet",
    "Table",
    "download",
    "kind_or_404",
    "links",
    "read_table",
    "to_csv",
    "to_xlsx",
]
