"""Forms of identities: birth (the year alone will do), sex, e-mail, domiciliation."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from autoprod.core.forms import ScopedModelForm
from beneficiaries.models import PersonIdentity

BIRTH_HELP = "Ou l’année seule, quand on ne sait que cela\u00a0: 1973."
WRONG_BIRTH = "Écrivez une date, par exemple 12/03/1973, ou l’année seule\u00a0: 1973."
NOT_YET = "Vérifiez l’année de naissance."


class BirthField(forms.DateField):
    """A day, or a year alone: « 1973 » gives its first day, and `is_year` tells it apart."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "placeholder": "12/03/1973 ou 1973"})
    #: Two digits would not say the century.
    input_formats = ("%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%d %m %Y")
    default_error_messages = {"invalid": WRONG_BIRTH}

    @staticmethod
    def is_year(typed: Any) -> bool:
        """Tell whether a year alone was typed."""
        return bool(re.fullmatch(r"\s*[0-9]{4}\s*", str(typed or "")))

    @staticmethod
    def words(born_on: date | None, is_year_only: bool) -> str:
        """Return what the field shows of a birth: « 1973 » or « 12/03/1973 »."""
        if born_on is None:
            return ""
        return f"{born_on.year:04}" if is_year_only else born_on.strftime("%d/%m/%Y")

    def to_python(self, value: Any) -> date | None:
        """Return the day; the first of January for a year alone."""
        if not self.is_year(value):
            return super().to_python(value)
        try:
            return date(int(value), 1, 1)
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Tell whether another birth was typed: « 01/01/1973 » says more than « 1973 »."""
        before, after = str(initial or "").strip(), str(data or "").strip()
        if self.is_year(before) != self.is_year(after):
            return True
        try:
            return self.to_python(before) != self.to_python(after)
        except ValidationError:
            return True


class ShortIdentityForm(ScopedModelForm):
    """Sex, birth and e-mail: what figures and a first call need, asked on the first day."""

    class Meta:
        model = PersonIdentity
        fields = ["sex", "born_on", "email"]
        field_classes = {"born_on": BirthField}
        help_texts = {"born_on": BIRTH_HELP}
        widgets = {"email": forms.EmailInput(attrs={"autocomplete": "off"})}

    def __init__(self, *args, instance: PersonIdentity, **kwargs) -> None:
        """Show a birth as it is known: the year alone, or the day."""
        birth = BirthField.words(instance.born_on, instance.is_birth_year_only)
        kwargs["initial"] = {"born_on": birth} | (kwargs.get("initial") or {})
        super().__init__(*args, instance=instance, **kwargs)

    def clean_born_on(self) -> date | None:
        """Refuse a birth to come; keep whether the year alone is known."""
        born_on = self.cleaned_data["born_on"]
        if born_on and born_on > timezone.localdate():
            raise ValidationError(NOT_YET)
        self.instance.is_birth_year_only = BirthField.is_year(self["born_on"].data)
        return born_on


class IdentityForm(ShortIdentityForm):
    """Birth, sex, e-mail, and where the mail of somebody without an address goes."""

    class Meta(ShortIdentityForm.Meta):
        fields = [
            "sex",
            "born_on",
            "birthplace",
            "email",
            "domiciled_by",
            "domiciled_until",
        ]
        help_texts = ShortIdentityForm.Meta.help_texts | {
            "domiciled_by": "CCAS ou association qui reçoit le courrier de la personne.",
            "domiciled_until": "La date écrite sur l’attestation d’élection de domicile.",
        }
        widgets = ShortIdentityForm.Meta.widgets | {
            "birthplace": forms.TextInput(attrs={"autocomplete": "off"})
        }

    def choices_of_domiciled_by(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the organisations of the person's territory still active, and the one noted."""
        choices = choices.for_scope(self.scope, self.action)
        choices = choices.filter(territory=self.instance.person.territory_id)
        kept = choices.filter(pk=self.instance.domiciled_by_id or 0)
        return choices.open(timezone.localdate()) | kept
