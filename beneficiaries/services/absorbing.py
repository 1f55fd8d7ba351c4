"""Making one row of two: what hangs on the one that goes moves to the one that stays."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from beneficiaries.models import PersonAddress
from beneficiaries.services.reversible import Changes

#: Fields that only make sense together: one is not filled without the other.
_TOGETHER = (
    ("born_on", "is_birth_year_only"),
    ("district", "no_fixed_address"),
    ("domiciled_by", "domiciled_until"),
    ("emergency_name", "emergency_phone"),
    ("contact_name", "contact_phone"),
    ("street", "postcode", "city"),
)
#: What a row is, not what it says.
_OWN = {"id", "version", "sort_key", "created_at", "recorded_at", "saved_at", "client_uuid"}
#: An end, on one of two rows that are both still open, closes nothing.
_OWN |= {"left_on", "ends_on", "lifted_on", "exit_motive", "exit_reason", "exit_outcome"}


def absorb(changes: Changes, kept: models.Model, gone: models.Model) -> None:
    """Move what hangs on a row to another one, fill what that one leaves blank, and delete it.

    A child that would say twice what one is already there to say (the answers of one operation, a
    barrier still open) is absorbed in turn.
    """
    _fill(changes, kept, gone)
    for model, name in _children(type(gone)):
        for child in model._base_manager.filter(**{name: gone}).order_by("pk"):
            twin = _twin(child, name, kept)
            if twin is None:
                changes.update(child, **{name: kept})
            else:
                absorb(changes, twin, child)
    changes.delete(gone)


def _children(model: type[models.Model]) -> list[tuple[type[models.Model], str]]:
    """Return the models that point to this one, and by which field; links of lists apart."""
    relations = [
        relation
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and not relation.many_to_many
    ]
    return [
        (relation.related_model, relation.field.name)
        for relation in relations
        if not relation.related_model._meta.auto_created
    ]


def _twin(child: models.Model, name: str, parent: models.Model) -> models.Model | None:
    """Return the row that a rule of the base would set against the child under its new parent."""
    manager = type(child)._base_manager
    for fields, condition in _unique_rules(type(child), name):
        values = {field: getattr(child, field) for field in fields} | {name: parent}
        if any(value is None for value in values.values()):
            continue
        if not manager.filter(condition, pk=child.pk).exists():
            continue
        if found := manager.filter(condition, **values).exclude(pk=child.pk).first():
            return found
    return None


def _unique_rules(model: type[models.Model], name: str) -> Iterable[tuple[tuple[str, ...], Q]]:
    if model._meta.get_field(name).unique:
        yield (name,), Q()
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and name in constraint.fields:
            yield constraint.fields, constraint.condition or Q()


def _fill(changes: Changes, kept: models.Model, gone: models.Model) -> None:
    """Copy what only the other row says; a group that the rules of the base refuse is left."""
    if isinstance(kept, PersonAddress) and gone.is_hidden:
        changes.update(kept, is_hidden=True)
    for names in _groups(kept):
        values = {name: getattr(gone, name) for name in names}
        if any(_says(getattr(kept, name)) for name in names):
            continue
        if any(_says(value) for value in values.values()) and _is_allowed(kept, values):
            changes.update(kept, **values)
    for field in kept._meta.many_to_many:
        theirs = list(getattr(gone, field.name).all())
        if theirs and not getattr(kept, field.name).exists():
            changes.link(kept, field.name, theirs)


def _groups(row: models.Model) -> list[tuple[str, ...]]:
    """Return the fields to fill, those that go together in one group."""
    names = [
        field.name
        for field in row._meta.concrete_fields
        if field.name not in _OWN and not isinstance(field, models.BooleanField)
    ]
    known = {field.name for field in row._meta.concrete_fields}
    together = [group for group in _TOGETHER if set(group) <= known]
    grouped = {name for group in together for name in group}
    return [*together, *((name,) for name in names if name not in grouped)]


def _says(value: object) -> bool:
    return value not in (None, "", False)


def _is_allowed(row: models.Model, values: dict[str, object]) -> bool:
    """Tell whether the row keeps to the rules of the base with these values."""
    before = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    try:
        row.validate_constraints()
    except ValidationError:
        return False
    finally:
        for name, value in before.items():
            setattr(row, name, value)
    return True
