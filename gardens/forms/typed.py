"""Rows chosen by typing their name, among proposals: a list too long for a drop-down."""

from collections.abc import Iterable
from difflib import get_close_matches

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F

from autoprod.core.fields import sort_key

UNKNOWN = "«\u00a0{typed}\u00a0» n’est pas dans la liste."
CLOSE = (
    "«\u00a0{typed}\u00a0» n’est pas dans la liste. Vouliez-vous dire «\u00a0{close}\u00a0»\u00a0?"
)


class ListInput(forms.TextInput):
    """A text field with proposals, which the browser narrows as one types."""

    template_name = "gardens/crops/list_input.html"

    def __init__(self, attrs: dict | None = None, options: Iterable = ()) -> None:
        """`options` are (value, what is told beside it)."""
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.options = options

    def get_context(self, name: str, value: object, attrs: dict | None) -> dict:
        """Add the proposals, under the name of the field."""
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["attrs"]["list"] = f"{widget['attrs'].get('id', name)}_liste"
        return context | {"options": list(self.options)}


class TypedField(forms.ModelChoiceField):
    """A row found by its name, whatever its accents and capitals; what is shipped first."""

    widget = ListInput

    def prepare_value(self, value: object) -> object:
        """Show the name of a stored key."""
        if isinstance(value, int):
            value = self.queryset.filter(pk=value).first()
        return value.name if isinstance(value, models.Model) else value

    def to_python(self, value: object) -> models.Model | None:
        """Return the row of this name; a ValidationError proposes the nearest one."""
        if value in self.empty_values:
            return None
        typed = str(value).strip()
        rows = self.queryset.filter(sort_key=sort_key(typed))
        if row := rows.order_by(F("territory").asc(nulls_first=True)).first():
            return row
        raise ValidationError(self._unknown(typed), code="invalid_choice")

    def has_changed(self, initial: object, data: object) -> bool:
        """Tell whether another name was typed."""
        shown = self.prepare_value(initial)
        return sort_key(str(shown or "")) != sort_key(str(data or ""))

    def _unknown(self, typed: str) -> str:
        names = {sort_key(name): name for name in self.queryset.values_list("name", flat=True)}
        near = get_close_matches(sort_key(typed), names, n=1, cutoff=0.75)
        shown = typed[:60]
        if near:
            return CLOSE.format(typed=shown, close=names[near[0]])
        return UNKNOWN.format(typed=shown)
