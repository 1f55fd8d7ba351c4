"""Forms of what a garden stands on: its labels, and the land that is lent to it."""

from django import forms
from django.db import models

from autoprod.core.fields import IdentifierFormField, display_phone
from autoprod.core.fields.identifiers import normalise_phone, validate_phone
from autoprod.core.forms import ScopedModelForm
from gardens.models import GardenLabel, LandAgreement

NO_PHONE = "Écrivez le téléphone sur la fiche de l’organisation\u00a0: il y sert à tout le monde."


class OfGardenForm(ScopedModelForm):
    """Something of a garden that an organisation gives or lends; `fixed` gives the garden."""

    def choices_of_organisation(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the organisations of the garden's territory."""
        choices = choices.for_scope(self.scope, self.action)
        return choices.filter(territory=self.instance.garden.site.territory_id)


class LabelForm(OfGardenForm):
    """A label, who gave it, and until when it holds."""

    class Meta:
        model = GardenLabel
        fields = ["kind", "organisation", "obtained_on", "ends_on"]
        help_texts = {"ends_on": "Laissez vide si le label n’a pas de fin."}


class AgreementForm(OfGardenForm):
    """Land that is lent: by whom, how much, until when, for what share of the harvest."""

    lender_phone = IdentifierFormField(
        label="Téléphone",
        required=False,
        normalise=normalise_phone,
        display=display_phone,
        validators=[validate_phone],
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )

    class Meta:
        model = LandAgreement
        fields = [
            "kind",
            "organisation",
            "lender_name",
            "lender_phone",
            "area",
            "starts_on",
            "ends_on",
            "owner_share",
        ]
        help_texts = {
            "organisation": "Ou écrivez plus bas le nom de la personne qui prête.",
            "ends_on": "Laissez vide si l’accord n’a pas de fin.",
        }
        widgets = {"lender_name": forms.TextInput(attrs={"autocomplete": "off"})}

    def clean(self) -> dict:
        """Say that an organisation's telephone has its own place."""
        cleaned = super().clean()
        is_organisation = cleaned.get("organisation") and not cleaned.get("lender_name")
        if is_organisation and cleaned.get("lender_phone"):
            self.add_error("lender_phone", NO_PHONE)
        return cleaned
