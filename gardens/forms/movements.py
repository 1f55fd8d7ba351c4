"""Forms of what leaves a lot: where it goes, what was found wrong, what is taken back."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from gardens.enums import Destination, Origin
from gardens.forms.acts import NAMELESS, ActForm, SessionField, kilograms
from gardens.models import Lot, Product
from gardens.models.food import CORRECTIONS, INTO_A_LOT
from gardens.services.lots import check_weight
from gardens.services.movements import Correction, Out
from gardens.services.stock import Wanted
from programmes.models import Organisation, Site

#: Where one page sends food; what becomes a lot or corrects one has its own page.
DESTINATIONS = tuple(kind for kind in Destination if kind not in (*CORRECTIONS, *INTO_A_LOT))
#: What is counted there, in the words of each destination; nothing elsewhere.
HOW_MANY = {
    Destination.GROWERS: "Pour combien de jardiniers",
    Destination.BASKET: "Pour combien de paniers",
    Destination.GROCERY: "Pour combien de clients",
    Destination.TABLE: "Pour combien de portions",
    Destination.ORGANISATION: "Pour combien de personnes, si on le sait",
}
#: What somebody may have gathered for.
_AT_A_SESSION = (Destination.GROWERS, Destination.BASKET, Destination.TABLE)


class OutForm(ActForm):
    """Kilograms of a lot that go somewhere."""

    destination = forms.ChoiceField(widget=forms.HiddenInput)
    grams = kilograms("Poids (kg)")
    recipients = forms.IntegerField(min_value=1, max_value=100_000, required=False)
    organisation = forms.ModelChoiceField(
        label="Association", queryset=Organisation.objects.none(), required=False
    )
    session = SessionField(label="Séance", required=False)
    on = forms.DateField(label="Sorti le", initial=timezone.localdate)
    note = forms.CharField(label="Précision", max_length=160, required=False, help_text=NAMELESS)

    def __init__(self, *args, destination: Destination, **kwargs) -> None:
        """Ask what this destination needs, in its words."""
        self.destination = destination
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        """Leave out what this destination does not ask."""
        kind = self.destination
        self.fields["destination"].choices = [(kind.value, kind.label)]
        self.fields["destination"].initial = kind.value
        if kind in HOW_MANY:
            self.fields["recipients"].label = HOW_MANY[kind]
        else:
            del self.fields["recipients"]
        if kind == Destination.ORGANISATION:
            self.fields["organisation"].required = True
        else:
            del self.fields["organisation"]
        if kind not in _AT_A_SESSION:
            del self.fields["session"]

    def out(self) -> Out:
        """Return what is asked."""
        told = self.cleaned_data
        return Out(
            destination=self.destination,
            grams=told["grams"],
            on=told["on"],
            organisation=told.get("organisation"),
            session=told.get("session"),
            recipients=told.get("recipients"),
            note=told["note"],
            client_uuid=self.mark,
        )


class ProductOutForm(OutForm):
    """Kilograms of a product, taken from its oldest lots first, once the reader agrees."""

    product = forms.ModelChoiceField(label="Produit", queryset=Product.objects.none())
    site = forms.ModelChoiceField(
        label="Pris à",
        queryset=Site.objects.none(),
        required=False,
        help_text="Vide\u00a0: partout.",
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)

    field_order = ("product", "site", "grams")

    def wanted(self) -> Wanted:
        """Return what is asked, and where."""
        told = self.cleaned_data
        return Wanted(self.programme, told["product"], told["site"])


class CorrectionForm(ActForm):
    """What was found: the true weight, or what is really left."""

    kind = forms.ChoiceField(
        label="Ce qui est faux",
        widget=forms.RadioSelect,
        choices=[
            (Destination.COUNT.value, "Le reste\u00a0: j’ai recompté ce qu’il y a"),
            (Destination.WEIGHING.value, "La pesée d’entrée\u00a0: le lot pesait autre chose"),
        ],
        initial=Destination.COUNT.value,
    )
    measured = kilograms("Poids trouvé (kg)", help_text="Zéro s’il ne reste rien.")
    reason = forms.CharField(label="Pourquoi", max_length=300, help_text=NAMELESS)
    on = forms.DateField(label="Constaté le", initial=timezone.localdate)
    seen = kilograms("Reste affiché", widget=forms.HiddenInput)

    def __init__(self, *args, lot: Lot, **kwargs) -> None:
        """Note what the page says is left."""
        self.lot = lot
        super().__init__(*args, **kwargs)

    def clean_measured(self) -> Decimal:
        """Ask about a forgotten comma, as when the lot came in."""
        measured = self.cleaned_data["measured"]
        try:
            check_weight(measured, Origin(self.lot.origin))
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return measured

    def prepare(self) -> None:
        """Send back what was shown."""
        self.fields["seen"].initial = self.lot.balance.left

    def correction(self) -> Correction:
        """Return what was found."""
        told = self.cleaned_data
        return Correction(
            kind=Destination(told["kind"]),
            measured=told["measured"],
            seen=told["seen"],
            on=told["on"],
            reason=told["reason"],
            client_uuid=self.mark,
        )

    def show_again(self) -> None:
        """Send back, next time, what is left now: the reader has been told."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = self.fields["seen"].prepare_value(
            self.lot.balance.left
        )


class TakeBackForm(ActForm):
    """Why a movement is taken back."""

    reason = forms.CharField(label="Pourquoi", max_length=300, help_text=NAMELESS)
