"""Abstract models of the house, and the one row that says what this installation is."""

from collections.abc import Iterable, Iterator

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.db.models import F

from autoprod.core.scoping import ScopedQuerySet


class StaleError(Exception):
    """Somebody saved the row since it was read."""


class BaseModel(models.Model):
    """Any model of the house: read through its scope."""

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    def validate_constraints(self, exclude: Iterable[str] | None = None) -> None:
        """Raise the constraints' French messages, each beside the last field it speaks of."""
        excluded, errors = set(exclude or ()), {}
        for model, constraints in self.get_constraints():
            for constraint in constraints:
                try:
                    constraint.validate(model, self, exclude=excluded)
                except ValidationError:
                    message = constraint.get_violation_error_message()
                    field = _last_field(model, constraint, excluded)
                    errors.setdefault(field, []).append(message)
        if errors:
            raise ValidationError(errors)


def _last_field(
    model: type[models.Model], constraint: models.BaseConstraint, excluded: set[str]
) -> str:
    """Return the last of the fields a constraint names, in the model's order."""
    if isinstance(constraint, models.CheckConstraint):
        named = constraint.condition.referenced_base_fields
    else:
        named = {*constraint.fields, *_names_in(constraint.expressions)}
    told = [f.name for f in model._meta.fields if f.name in named and f.name not in excluded]
    return told[-1] if told else NON_FIELD_ERRORS


def _names_in(expressions: Iterable[models.Expression]) -> Iterator[str]:
    for expression in expressions:
        if isinstance(expression, models.F):
            yield expression.name
        else:
            yield from _names_in(expression.get_source_expressions())


class VersionedModel(BaseModel):
    """A row people edit: two edits at once never overwrite each other silently."""

    version = models.PositiveIntegerField("version", default=1, editable=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        """Save; raise StaleError when the stored version is not the one this object was read at.

        The version is checked in an UPDATE, which also locks the row until the end of the
        transaction, on both engines.
        """
        if self._state.adding:
            super().save(*args, **kwargs)
            return
        with transaction.atomic():
            same = type(self)._base_manager.filter(pk=self.pk, version=self.version)
            if not same.update(version=F("version") + 1):
                raise StaleError(self)
            self.version += 1
            try:
                super().save(*args, **kwargs)
            except BaseException:
                self.version -= 1
                raise


class Installation(models.Model):
    """What this base is: a demo with invented people, or the real records of a service.

    One row, written at first start and never changed (trigger): a demo base cannot become real.
    """

    PUBLIC = True

    is_demo = models.BooleanField("données fictives")
    created_at = models.DateTimeField("créée le", auto_now_add=True)

    class Meta:
        verbose_name = "installation"
        verbose_name_plural = "installations"
        constraints = [
            models.CheckConstraint(
                name="core_installation_single",
                condition=models.Q(pk=1),
                violation_error_message="Une base n’a qu’une installation.",
            )
        ]

    def __str__(self) -> str:
        return "démonstration" if self.is_demo else "base réelle"

    @classmethod
    def current(cls) -> "Installation | None":
        """Return the row, or None before the first start."""
        return cls.objects.filter(pk=1).first()

    @classmethod
    def current_or_new(cls) -> "Installation":
        """Return the row, or an unsaved real installation before the first start."""
        return cls.current() or cls(is_demo=False)
