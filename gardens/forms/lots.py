"""Forms of lots: what is received, several products on one slip; what is put right of a lot."""

from collections.abc import Iterator

from django import forms
from django.db import models
from django.utils import timezone

from autoprod.core.fields import AmountFormField
from autoprod.core.fields.amounts import DEGREES, EUROS
from autoprod.core.forms import FilterForm, ScopedModelForm
from autoprod.core.scoping import Action
from gardens.columns.lots import SOON
from gardens.enums import DateKind, Origin
from gardens.forms.acts import (
    READ_BY_ALL,
    ActForm,
    kilograms,
    organisations_of,
    products_of,
    sites_of,
)
from gardens.models import Lot, Product
from gardens.services.lots import Line, Slip
from gardens.services.transformations import Move
from programmes.models import Organisation, Programme, Site

#: Lines shown at first, added at once, and at most.
LINES, MORE, MOST = 2, 2, 30
#: What a line says besides its product and its weight, in the order of the page.
_NAMES = (
    *("product", "grams", "cost", "expires_on", "date_kind", "supplier_lot", "temperature"),
    *("value", "value_source", "is_organic"),
)
NO_WEIGHT = "Écrivez le poids de ce produit."
NO_PRODUCT = "Choisissez le produit."
WHICH_DATE = "Dites si c’est une DLC ou une DDM."
NO_SOURCE = "Dites d’où vient cette valeur, ou le numéro du bordereau."


def _line_fields(origin: Origin) -> dict[str, forms.Field]:
    """Return the fields of one line."""
    fields = {
        "product": forms.ModelChoiceField(label="Produit", queryset=Product.objects.none()),
        "grams": kilograms("Poids (kg)"),
        "cost": AmountFormField(unit=EUROS, label="Payé (€)"),
        "expires_on": forms.DateField(label="À consommer jusqu’au"),
        "date_kind": forms.ChoiceField(
            label="Date limite", choices=[("", "Selon le produit"), *DateKind.choices]
        ),
        "supplier_lot": forms.CharField(label="Lot du fournisseur", max_length=60),
        "temperature": AmountFormField(
            unit=DEGREES, label="Température à l’arrivée (°C)", allow_negative=True
        ),
        "value": AmountFormField(
            unit=EUROS,
            label="Valeur (€)",
            help_text="Laissez vide\u00a0: le prix de référence la calcule.",
        ),
        "value_source": forms.CharField(
            label="D’où vient cette valeur", max_length=200, help_text=READ_BY_ALL
        ),
        "is_organic": forms.BooleanField(label="Bio"),
    }
    if origin != Origin.PURCHASE:
        del fields["cost"]
    for field in fields.values():
        field.required = False
    return fields


class SlipForm(ActForm):
    """A delivery note: who brought what, one line per product."""

    supplier = forms.ModelChoiceField(label="Donné par", queryset=Organisation.objects.none())
    through = forms.ModelChoiceField(
        label="Commandé ou livré par un tiers",
        queryset=Organisation.objects.none(),
        required=False,
        help_text="L’organisation qui a passé la commande ou fait le transport.",
    )
    slip = forms.CharField(label="Bordereau n°", max_length=60, required=False)
    on = forms.DateField(label="Reçu le", initial=timezone.localdate)
    site = forms.ModelChoiceField(label="Rangé à", queryset=Site.objects.none())
    is_public_money = forms.BooleanField(label="Acheté sur crédits publics", required=False)
    lines = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, origin: Origin, count: int = LINES, **kwargs) -> None:
        """Ask for so many lines."""
        self.origin, self.count = origin, max(1, min(count, MOST))
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        """Add the fields of each line; the first one says something."""
        self.fields["lines"].initial = self.count
        if self.origin == Origin.PURCHASE:
            self.fields["supplier"].label = "Acheté à"
        else:
            del self.fields["is_public_money"]
        for rank in range(1, self.count + 1):
            for name, field in _line_fields(self.origin).items():
                self.fields[f"{name}_{rank}"] = field
        for name in ("product_1", "grams_1"):
            self.fields[name].required = True

    def clean(self) -> dict:
        """Ask of each line that says something what it lacks."""
        cleaned = super().clean()
        for rank in range(1, self.count + 1):
            if self._is_told(rank):
                self._check(rank)
        return cleaned

    def _is_told(self, rank: int) -> bool:
        told = self.cleaned_data
        return any(told.get(f"{name}_{rank}") not in (None, "", False) for name in _NAMES)

    def _check(self, rank: int) -> None:
        told = {name: self.cleaned_data.get(f"{name}_{rank}") for name in _NAMES}
        if told["product"] is None and f"product_{rank}" not in self.errors:
            self.add_error(f"product_{rank}", NO_PRODUCT)
        if not told["grams"] and f"grams_{rank}" not in self.errors:
            self.add_error(f"grams_{rank}", NO_WEIGHT)
        kind = told["date_kind"] or (told["product"].date_kind if told["product"] else "")
        if told["expires_on"] and not kind:
            self.add_error(f"date_kind_{rank}", WHICH_DATE)
        if told["value"] is not None and not (told["value_source"] or self.cleaned_data["slip"]):
            self.add_error(f"value_source_{rank}", NO_SOURCE)

    def slip_told(self) -> Slip:
        """Return who brought it, and when."""
        told = self.cleaned_data
        return Slip(
            programme=self.programme,
            site=told["site"],
            origin=self.origin,
            on=told["on"],
            supplier=told["supplier"],
            through=told["through"],
            number=told["slip"],
            is_public_money=told.get("is_public_money", False),
        )

    def ranks(self) -> list[int]:
        """Return the lines that say something."""
        return [rank for rank in range(1, self.count + 1) if self._is_told(rank)]

    def lines_told(self) -> list[Line]:
        """Return the products of the lines that say something."""
        return [self._line(rank) for rank in self.ranks()]

    def _line(self, rank: int) -> Line:
        told = {name: self.cleaned_data.get(f"{name}_{rank}") for name in _NAMES}
        if not told["expires_on"]:
            told["date_kind"] = ""
        elif not told["date_kind"]:
            told["date_kind"] = told["product"].date_kind
        if told["value"] is None:
            told["value_source"] = ""
        elif not told["value_source"]:
            told["value_source"] = f"Bordereau n°\u00a0{self.cleaned_data['slip']}"
        told["is_organic"] = bool(told["is_organic"])
        return Line(**told)

    def rows(self) -> Iterator[dict]:
        """Yield the fields of each line for the page: those always shown, those folded."""
        first = ("product", "grams", "cost", "expires_on", "date_kind")
        for rank in range(1, self.count + 1):
            names = [name for name in _NAMES if f"{name}_{rank}" in self.fields]
            folded = [self[f"{name}_{rank}"] for name in names if name not in first]
            yield {
                "rank": rank,
                "shown": [self[f"{name}_{rank}"] for name in names if name in first],
                "folded": folded,
                "is_open": any(field.errors for field in folded),
            }

    def head(self) -> list[forms.BoundField]:
        """Return the fields of the slip itself."""
        names = ("supplier", "through", "slip", "on", "site", "is_public_money")
        return [self[name] for name in names if name in self.fields]


