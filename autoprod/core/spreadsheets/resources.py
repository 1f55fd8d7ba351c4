"""The base of every import and export: no table leaves without a scope and a trace."""

from collections.abc import Sequence
from functools import partial

import tablib
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from import_export.resources import ModelResource
from import_export.widgets import Widget

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core import formatting
from autoprod.core.fields import MinutesField, PhoneField, SiretField
from autoprod.core.fields.amounts import AmountField
from autoprod.core.scoping import Action, Scope
from autoprod.core.spreadsheets.writing import Sheet

_FRENCH_FIELDS = (AmountField, MinutesField, PhoneField, SiretField)


class FormFieldWidget(Widget):
    """Reads a cell as the field's own form does; gives exports the stored value.

    The library would read « 12,50 » euros as an integer, since the column is one.
    """

    def __init__(self, model_field: models.Field, **options) -> None:
        """`model_field` is one of ours; the library's own options say nothing more."""
        super().__init__()
        self.model_field = model_field

    def clean(self, value, row=None, **kwargs):
        """Return the value the model takes; ValueError with the French message of the form."""
        try:
            return self.model_field.formfield(required=False).clean(value)
        except ValidationError as error:
            raise ValueError(" ".join(error.messages)) from error

    def render(self, value, obj=None, **kwargs):
        """Return the value itself: the sheet writes it."""
        return value


class ScopedResource(ModelResource):
    """A resource that reads its rows through a scope and leaves one audit event per export.

    A subclass names `action`, the right that opens its rows, and `title`, in French.
    """

    action: Action
    title = ""

    def __init__(self, *, scope: Scope, **kwargs) -> None:
        """Refuse to exist without a scope (TypeError)."""
        if not isinstance(scope, Scope):
            raise TypeError("a resource needs the scope of a user or of a command")
        super().__init__(**kwargs)
        self.scope = scope

    @classmethod
    def widget_from_django_field(cls, f, default=Widget):
        """Return the widget of a field; ours read what people write."""
        if isinstance(f, _FRENCH_FIELDS):
            return partial(FormFieldWidget, f)
        return super().widget_from_django_field(f, default)

    def get_queryset(self) -> models.QuerySet:
        """Return the rows the scope opens to the action."""
        return self._meta.model.objects.for_scope(self.scope, self.action)

    def export(self, queryset: models.QuerySet | None = None, **kwargs) -> tablib.Dataset:
        """Return the rows, those of `queryset` only when it is given, and trace the export.

        Rows of `queryset` that the scope does not open are left out.
        """
        rows = self.get_queryset()
        if queryset is not None:
            rows = rows.filter(pk__in=queryset.values("pk"))
            rows = rows.order_by(*queryset.query.order_by)
        dataset = super().export(rows, **{"force_native_type": True, **kwargs})
        record(
            self.scope,
            Verb.EXPORT,
            kind=self._meta.model._meta.label_lower,
            label=f"{self.title or self._meta.model._meta.verbose_name_plural}\u00a0: "
            f"{formatting.counted(len(dataset), 'ligne', 'lignes')}",
        )
        return dataset

    def sheet(
        self, queryset: models.QuerySet | None = None, *, comments: Sequence[str] = ()
    ) -> Sheet:
        """Return the export as a sheet whose first lines say what it is and when it was made."""
        dataset = self.export(queryset)
        title = self.title or str(self._meta.model._meta.verbose_name_plural)
        whose = [self.scope.title] if self.scope.title else []
        return Sheet(
            title=title,
            columns=tuple(dataset.headers),
            rows=[dataset[index] for index in range(len(dataset))],
            comments=(title, *whose, formatting.edited(timezone.now()), *comments),
        )
