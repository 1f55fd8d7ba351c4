"""Filter of the list of what left."""

from django import forms
from django.db import models

from autoprod.core.forms import FilterForm
from gardens.enums import Destination
from gardens.forms.acts import organisations_of, products_of
from gardens.models import Product
from programmes.models import Organisation, Programme


class MovementFilter(FilterForm):
    """To one destination, one organisation, of one product."""

    destination = forms.ChoiceField(label="Vers", choices=[("", "Tout"), *Destination.choices])
    organisation = forms.ModelChoiceField(
        label="Organisation", queryset=Organisation.objects.none()
    )
    product = forms.ModelChoiceField(label="Produit", queryset=Product.objects.none())

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        """Offer the products and the organisations of a programme."""
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_of(self.scope, programme)
        self.fields["product"].queryset = products_of(self.scope, programme)

    def narrow(self, rows: models.QuerySet) -> models.QuerySet:
        """Return the movements that match."""
        told = self.cleaned_data
        names = {"destination": "destination", "organisation": "organisation"}
        names["product"] = "lot__product"
        asked = {lookup: told[name] for name, lookup in names.items() if told[name]}
        return rows.filter(**asked)
