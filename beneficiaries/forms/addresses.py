"""The form of an address: who hides one without being the referent is told first."""

import re
from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError

from autoprod.core.forms import ScopedModelForm
from beneficiaries.models import PersonAddress
from beneficiaries.services import addresses

NOBODY = (
    "Cette personne n’a pas de référent\u00a0: une fois masquée, son adresse ne serait plus lue "
    "par personne. Nommez d’abord un référent dans son inscription."
)
LOST = (
    "Vous n’êtes pas référent de cette personne\u00a0: une fois l’adresse masquée, vous ne pourrez "
    "plus ni la lire ni la corriger. Cochez pour confirmer, ou laissez l’adresse visible."
)


class AddressForm(ScopedModelForm):
    """Where somebody lives, and whether nobody but their referent may know."""

    class Meta:
        model = PersonAddress
        fields = ["street", "postcode", "city", "is_hidden"]
        labels = {"street": "Numéro et rue"}
        widgets = {
            "street": forms.TextInput(attrs={"autocomplete": "off"}),
            "postcode": forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
            "city": forms.TextInput(attrs={"autocomplete": "off"}),
        }

    loses_sight = forms.BooleanField(
        label="J’ai compris\u00a0: je ne verrai plus cette adresse", required=False
    )

    def __init__(self, *args, **kwargs) -> None:
        """Ask to confirm only whoever is about to lose sight of what they write."""
        super().__init__(*args, **kwargs)
        self.follows = addresses.follows(self.scope, self.instance.person)
        hides = self.is_bound and bool(self["is_hidden"].data)
        if self.follows or not hides:
            del self.fields["loses_sight"]

    @cached_property
    def changed_data(self) -> list[str]:
        """Return the fields of the address that change: a confirmation is not one."""
        return [name for name in super().changed_data if name != "loses_sight"]

    def clean_postcode(self) -> str:
        """Refuse what is not five digits."""
        postcode = self.cleaned_data["postcode"]
        if postcode and not re.fullmatch(r"[0-9]{5}", postcode):
            raise ValidationError("Un code postal a cinq chiffres, par exemple 59300.")
        return postcode

    def clean(self) -> dict:
        """Refuse to hide from everybody; warn whoever would no longer read what they hide."""
        cleaned = super().clean()
        if not cleaned.get("is_hidden") or self.follows:
            return cleaned
        if not addresses.is_followed(self.instance.person):
            self.add_error("is_hidden", NOBODY)
            del self.fields["loses_sight"]
        elif not cleaned.get("loses_sight"):
            self.add_error("loses_sight", LOST)
        return cleaned
