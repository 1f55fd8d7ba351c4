"""Forms: choices in scope, errors beside their field, no silent overwrite, a journal line."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.fields import IdentifierFormField, validate_no_nir
from autoprod.core.models import VersionedModel
from autoprod.core.scoping import Action, Scope

CHOOSE = "Choisir…"
NOTHING_CHOSEN = "–"

STALE = (
    "Cette fiche a été modifiée pendant que vous l’aviez ouverte. Rien n’est perdu\u00a0: "
    "votre saisie est toujours là, et chaque différence est indiquée sous son champ. Vérifiez, "
    "puis enregistrez."
)
STALE_FIELD = "Entre-temps, quelqu’un a enregistré ici\u00a0: «\u00a0{stored}\u00a0»."
NEIGHBOUR = "Ce choix appartient à un autre territoire. Choisissez-en un autre."
WRONG_YEAR = "Vérifiez l’année\u00a0: elle s’écrit avec quatre chiffres, par exemple 2026."

#: Nobody here was born before; far from the years where « the day after » does not exist.
_YEARS = (
    MinValueValidator(date(1900, 1, 1), WRONG_YEAR),
    MaxValueValidator(date(2199, 12, 31), WRONG_YEAR),
)
#: Any number of so many digits is under 2^63, the largest key of both engines.
KEY_DIGITS = 18
#: Texts with a shape of their own: a social security number is not of that shape, and the fifteen
#: digits of a telephone abroad, of an e-mail or of a link are not one. The last two give no text.
#: A password or a one-time code is kept by no record: the forms that ask them have no guard.
_SHAPED = (
    IdentifierFormField,
    forms.EmailField,
    forms.URLField,
    forms.JSONField,
    forms.UUIDField,
)


def _is_free_text(field: forms.Field) -> bool:
    return isinstance(field, forms.CharField) and not isinstance(field, _SHAPED)


def guard(fields: Iterable[forms.Field]) -> None:
    """Refuse what no form of the house takes: a slip in a year, a social security number."""
    for field in fields:
        if isinstance(field, forms.DateField):
            field.validators += _YEARS
        elif _is_free_text(field) and validate_no_nir not in field.validators:
            field.validators.append(validate_no_nir)


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows; a key that no column can hold is a wrong choice, not an error of the server."""

    def _check_values(self, value: Iterable) -> models.QuerySet:
        for key in value:
            if str(key).isdecimal() and len(str(key)) > KEY_DIGITS:
                raise ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": key},
                )
        return super()._check_values(value)


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self, attrs: dict | None = None) -> None:
        """Write dates as the picker wants them."""
        super().__init__(attrs, format="%Y-%m-%d")


class FilterForm(forms.Form):
    """The filters of a list: in the URL, never required."""

    def __init__(self, *args, scope: Scope, **kwargs) -> None:
        """Keep the scope for the choices."""
        self.scope = scope
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False
            if isinstance(field, forms.ModelChoiceField):
                field.empty_label = "Tout"

    def narrow(self, rows: models.QuerySet) -> models.QuerySet:
        """Return the rows that match what was asked."""
        raise NotImplementedError


