"""Stacking: rows of several tables in one query, for a page that shows a little of each."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from itertools import islice
from uuid import UUID

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import JSONArray


class Read:
    """A queryset to stack, and what it needs of the rows its links lead to.

        Read(Step.objects.for_scope(scope, action), "kind__label", "partner__name")

    The rows come with all their columns; a linked row with those named and its key, one link deep.
    """

    def __init__(self, rows: models.QuerySet, *needed: str) -> None:
        """Sort out which columns each link needs."""
        self.rows, self.model = rows, rows.model
        named: dict[str, list[str]] = {}
        for path in needed:
            link, _, column = path.partition("__")
            named.setdefault(link, []).append(column)
        self.links = {
            self.model._meta.get_field(link): _fields(self.model, link, columns)
            for link, columns in named.items()
        }

    def arm(self, number: int) -> models.QuerySet:
        """Return the queryset as two columns: its number, and each row as an array."""
        own = [F(field.attname) for field in self.model._meta.concrete_fields]
        linked = [
            JSONArray(*(F(f"{link.name}__{field.attname}") for field in fields))
            for link, fields in self.links.items()
        ]
        rows = self.rows.order_by().annotate(
            stack_number=Value(number), stack_row=JSONArray(*own, *linked)
        )
        return rows.values_list("stack_number", "stack_row")

    def row(self, values: Sequence) -> models.Model:
        """Return the row of an array, as the base would have given it."""
        values = iter(values)
        own = self.model._meta.concrete_fields
        row = _row(self.rows.db, self.model, own, islice(values, len(own)))
        for (link, fields), found in zip(self.links.items(), values, strict=True):
            other = _row(self.rows.db, link.related_model, fields, found)
            link.set_cached_value(row, other if other.pk is not None else None)
        return row


def stacked(reads: Mapping[str, Read]) -> dict[str, list]:
    """Return the rows of each read, by name and in order of keys, in one query (UNION ALL) for all.

    Each queryset keeps its scope and its filters; its order and its `select_related` are not.
    """
    names, found = list(reads), {name: [] for name in reads}
    first, *others = [read.arm(number) for number, read in enumerate(reads.values())]
    for number, values in first.union(*others, all=True):
        name = names[number]
        found[name].append(reads[name].row(values))
    return {name: sorted(rows, key=lambda row: row.pk) for name, rows in found.items()}


def _fields(model: type[models.Model], link: str, columns: Sequence[str]) -> list[models.Field]:
    meta = model._meta.get_field(link).related_model._meta
    return [meta.pk, *(meta.get_field(column) for column in columns)]


def _row(using: str, model: type[models.Model], fields: Sequence, values) -> models.Model:
    read = [_read(field, value) for field, value in zip(fields, values, strict=True)]
    return model.from_db(using, [field.attname for field in fields], read)


def _moment(value: str) -> datetime:
    """Return an instant: SQLite keeps them in UTC, without saying so."""
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _document(value: object) -> object:
    """Return a JSON column: SQLite keeps it as text."""
    return json.loads(value) if isinstance(value, str) else value


#: JSON knows texts, numbers and nothing: what the other columns are read from.
_READERS = {
    "BooleanField": bool,
    "DateField": date.fromisoformat,
    "DateTimeField": _moment,
    "JSONField": _document,
    "TimeField": time.fromisoformat,
    "UUIDField": UUID,
}


def _read(field: models.Field, value: object) -> object:
    if value is None:
        return None
    reader = _READERS.get(field.get_internal_type())
    return reader(value) if reader else value
