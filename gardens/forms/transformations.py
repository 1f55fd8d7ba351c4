"""Form of what is cooked: kilograms of several lots, and what they become."""

from collections.abc import Iterator
from decimal import Decimal

from django import forms
from django.db.models import Case, Q, QuerySet, Value, When
from django.utils import timezone

from autoprod.core.forms import KEY_DIGITS, FilterForm
from gardens.enums import DateKind
from gardens.forms.acts import ActForm, SessionField, kilograms, lots_of, products_of
from gardens.forms.lots import WHICH_DATE
from gardens.models import Lot, Product
from gardens.services.transformations import NOTHING_TAKEN, Made
from programmes.models import Programme, Site

#: Lots shown; beyond, the page says so, and a product chosen brings its lots first.
MOST = 100


class LotsFilter(FilterForm):
    """The product whose lots come first."""

    produit = forms.ModelChoiceField(label="Prendre de", queryset=Product.objects.none())

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        """Offer the products of which something is left."""
        super().__init__(*args, **kwargs)
        left = lots_of(self.scope, programme).order_by().values("product")
        products = products_of(self.scope, programme).filter(pk__in=left)
        self.fields["produit"].queryset = products

    @property
    def product(self) -> Product | None:
        """Return the product chosen, None without one."""
        return self.cleaned_data.get("produit") if self.is_bound and self.is_valid() else None


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

    def __init__(self, *args, first: str = "", before: Product | None = None, **kwargs) -> None:
        """Show first the lot (its key) that one comes from, then the lots of a product."""
        self.first, self.before = first, before
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        """Add a weight for each lot that may be cooked."""
        past = Q(date_kind=DateKind.USE_BY, expires_on__lt=timezone.localdate())
        rows = lots_of(self.scope, self.programme).filter(recalled_on=None).exclude(past)
        found = list(self._in_turn(rows)[: MOST + 1])
        self.lots, self.has_more = found[:MOST], len(found) > MOST
        for lot in self.lots:
            self.fields[f"grams_{lot.pk}"] = kilograms(
                f"Pris du lot {lot.number} (kg)", required=False
            )

    def _in_turn(self, rows: QuerySet[Lot]) -> QuerySet[Lot]:
        """Return the lots, those one comes for first: a weight typed is never left unread."""
        first = int(self.first) if _is_key(self.first) else 0
        names = (name.removeprefix("grams_") for name, typed in self.data.items() if typed)
        typed = [int(name) for name in names if _is_key(name)][:MOST]
        turn = Case(
            When(pk=first, then=0),
            When(pk__in=typed, then=1),
            When(product=self.before, then=2),
            default=Value(3),
        )
        return rows.order_by(turn, *rows.query.order_by)

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


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= KEY_DIGITS
