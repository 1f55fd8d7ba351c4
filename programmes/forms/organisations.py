"""Forms of organisations, and the choice of a territory that several subjects share."""

from django import forms
from django.db import models

from autoprod.core.forms import FilterForm, ScopedModelForm
from autoprod.core.scoping import Action
from programmes.models import Organisation, ReferenceCode


class TerritoryOnceForm(ScopedModelForm):
    """Asks for the territory only when there are several, and never changes it afterwards."""

    def __init__(self, *args, **kwargs) -> None:
        """Take the field away when there is nothing to choose."""
        super().__init__(*args, **kwargs)
        choices = list(self.fields["territory"].queryset[:2])
        if self.is_edit:
            self.fixed["territory"] = self.instance.territory
            del self.fields["territory"]
        elif len(choices) == 1:
            self.fixed["territory"] = self.instance.territory = choices[0]
            del self.fields["territory"]


class OrganisationForm(TerritoryOnceForm):
    """An organisation's card; its role is said programme by programme."""

    # « exemple.fr » becomes https://exemple.fr.
    website = forms.URLField(label="Site internet", required=False, assume_scheme="https")

    class Meta:
        model = Organisation
        fields = [
            "territory",
            "name",
            "kind",
            "phone",
            "email",
            "website",
            "address",
            "postcode",
            "city",
            "siret",
            "rna",
            "closed_on",
            "note",
        ]


class OrganisationFilter(FilterForm):
    """Find an organisation by its name or its nature."""

    name = forms.CharField(label="Nom", max_length=100)
    kind = forms.ModelChoiceField(label="Nature", queryset=ReferenceCode.objects.none())

    def __init__(self, *args, **kwargs) -> None:
        """Offer the kinds of the reference list."""
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = ReferenceCode.objects.for_scope(
            self.scope, Action.VIEW_FRAME
        ).in_list("organisation_kinds")

    def narrow(self, rows: models.QuerySet) -> models.QuerySet:
        """Return the organisations that match."""
        if name := self.cleaned_data.get("name"):
            rows = rows.named_like(name)
        if kind := self.cleaned_data.get("kind"):
            rows = rows.filter(kind=kind)
        return rows
