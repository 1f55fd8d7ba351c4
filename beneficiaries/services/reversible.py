"""Writes that can be undone: each one is noted with what was there before."""

import json
from collections.abc import Iterable

from django.apps import apps
from django.core import serializers
from django.db import models

#: What every save moves: never compared.
_MOVING = {"version"}


class ChangedSinceError(Exception):
    """A row was changed after the write one wants to undo."""


class Changes:
    """The writes made through it, in order; `ops` is what a JSON column keeps of them."""

    def __init__(self) -> None:
        """Start with nothing written."""
        self.ops: list[dict] = []

    def update(self, row: models.Model, **values: object) -> None:
        """Save some fields of a row; nothing is written when they hold these values already."""
        values = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not values:
            return
        before = _fields(row)
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        after = _fields(row)
        kept = [name for name in before if before[name] != after[name] and name not in _MOVING]
        self._note(
            "update",
            row,
            before={name: before[name] for name in kept},
            after={name: after[name] for name in kept},
        )

    def link(self, row: models.Model, name: str, others: Iterable[models.Model]) -> None:
        """Set the many-to-many `name` of a row."""
        before = _fields(row)[name]
        getattr(row, name).set(others)
        self._note("update", row, before={name: before}, after={name: _fields(row)[name]})

    def create(self, row: models.Model) -> None:
        """Save a new row."""
        row.save()
        self._note("create", row)

    def delete(self, row: models.Model) -> None:
        """Delete a row that nothing depends on any more."""
        self._note("delete", row, before=_fields(row))
        row.delete()

    def _note(self, op: str, row: models.Model, **told: object) -> None:
        self.ops.append({"op": op, "model": row._meta.label_lower, "pk": row.pk, **told})


def undo(ops: Iterable[dict]) -> None:
    """Put back what was there, the last write first; ChangedSinceError when a row has moved since.

    The caller holds the transaction: either everything is put back or nothing is.
    """
    for op in reversed(list(ops)):
        model = apps.get_model(op["model"])
        if op["op"] == "delete":
            _put_back(op)
            continue
        row = model._base_manager.filter(pk=op["pk"]).first()
        if row is None:
            raise ChangedSinceError(op["model"], op["pk"])
        if op["op"] == "create":
            row.delete()
        else:
            _restore(row, op["before"], op["after"])


def _restore(row: models.Model, before: dict, after: dict) -> None:
    now = _fields(row)
    if any(now[name] != value for name, value in after.items()):
        raise ChangedSinceError(row._meta.label_lower, row.pk)
    linked = {}
    for name, value in before.items():
        field = row._meta.get_field(name)
        if field.many_to_many:
            linked[name] = value
        elif field.is_relation:
            setattr(row, field.attname, value)
        else:
            setattr(row, name, field.to_python(value))
    row.save()
    for name, keys in linked.items():
        getattr(row, name).set(keys)


def _put_back(op: dict) -> None:
    data = {"model": op["model"], "pk": op["pk"], "fields": op["before"]}
    for found in serializers.deserialize("python", [data]):
        found.save()


def _fields(row: models.Model) -> dict:
    """Return the fields of a row as JSON holds them."""
    (data,) = serializers.serialize("python", [row])
    return json.loads(json.dumps(data["fields"], default=_exact))


def _exact(value: object) -> str:
    """Return an instant to the microsecond: Django's own encoder stops at the millisecond."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