class LotForm(ScopedModelForm):
    """What was badly noted of a lot; its weight, its product and its origin never change."""

    class Meta:
        model = Lot
        fields = [
            "variety",
            "date_kind",
            "expires_on",
            "supplier",
            "through",
            "slip",
            "supplier_lot",
            "temperature",
            "value",
            "value_source",
            "cost",
            "is_public_money",
            "is_organic",
        ]
        labels = {"expires_on": "À consommer jusqu’au", "date_kind": "Date limite"}
        help_texts = {"value_source": READ_BY_ALL}

    def __init__(self, *args, **kwargs) -> None:
        """Leave out what does not concern where the lot comes from."""
        super().__init__(*args, **kwargs)
        origin = self.instance.origin
        bought = ("cost", "is_public_money")
        outside = ("supplier", "through", "slip", "supplier_lot", "temperature")
        for name in () if origin == Origin.PURCHASE else bought:
            del self.fields[name]
        for name in () if origin in {Origin.DONATION, Origin.PURCHASE} else outside:
            del self.fields[name]
        if not self.instance.product.species_id:
            del self.fields["variety"]

    def choices_of_variety(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the varieties of the product's species."""
        rows = choices.for_scope(self.scope, Action.VIEW_GARDENS)
        return rows.filter(species=self.instance.product.species_id)

    def choices_of_supplier(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the organisations of the territory."""
        return organisations_of(self.scope, self.instance.programme)

    def choices_of_through(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the organisations of the territory."""
        return organisations_of(self.scope, self.instance.programme)


class TransferForm(ActForm):
    """Kilograms of a lot carried to another place."""

    site = forms.ModelChoiceField(label="Porté à", queryset=Site.objects.none())
    grams = kilograms("Poids (kg)")
    on = forms.DateField(label="Le", initial=timezone.localdate)
    note = forms.CharField(label="Précision", max_length=160, required=False)

    def move(self) -> Move:
        """Return what is carried."""
        told = self.cleaned_data
        return Move(
            site=told["site"],
            grams=told["grams"],
            on=told["on"],
            note=told["note"],
            client_uuid=self.mark,
        )


class StockFilter(FilterForm):
    """What is left: of a product, in a place, to give soon."""

    STATES = (
        ("", "Tout"),
        ("soon", "À donner dans les 3 jours"),
        ("past", "Date passée"),
        ("recalled", "Rappelé"),
    )
    product = forms.ModelChoiceField(label="Produit", queryset=Product.objects.none())
    site = forms.ModelChoiceField(label="Lieu", queryset=Site.objects.none())
    state = forms.ChoiceField(label="État", choices=STATES)

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        """Offer the products and the places of a programme."""
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = products_of(self.scope, programme)
        self.fields["site"].queryset = sites_of(self.scope, programme)

    def narrow(self, rows: models.QuerySet) -> models.QuerySet:
        """Return the lots that match."""
        told = self.cleaned_data
        if product := told.get("product"):
            rows = rows.filter(product=product)
        if site := told.get("site"):
            rows = rows.filter(site=site)
        today = timezone.localdate()
        match told.get("state"):
            case "soon":
                rows = rows.filter(expires_on__gte=today, expires_on__lte=today + SOON)
            case "past":
                rows = rows.filter(expires_on__lt=today)
            case "recalled":
                rows = rows.exclude(recalled_on=None)
        return rows
