"""Species, varieties and products shipped with the platform: the files are their only truth."""

import csv
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from django.db import connection, models, transaction

from autoprod.core.fields import sort_key
from gardens.models import Product, Species, Variety
from programmes.models import ReferenceCode

DATA = Path(__file__).resolve().parents[1] / "models" / "data"


@transaction.atomic
def load_species(*, directory: Path = DATA) -> int:
    """Bring the shipped rows to what the files say; return how many were written.

    A row gone from the files stays: plantings and lots name it. Those a territory added are left
    alone. A second run finds nothing to write.
    """
    families, categories = _codes("plant_families"), _codes("product_categories")
    written = _put(
        Species,
        (
            (
                row["code"],
                {
                    "name": row["name"],
                    "family": families[row["family"]],
                    "rotation_years": _number(row["rotation_years"]),
                },
            )
            for row in _read(directory / "species.csv")
        ),
    )
    species = {one.code: one for one in Species.objects.filter(territory=None)}
    written += _put(
        Product,
        (
            (
                row["code"],
                {
                    "name": row["name"],
                    "category": categories[row["category"]],
                    "species": species.get(row["species"]),
                    "piece_weight": _kilograms(row["piece_grams"]),
                    "date_kind": row["date_kind"],
                },
            )
            for row in _read(directory / "products.csv")
        ),
    )
    return written + _varieties(directory, species)


def load_after_migrate(**_: object) -> None:
    """Load the rows once the tables are there; connected to `post_migrate`.

    Migrating back to before the tables leaves nothing to load.
    """
    if Product._meta.db_table in connection.introspection.table_names():
        load_species()


def _varieties(directory: Path, species: dict[str, Species]) -> int:
    stored = {(one.species_id, one.sort_key): one for one in Variety.objects.filter(territory=None)}
    created = []
    for row in _read(directory / "varieties.csv"):
        kind = species[row["species"]]
        if (kind.pk, sort_key(row["name"])) not in stored:
            heirloom = row["heirloom"] == "yes"
            created.append(Variety(species=kind, name=row["name"], is_heirloom=heirloom))
    return len(Variety.objects.bulk_create(created))


def _put(model: type[models.Model], wanted: Iterable[tuple[str, dict]]) -> int:
    """Create the rows whose code is missing, change those that differ; return how many."""
    stored = {one.code: one for one in model.objects.filter(territory=None)}
    created, changed = [], []
    for code, values in wanted:
        row = stored.get(code)
        if row is None:
            created.append(model(code=code, **values))
        elif any(getattr(row, one) != value for one, value in values.items()):
            for one, value in values.items():
                setattr(row, one, value)
            changed.append(row)
    model.objects.bulk_create(created)
    for row in changed:
        row.save()
    return len(created) + len(changed)


def _codes(name: str) -> dict[str, ReferenceCode]:
    rows = ReferenceCode.objects.in_list(name).filter(territory=None)
    return {row.code: row for row in rows}


def _number(text: str) -> int | None:
    return int(text) if text else None


def _kilograms(grams: str) -> Decimal | None:
    return Decimal(grams).scaleb(-3) if grams else None


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream, strict=True))
