"""Forms of territories and their districts."""

import zoneinfo

from django import forms
from django.db import transaction

from autoprod.core.forms import ScopedModelForm
from programmes.models import District, Territory
from programmes.services.territories import give_to_its_creator


class TerritoryForm(ScopedModelForm):
    """A territory and its settings."""

    class Meta:
        model = Territory
        fields = [
            "name",
            "kind",
            "insee_code",
            "controller",
            "contact_email",
            "disclosure_threshold",
            "open_data_threshold",
            "time_zone",
            "note",
        ]

    def clean_time_zone(self) -> str:
        """Refuse a time zone nobody knows: every local day depends on it."""
        name = self.cleaned_data["time_zone"]
        if name not in zoneinfo.available_timezones():
            raise forms.ValidationError("Fuseau inconnu. En métropole, écrivez Europe/Paris.")
        return name

    def save(self, commit: bool = True) -> Territory:
        """Save; a territory just opened is given to its creator in the same transaction."""
        with transaction.atomic():
            territory = super().save(commit=commit)
            if not self.is_edit:
                give_to_its_creator(scope=self.scope, territory=territory)
        return territory


class DistrictForm(ScopedModelForm):
    """A district of a territory."""

    class Meta:
        model = District
        fields = ["name", "qpv_code", "closed_on"]

    def clean_qpv_code(self) -> str:
        """Return the code in capitals."""
        return self.cleaned_data["qpv_code"].upper()