class ScopedModelForm(forms.ModelForm):
    """A model form that knows who is writing.

    `fixed` holds what the URL decides (the parent): it is set before validation, so that the
    database's constraints on it answer as messages, not as errors of the server.
    """

    #: Beside which field a refusal met while saving is told; above them all when None.
    refused_field: str | None = None

    def __init__(
        self,
        *args,
        scope: Scope,
        action: Action,
        fixed: Mapping[str, Any] | None = None,
        **kwargs,
    ) -> None:
        """Narrow every choice to the scope; add the version of an edited record."""
        self.scope, self.action = scope, action
        self.fixed = dict(fixed or {})
        super().__init__(*args, **kwargs)
        for name, value in self.fixed.items():
            setattr(self.instance, name, value)
        self.is_edit = not self.instance._state.adding
        self._out_of_scope: dict[str, list[models.Model]] = {}
        guard(self.fields.values())
        for name, field in self.fields.items():
            self._prepare(name, field)
        self._stored = {
            name: self.get_initial_for_field(f, name) for name, f in self.fields.items()
        }
        if self.is_edit and isinstance(self.instance, VersionedModel):
            # Not required: a form opened before the row was there is an older version of it.
            self.fields["version"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=self.instance.version, required=False
            )

    def _prepare(self, name: str, field: forms.Field) -> None:
        if isinstance(field, forms.ModelChoiceField):
            narrow = getattr(self, f"choices_of_{name}", None)
            field.queryset = narrow(field.queryset) if narrow else self.in_scope(name, field)
        if isinstance(field, forms.ModelMultipleChoiceField) and self.is_edit:
            linked = list(self.initial.get(name) or [])
            offered = set(field.queryset.filter(pk__in=[obj.pk for obj in linked]))
            self.initial[name] = [obj for obj in linked if obj in offered]
            self._out_of_scope[name] = [obj for obj in linked if obj not in offered]
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.empty_label = None  # nothing ticked says it: « Choisir… » would be a box to tick
        elif isinstance(field, forms.ModelChoiceField):
            field.empty_label = CHOOSE if field.required else NOTHING_CHOSEN
        elif isinstance(field, forms.ChoiceField) and field.choices[:1] == BLANK_CHOICE_DASH:
            field.choices = [("", CHOOSE), *field.choices[1:]]
        if type(field) is forms.DateField:
            field.widget = DateInput(attrs=field.widget.attrs)

    def in_scope(self, name: str, field: forms.ModelChoiceField) -> models.QuerySet:
        """Return the choices the scope opens, today's codes for a reference list."""
        choices = field.queryset.all().for_scope(self.scope, self.action)
        if hasattr(choices, "valid"):
            kept = choices.filter(pk=getattr(self.instance, f"{name}_id", None) or 0)
            choices = choices.valid(timezone.localdate()) | kept
        return choices

    def clean(self) -> dict:
        """Refuse a form filled on an older version of the record, showing what changed."""
        super().clean()
        sent = self.cleaned_data.get("version")
        if "version" in self.fields and sent != self.instance.version:
            self._show_both_texts()
        for name, kept in self._out_of_scope.items():
            # What this user cannot see is not theirs to unlink.
            if name in self.cleaned_data:
                self.cleaned_data[name] = [*self.cleaned_data[name], *kept]
        return self.cleaned_data

    def _show_both_texts(self) -> None:
        self.add_error(None, ValidationError(STALE, code="stale"))
        for name in self.cleaned_data.keys() & self._stored.keys():
            field, stored = self.fields[name], self._stored[name]
            if field.has_changed(stored, self[name].data):
                shown = self._display(name, stored)
                self.add_error(
                    name, ValidationError(STALE_FIELD.format(stored=shown), code="stale")
                )
        # The next submit is made knowingly: it carries the version now shown.
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = self.instance.version

    def _display(self, name: str, stored: Any) -> str:
        field = self.fields[name]
        if isinstance(field, forms.ModelMultipleChoiceField):
            return ", ".join(str(obj) for obj in stored or [])
        if isinstance(field, forms.ModelChoiceField):
            chosen = field.queryset.filter(pk=stored).first() if stored else None
            return str(chosen or "–")
        if isinstance(field, forms.MultipleChoiceField):
            labels = dict(field.choices)
            return ", ".join(str(labels.get(value, value)) for value in stored or [])
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices).get(stored, stored) or "–")
        return str(field.prepare_value(stored) if stored not in {None, ""} else "–")

    def _post_clean(self) -> None:
        """Refuse a row of another territory, when the user has rights in both."""
        super()._post_clean()
        own = getattr(self.instance, "audit_territory_key", None)
        for name, value in list(self.cleaned_data.items()):
            theirs = isinstance(value, models.Model) and getattr(value, "territory_id", None)
            if own and theirs and theirs != own:
                self.add_error(name, ValidationError(NEIGHBOUR, code="neighbour"))

    def _get_validation_exclusions(self) -> set[str]:
        """Validate what the URL decides too, so that a double is a message."""
        return super()._get_validation_exclusions() - set(self.fixed)

    def _update_errors(self, errors: ValidationError) -> None:
        """Keep an error about a field this form does not show: it goes above the fields."""
        told = getattr(errors, "error_dict", {})
        for name in [name for name in told if name not in self.fields and name != NON_FIELD_ERRORS]:
            self.add_error(None, told.pop(name))
        super()._update_errors(errors)

    def save(self, commit: bool = True) -> models.Model:
        """Save and journal in one transaction; an edit that changes nothing writes nothing."""
        changed = [name for name in self.changed_data if name != "version"]
        if self.is_edit and not changed:
            return self.instance
        with transaction.atomic():
            obj = super().save(commit=commit)
            record(self.scope, Verb.UPDATE if self.is_edit else Verb.CREATE, obj, changed=changed)
        return obj
