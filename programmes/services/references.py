"""Reference lists: what the CSV files say goes to the base, as often as asked, nothing deleted."""

import csv
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from autoprod.core.fields import sort_key
from programmes.models import ReferenceCode

DATA = Path(__file__).resolve().parents[1] / "models" / "data"
CATALOGUE = "lists.csv"

#: What a file decides for a code it names; the list, the code and the version are its key.
_WRITTEN = ("label", "parent_code", "valid_from", "valid_to", "source", "meta", "position")


@dataclass(frozen=True)
class ReferenceList:
    """A list as the catalogue presents it."""

    name: str
    label: str
    help: str
    source: str
    is_editable: bool


@dataclass(frozen=True)
class LoadReport:
    """How many codes a load wrote."""

    inserted: int = 0
    updated: int = 0
    closed: int = 0


def reference_lists(*, directory: Path = DATA) -> dict[str, ReferenceList]:
    """Return the lists of the catalogue by name, in the alphabetical order of their labels."""
    lists = [
        ReferenceList(
            name=row["list"],
            label=row["label"],
            help=row["help"],
            source=row["source"],
            is_editable=row["editable"] == "yes",
        )
        for row in _read(directory / CATALOGUE)
    ]
    return {entry.name: entry for entry in sorted(lists, key=lambda entry: sort_key(entry.label))}


@transaction.atomic
def load_references(*, directory: Path = DATA) -> LoadReport:
    """Bring the shipped codes to what the files say; return how many were written.

    The files are the only truth of a shipped code: label, order, dates and correspondences follow
    them. A code gone from the files is closed today, never deleted: records name it. Codes a
    territory added are left alone. A second run finds nothing to write.
    """
    stored = {
        (row.list, row.code, row.list_version): row
        for row in ReferenceCode.objects.filter(territory=None)
    }
    created, updated, seen = [], [], set()
    for key, values in _codes(directory):
        seen.add(key)
        row = stored.get(key)
        if row is None:
            created.append(ReferenceCode(list=key[0], code=key[1], list_version=key[2], **values))
        elif _differs(row, values):
            updated.append(row)
    today = timezone.localdate()
    closed = [row for key, row in stored.items() if key not in seen and row.valid_to is None]
    for row in closed:
        row.valid_to = max(today, row.valid_from or today)
    ReferenceCode.objects.bulk_create(created, batch_size=200)
    ReferenceCode.objects.bulk_update([*updated, *closed], _WRITTEN, batch_size=50)
    return LoadReport(len(created), len(updated), len(closed))


def load_after_migrate(**_: object) -> None:
    """Load the lists once the tables are there; connected to `post_migrate`.

    Migrating back to before the table leaves nothing to load.
    """
    if ReferenceCode._meta.db_table in connection.introspection.table_names():
        load_references()


def _differs(row: ReferenceCode, values: dict) -> bool:
    """Put the file's values on the row; tell whether one of them changed."""
    changed = [name for name in _WRITTEN if getattr(row, name) != values[name]]
    for name in changed:
        setattr(row, name, values[name])
    return bool(changed)


def _codes(directory: Path):
    for path in sorted(directory.glob("*.csv")):
        if path.name == CATALOGUE:
            continue
        for position, row in enumerate(_read(path), start=1):
            yield (
                (row["list"], row["code"], row["version"]),
                {
                    "label": row["label"],
                    "parent_code": row["parent"],
                    "valid_from": _day(row["valid_from"]),
                    "valid_to": _day(row["valid_to"]),
                    "source": row["source"],
                    "meta": json.loads(row["meta"] or "{}"),
                    "position": position,
                },
            )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream, strict=True))
