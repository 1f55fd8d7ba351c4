"""Form of what is cooked: kilograms of several lots, and what they become."""

from collections.abc import Iterator
from decimal import Decimal

from django import forms
from django.db.models import Q
from django.utils import timezone

from gardens.enums import DateKind
from gardens.forms.acts import ActForm, SessionField, kilograms, lots_of
from gardens.forms.lots import WHICH_DATE
from gardens.models import Lot, Product
from gardens.services.transformations import NOTHING_TAKEN, Made
from programmes.models import Site

#: Lots shown; beyond, the page says to choose a product.
MOST = 100


class TransformationForm(ActForm):
    """What comes out, and what is taken of each lot in stock."""

    product = forms.ModelChoiceField(label="Ce que l’on a fait", queryset=Product.objects.none())
    grams = kilograms("Poids obtenu (kg)")
    pieces = forms.IntegerField(
        label="Pots, bocaux, bouteilles", min_value=1, max_value=100_000, required=False
    )
    on = forms.DateField(label="Fait le", initial=timezone.localdate)
    site = forms.ModelChoiceField(label="Rangé à", queryset=Site.objects.none())
    session = SessionField(label="Séance", required=False)
    expires_on = forms.DateField(label="À consommer jusqu’au", required=False)
    date_kind = forms.ChoiceField(
        label="Date limite",
        choices=[("", "Selon le produit"), *DateKind.choices],
        required=False,
    )
    note = forms.CharField(label="Précision", max_length=160, required=False)

    def __init__(self, *args, first: str = "", **kwargs) -> None:
        """Show first the lot (its key) that one comes from."""
        self.first = first
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        """Add a weight for each lot that may be cooked."""
        past = Q(date_kind=DateKind.USE_BY, expires_on__lt=timezone.localdate())
        rows = lots_of(self.scope, self.programme).filter(recalled_on=None).exclude(past)
        self.lots = sorted(rows[:MOST], key=lambda lot: str(lot.pk) != self.first)
        for lot in self.lots:
            self.fields[f"grams_{lot.pk}"] = kilograms(
                f"Pris du lot {lot.number} (kg)", required=False
            )

    def clean(self) -> dict:
        """Ask for at least one lot, and for which date it is."""
        cleaned = super().clean()
        if not self.ingredients() and not self.errors:
            self.add_error(None, NOTHING_TAKEN)
        product = cleaned.get("product")
        kind = cleaned.get("date_kind") or (product.date_kind if product else "")
        if cleaned.get("expires_on") and not kind:
            self.add_error("date_kind", WHICH_DATE)
        return cleaned

    def ingredients(self) -> dict[int, Decimal]:
        """Return the kilograms taken of each lot, by key."""
        told = {lot.pk: self.cleaned_data.get(f"grams_{lot.pk}") for lot in self.lots}
        return {key: grams for key, grams in told.items() if grams}

    def made(self) -> Made:
        """Return what comes out."""
        told = self.cleaned_data
        kind = told["date_kind"] or told["product"].date_kind
        return Made(
            programme=self.programme,
            site=told["site"],
            product=told["product"],
            grams=told["grams"],
            on=told["on"],
            session=told["session"],
            date_kind=kind if told["expires_on"] else "",
            expires_on=told["expires_on"],
            pieces=told["pieces"],
            note=told["note"],
            client_uuid=self.mark,
        )

    def rows(self) -> Iterator[tuple[Lot, forms.BoundField]]:
        """Yield each lot with its field."""
        for lot in self.lots:
            yield lot, self[f"grams_{lot.pk}"]

    def head(self) -> list[forms.BoundField]:
        """Return the fields of what is made."""
        names = ("product", "grams", "pieces", "expires_on", "date_kind", "on", "site", "session")
        return [self[name] for name in (*names, "note")]
