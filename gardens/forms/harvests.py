"""What is typed when a harvest is weighed: the scales, the crate, where it goes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils import timezone

from autoprod.core import formatting
from autoprod.core.fields import AmountFormField
from autoprod.core.fields.amounts import KILOGRAMS
from autoprod.core.forms import CHOOSE, FilterForm, guard
from autoprod.core.scoping import Action, Scope
from gardens.enums import Destination, Quality
from gardens.models import Product, Variety
from gardens.services.harvests import NOT_OF_SPECIES, Weighing
from gardens.services.movements import Out
from gardens.services.weighings import DESTINATIONS, offered
from programmes.models import Organisation, Programme, Session, Site

A = Action.EDIT_GARDENS
STOCK, SPLIT = "stock", "split"
KG, PIECES = "kg", "pieces"
#: Of those who receive, what is counted.
COUNTED = {
    Destination.GROWERS: "jardiniers",
    Destination.BASKET: "paniers",
    Destination.TABLE: "portions",
}
#: A phone whose clock is ahead, or that was kept in a drawer: what it says is not when it was.
_AHEAD, _OLD = timedelta(minutes=5), timedelta(days=30)

NO_PRODUCT = "Choisissez ce que vous pesez."
NO_WEIGHT = "Écrivez ce que dit la balance."
NOTHING = "La tare est plus lourde que ce qui est pesé\u00a0: vérifiez l’une ou l’autre."
NO_PIECE = "Une pièce de ce produit n’a pas de poids connu\u00a0: pesez-le en kilogrammes."
NOT_WHOLE = "Écrivez un nombre de pièces, sans virgule."
NOWHERE = "Dites où elle va, ou «\u00a0au stock\u00a0»."
NO_RECEIVER = "Choisissez l’association."
NO_PART = "Écrivez au moins une part, ou choisissez une seule destination."
TOO_MUCH = "Vous répartissez {shared}, il n’y en a que {net}."


def _part(destination: Destination) -> AmountFormField:
    return AmountFormField(unit=KILOGRAMS, required=False, label=f"{destination.label} (kg)")


class WeighForm(forms.Form):
    """One weighing: whole to one place, to the stock, or split over several."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput)
    observed_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    site = forms.ModelChoiceField(Site.objects.none(), label="Jardin")
    on = forms.DateField(label="Jour")
    product = forms.ModelChoiceField(
        Product.objects.none(), label="Produit", error_messages={"required": NO_PRODUCT}
    )
    variety = forms.ModelChoiceField(Variety.objects.none(), label="Variété", required=False)
    weight = AmountFormField(unit=KILOGRAMS, label="Poids", error_messages={"required": NO_WEIGHT})
    measure = forms.ChoiceField(
        label="Unité", choices=[(KG, "kg"), (PIECES, "pièces")], required=False
    )
    tare = AmountFormField(unit=KILOGRAMS, label="Tare (kg)", required=False)
    destination = forms.ChoiceField(
        label="Où va-t-elle\u00a0?",
        choices=[*((d.value, d.label) for d in DESTINATIONS), (STOCK, "Au stock"), (SPLIT, "")],
        error_messages={"required": NOWHERE},
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="Association", required=False
    )

    def __init__(
        self, *args, scope: Scope, programme: Programme, products: Sequence[Product], **kwargs
    ) -> None:
        """Offer what the scope opens; `products` are those the page draws."""
        super().__init__(*args, **kwargs)
        self.scope, self.programme, self.products = scope, programme, products
        fields = self.fields
        sites = Site.objects.for_scope(scope, A).used_by(programme)
        fields["site"].queryset = sites.select_related("garden")
        fields["product"].queryset = offered(Product.objects.for_scope(scope, A), programme)
        varieties = offered(Variety.objects.for_scope(scope, A), programme)
        fields["variety"].queryset = varieties.select_related("species")
        fields["organisation"].queryset = receivers(scope, programme)
        fields["organisation"].empty_label = CHOOSE
        for destination in DESTINATIONS:
            fields[f"part_{destination}"] = _part(destination)
        for destination, words in COUNTED.items():
            fields[f"count_{destination}"] = forms.IntegerField(
                min_value=1, max_value=10_000, required=False, label=f"Pour combien\u00a0: {words}"
            )
        guard(fields.values())

    # --- what the template draws ---

    @property
    def parts(self) -> Iterator[dict]:
        """Yield each destination with its fields, for who splits."""
        for destination in DESTINATIONS:
            counted = destination in COUNTED
            yield {
                "code": destination.value,
                "label": destination.label,
                "weight": self[f"part_{destination}"],
                "count": self[f"count_{destination}"] if counted else None,
                "words": COUNTED.get(destination, ""),
            }

    @property
    def varieties(self) -> models.QuerySet:
        """Return the varieties by species, in the order of their names."""
        rows = self.fields["variety"].queryset
        return rows.order_by("species__sort_key", "sort_key", "pk")

    # --- what is read ---

    def clean_observed_at(self):
        """Return when it was weighed, never in the time to come; now unless a phone says it."""
        now, said = timezone.now(), self.cleaned_data["observed_at"]
        return said if said and now - _OLD < said <= now + _AHEAD else now

    def clean(self) -> dict:
        """Weigh without the crate, and check the whole and its parts."""
        cleaned = super().clean()
        product, variety = cleaned.get("product"), cleaned.get("variety")
        if product and variety and variety.species_id != product.species_id:
            self.add_error("variety", NOT_OF_SPECIES)
        if product and cleaned.get("weight") is not None:
            self._weigh(product)
        if cleaned.get("destination") == SPLIT:
            self._check_parts()
        elif cleaned.get("destination") == Destination.ORGANISATION:
            self._ask_receiver()
        return cleaned

    def _weigh(self, product: Product) -> None:
        cleaned, typed = self.cleaned_data, self.cleaned_data["weight"]
        if cleaned.get("measure") != PIECES:
            net = typed - (cleaned.get("tare") or Decimal(0))
            if net <= 0:
                self.add_error("weight", NOTHING if cleaned.get("tare") else NO_WEIGHT)
            cleaned |= {"net": net, "pieces": None}
        elif product.piece_weight is None:
            self.add_error("weight", NO_PIECE)
        elif typed % 1 or typed < 1:
            self.add_error("weight", NOT_WHOLE)
        else:
            cleaned |= {"net": typed * product.piece_weight, "pieces": int(typed)}
            cleaned["tare"] = Decimal(0)

    def _check_parts(self) -> None:
        shared = sum((self.cleaned_data.get(f"part_{d}") or 0 for d in DESTINATIONS), Decimal(0))
        net = self.cleaned_data.get("net")
        if not shared and not self.errors:
            self.add_error("destination", NO_PART)
        if net is not None and shared > net:
            said = {"shared": formatting.kilograms(shared), "net": formatting.kilograms(net)}
            self.add_error("destination", TOO_MUCH.format(**said))
        if self.cleaned_data.get(f"part_{Destination.ORGANISATION}"):
            self._ask_receiver()

    def _ask_receiver(self) -> None:
        if not self.cleaned_data.get("organisation") and "organisation" not in self.errors:
            self.add_error("organisation", NO_RECEIVER)

    # --- what is written ---

    def weighing(self, session: Session | None) -> Weighing:
        """Return what was weighed."""
        cleaned = self.cleaned_data
        is_compost = cleaned["destination"] == Destination.COMPOST
        return Weighing(
            programme=self.programme,
            session=session,
            grams=cleaned["net"],
            tare=cleaned.get("tare") or Decimal(0),
            pieces=cleaned["pieces"],
            is_estimated=cleaned["pieces"] is not None,
            quality=Quality.TO_COMPOST if is_compost else Quality.FIRST,
            **{name: cleaned[name] for name in ("site", "product", "variety", "on")},
            **{name: cleaned[name] for name in ("client_uuid", "observed_at")},
        )

    def outs(self, session: Session | None) -> list[Out]:
        """Return what leaves at once, by destination."""
        cleaned = self.cleaned_data
        chosen = cleaned["destination"]
        if chosen == STOCK:
            return []
        if chosen != SPLIT:
            return [self._out(Destination(chosen), cleaned["net"], session)]
        parts = ((d, cleaned.get(f"part_{d}")) for d in DESTINATIONS)
        return [
            self._out(destination, part, session, cleaned.get(f"count_{destination}"))
            for destination, part in parts
            if part
        ]

    def _out(
        self,
        destination: Destination,
        kilograms: Decimal,
        session: Session | None,
        count: int | None = None,
    ) -> Out:
        is_gift = destination == Destination.ORGANISATION
        return Out(
            destination=destination,
            grams=kilograms,
            on=self.cleaned_data["on"],
            session=session,
            organisation=self.cleaned_data["organisation"] if is_gift else None,
            recipients=count,
        )

    def refuse(self, error: ValidationError) -> None:
        """Tell a refusal of the ledger beside what it is about."""
        told = getattr(error, "error_dict", None) or {NON_FIELD_ERRORS: error.error_list}
        for name, errors in told.items():
            field = {"grams": "weight"}.get(name, name)
            self.add_error(field if field in self.fields else None, errors)


def receivers(scope: Scope, programme: Programme) -> models.QuerySet:
    """Return the organisations that may receive: those of the programme's territory."""
    rows = Organisation.objects.for_scope(scope, A)
    return rows.filter(territory=programme.territory_id)


class HarvestFilter(FilterForm):
    """The harvests of one garden, of one product, or all."""

    jardin = forms.ModelChoiceField(label="Jardin", queryset=Site.objects.none())
    produit = forms.ModelChoiceField(label="Produit", queryset=Product.objects.none())

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        """Offer the sites of the programme and the products of the scope."""
        super().__init__(*args, **kwargs)
        action = Action.VIEW_GARDENS
        sites = Site.objects.for_scope(self.scope, action).used_by(programme)
        self.fields["jardin"].queryset = sites
        products = offered(Product.objects.for_scope(self.scope, action), programme)
        self.fields["produit"].queryset = products.filter(species__isnull=False)

    def narrow(self, rows: models.QuerySet) -> models.QuerySet:
        """Return the harvests that match."""
        chosen: Mapping = self.cleaned_data
        if chosen.get("jardin"):
            rows = rows.filter(site=chosen["jardin"])
        if chosen.get("produit"):
            rows = rows.filter(product=chosen["produit"])
        return rows
