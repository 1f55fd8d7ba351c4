"""Taps: a date or a mark written at once on a row, and what was there put back as simply."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import models, transaction

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.models import VersionedModel
from autoprod.core.scoping import Scope

#: What a tap writes, and what was there: by name of field, as text.
Before = dict[str, str]


@transaction.atomic
def tap(*, scope: Scope, row: VersionedModel, values: Mapping[str, object]) -> Before:
    """Write the values that differ; return what was there, for `untap`: nothing, nothing to do.

    StaleError when somebody was faster.
    """
    written = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not written:
        return {}
    before = {name: _field(row, name).value_to_string(row) for name in written}
    for name, value in written.items():
        setattr(row, name, value)
    row.save()
    record(scope, Verb.UPDATE, row, changed=sorted(written))
    return before


@transaction.atomic
def untap(
    *, scope: Scope, row: VersionedModel, version: str, before: Before, names: Iterable[str]
) -> bool:
    """Put back what a tap replaced; False when the row has moved since, or on anything else.

    `version` is the row's just after the tap; `names` are the only fields a tap writes.
    """
    if not _is_still(row, version) or not before or set(before) - set(names):
        return False
    try:
        for name, value in before.items():
            setattr(row, name, _field(row, name).to_python(value) if value else None)
        row.validate_constraints()
    except ValidationError:
        return False
    row.save()
    record(scope, Verb.UPDATE, row, changed=sorted(before))
    return True


@transaction.atomic
def take_away(*, scope: Scope, row: VersionedModel, version: str) -> bool:
    """Delete what a tap has just added; False when somebody has touched it since."""
    if not _is_still(row, version):
        return False
    record(scope, Verb.DELETE, row)
    row.delete()
    return True


def _is_still(row: VersionedModel, version: str) -> bool:
    return version == str(row.version)


def _field(row: VersionedModel, name: str) -> models.Field:
    return row._meta.get_field(name)
