"""What a group of growers takes away: how many they are, kilograms of each lot."""

from collections.abc import Iterator, Sequence
from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from autoprod.core.fields import AmountFormField
from autoprod.core.fields.amounts import KILOGRAMS
from autoprod.core.forms import guard
from gardens.models import Lot
from gardens.services.share_outs import ShareOut
from programmes.models import Session

NO_GROWERS = "Écrivez combien ils sont à partager."
NOTHING = "Écrivez ce que le groupe emporte d’au moins un produit."


class ShareForm(forms.Form):
    """The number of growers, and a weight for each lot of the day."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput)
    growers = forms.IntegerField(
        label="Combien de jardiniers\u00a0?",
        min_value=1,
        max_value=1_000,
        error_messages={"required": NO_GROWERS},
    )

    def __init__(self, *args, lots: Sequence[Lot], **kwargs) -> None:
        """Ask a weight of each lot."""
        super().__init__(*args, **kwargs)
        self.lots = lots
        self.fields["growers"].widget.attrs |= {"inputmode": "numeric"}
        for lot in lots:
            self.fields[f"lot_{lot.pk}"] = AmountFormField(
                unit=KILOGRAMS, required=False, label=str(lot.product)
            )
        guard(self.fields.values())

    @property
    def lines(self) -> Iterator[tuple[Lot, forms.BoundField]]:
        """Yield each lot with its field."""
        for lot in self.lots:
            yield lot, self[f"lot_{lot.pk}"]

    def clean(self) -> dict:
        """Refuse a share of nothing; the ledger knows what is left."""
        cleaned = super().clean()
        if not self.errors and not any(cleaned.get(f"lot_{lot.pk}") for lot in self.lots):
            raise ValidationError(NOTHING)
        return cleaned

    def share_out(self, on: date, session: Session | None) -> ShareOut:
        """Return what was typed."""
        asked = {lot.pk: self.cleaned_data[f"lot_{lot.pk}"] for lot in self.lots}
        return ShareOut(
            kilograms={key: kilograms for key, kilograms in asked.items() if kilograms},
            growers=self.cleaned_data["growers"],
            on=on,
            session=session,
            client_uuid=self.cleaned_data["client_uuid"],
        )
