"""What opens a real installation: its territory, its first programme and its first account."""

from django import forms

from autoprod.accounts.models import User
from programmes.enums import ProgrammeKind
from programmes.models import Organisation, Programme, Territory


def _field(model, name: str, label: str, **kwargs) -> forms.Field:
    """Return the model's own form field, so that the command obeys the pages' rules."""
    field = model._meta.get_field(name)
    # A model form would run these on the row; here there is no row yet.
    return field.formfield(label=label, validators=field.validators, **kwargs)


class FirstStartForm(forms.Form):
    """The answers of `manage.py first_start`, one field per option."""

    territory = _field(Territory, "name", "Nom du territoire")
    insee = _field(Territory, "insee_code", "Code Insee de la commune", required=False)
    controller = _field(Territory, "controller", "Service responsable des données")
    organisation = _field(
        Organisation, "name", "Organisation qui porte la première action", required=False
    )
    programme = _field(Programme, "name", "Nom de la première action")
    kind = forms.ChoiceField(
        label="Genre d’action",
        choices=ProgrammeKind.choices,
        initial=ProgrammeKind.GARDEN,
        error_messages={
            "invalid_choice": "Genre inconnu. Au choix : " + ", ".join(ProgrammeKind.values) + "."
        },
    )
    email = _field(User, "email", "Adresse e-mail du premier compte")
    first_name = _field(User, "first_name", "Prénom")
    last_name = _field(User, "last_name", "Nom")

    def clean_email(self) -> str:
        """Return the address in lower case, as accounts store it."""
        return self.cleaned_data["email"].lower()

    def clean(self) -> dict:
        """Take the service itself as the organisation when none is named."""
        cleaned = super().clean()
        cleaned["organisation"] = cleaned.get("organisation") or cleaned.get("controller", "")
        return cleaned
