"""Forms of recalls: finding the lots, blocking them, letting one go out again."""

from django import forms
from django.db import models
from django.db.models import Q

from autoprod.core.forms import FilterForm, RowsField
from gardens.forms.acts import NAMELESS, ActForm, organisations_of, products_of
from gardens.models import Lot, Product
from programmes.models import Organisation, Programme


class RecallSearch(FilterForm):
    """What a warning says of food: a number, a product and days, or who brought it."""

    number = forms.CharField(label="N° de lot, le nôtre ou celui du fournisseur", max_length=60)
    product = forms.ModelChoiceField(label="Produit", queryset=Product.objects.none())
    supplier = forms.ModelChoiceField(label="Fournisseur", queryset=Organisation.objects.none())
    since = forms.DateField(label="Entré depuis le", widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="jusqu’au", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        """Offer the products and the organisations of a programme."""
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = products_of(self.scope, programme)
        self.fields["supplier"].queryset = organisations_of(self.scope, programme)

    @property
    def is_asked(self) -> bool:
        """Tell whether something was asked that can be looked for."""
        return self.is_bound and self.is_valid() and any(self.cleaned_data.values())

    def narrow(self, rows: models.QuerySet) -> models.QuerySet:
        """Return the lots that match everything told."""
        told = self.cleaned_data
        if number := told["number"].strip():
            rows = rows.filter(Q(number__icontains=number) | Q(supplier_lot__icontains=number))
        names = {"product": "product", "supplier": "supplier"}
        names |= {"since": "on__gte", "until": "on__lte"}
        asked = {lookup: told[name] for name, lookup in names.items() if told[name]}
        return rows.filter(**asked)


class RecallForm(ActForm):
    """The lots to block, and why."""

    lots = RowsField(
        label="Lots à rappeler",
        queryset=Lot.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="Ce qu’ils sont devenus est bloqué avec eux.",
    )
    reason = forms.CharField(
        label="Motif du rappel",
        max_length=240,
        help_text=f"Il est imprimé et lu aux destinataires. {NAMELESS}",
    )

    def __init__(self, *args, lots: models.QuerySet, **kwargs) -> None:
        """Offer some lots, all ticked."""
        self.offered = lots
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        """Offer the lots."""
        field = self.fields["lots"]
        field.queryset = self.offered
        field.label_from_instance = _told
        self.initial.setdefault("lots", [lot.pk for lot in self.offered])
        if not self.initial["lots"]:
            field.help_text = "Aucun lot n’est choisi\u00a0: cherchez d’abord celui à rappeler."


def _told(lot: Lot) -> str:
    return f"Lot {lot.number}\u00a0: {lot.product}, entré le {lot.on:%d/%m/%Y}"


class LiftForm(ActForm):
    """Why a recall ends."""

    reason = forms.CharField(
        label="Pourquoi le rappel est levé",
        max_length=300,
        help_text=f"Gardé au journal. {NAMELESS}",
    )
