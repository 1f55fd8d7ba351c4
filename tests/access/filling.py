"""Fills a form as somebody in a hurry would: what it proposes, and something where it insists."""

from collections.abc import Callable

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from autoprod.core.fields import AmountFormField

_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def _first_choice(field: forms.ChoiceField) -> str:
    flat = []
    for value, label in field.choices:
        flat += [key for key, _ in label] if isinstance(label, list | tuple) else [value]
    return next(str(value) for value in flat if str(value))


#: The most precise class first.
_GUESSES: tuple[tuple[type[forms.Field], Callable], ...] = (
    (forms.ModelMultipleChoiceField, lambda f: [str(row.pk) for row in f.queryset[:1]]),
    (forms.ModelChoiceField, lambda f: str(f.queryset.first().pk)),
    (forms.MultipleChoiceField, lambda f: [_first_choice(f)]),
    (forms.ChoiceField, _first_choice),
    (forms.BooleanField, lambda f: "on"),
    (forms.FileField, lambda f: SimpleUploadedFile("piece.pdf", _PDF, "application/pdf")),
    (forms.TimeField, lambda f: "00:15"),
    (forms.DateField, lambda f: timezone.localdate().isoformat()),
    (forms.IntegerField, lambda f: str(max(1, f.min_value or 1))),
    (forms.EmailField, lambda f: "nouvelle.adresse@exemple.fr"),
    (AmountFormField, lambda f: "12,50"),
    (forms.CharField, lambda f: "Essai"),
)


def _guess(field: forms.Field) -> object:
    return next(guess(field) for kind, guess in _GUESSES if isinstance(field, kind))


def filled(form: forms.BaseForm) -> dict[str, object]:
    """Return what a browser would send: the values shown, and one where a required one is empty."""
    data = {}
    for name, field in form.fields.items():
        value = form[name].value()
        is_empty = value in (None, "", [], False)
        if not is_empty:
            shown = field.widget.format_value(value)
            is_one = isinstance(shown, list) and not field.widget.allow_multiple_selected
            value = shown[0] if is_one else shown
        elif field.required:
            value = _guess(field)
        if value not in (None, "", [], False):
            data[form.add_prefix(name)] = value
    return data
