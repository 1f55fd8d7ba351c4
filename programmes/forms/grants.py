"""Forms of grants: what is requested, the answer, payments, draws and their correction."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from autoprod.core.fields import validate_no_nir
from autoprod.core.formatting import day
from autoprod.core.forms import ScopedModelForm
from programmes.models import Grant, GrantDraw, GrantPayment
from programmes.services import grants

NOT_YET = "Ce jour n’est pas encore venu\u00a0: vérifiez la date."


def refuse_days_to_come(form: forms.BaseForm, name: str) -> None:
    """Put an error beside the day: what is noted here has happened."""
    on = form.cleaned_data.get(name)
    if on and on > timezone.localdate():
        form.add_error(name, NOT_YET)


class GrantForm(ScopedModelForm):
    """What is asked, to whom, and the account it will owe; the answer has its own pages."""

    class Meta:
        model = Grant
        fields = [
            "funder",
            "title",
            "number",
            "requested",
            "requested_on",
            "frequency",
            "span",
            "purpose",
            "kind",
            "report_due_on",
            "reported_on",
            "note",
        ]
        help_texts = {
            "number": "Celui que donne le financeur.",
            "report_due_on": "En général, dans les six mois qui suivent la fin de l’édition.",
        }

    def __init__(self, *args, **kwargs) -> None:
        """Ask of an account handed in only once the grant is there."""
        super().__init__(*args, **kwargs)
        if not self.is_edit:
            del self.fields["reported_on"]

    def clean(self) -> dict:
        """Refuse a request dated after its answer, or an account handed in tomorrow."""
        cleaned = super().clean()
        asked = cleaned.get("requested_on")
        answered = self.instance.awarded_on or self.instance.refused_on
        if asked and answered and asked > answered:
            said = f"La réponse est du {day(answered)}\u00a0: la demande la précède."
            self.add_error("requested_on", said)
        refuse_days_to_come(self, "reported_on")
        return cleaned


class AwardForm(ScopedModelForm):
    """What the funder gives; it may be corrected later, after an amendment."""

    class Meta:
        model = Grant
        fields = ["awarded", "awarded_on"]

    def __init__(self, *args, **kwargs) -> None:
        """Ask for both: the answer has an amount and a day."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = True

    def clean(self) -> dict:
        """Refuse an award of tomorrow."""
        cleaned = super().clean()
        refuse_days_to_come(self, "awarded_on")
        return cleaned

    def save(self, commit: bool = True) -> Grant:
        """Save under the grant's lock; ValidationError when more was paid or drawn."""
        if not self.has_changed():
            return self.instance
        return grants.award(
            scope=self.scope,
            grant=self.instance,
            amount=self.cleaned_data["awarded"],
            on=self.cleaned_data["awarded_on"],
        )


class RefuseForm(ScopedModelForm):
    """The day the funder said no."""

    class Meta:
        model = Grant
        fields = ["refused_on"]

    def __init__(self, *args, **kwargs) -> None:
        """Ask for the day."""
        super().__init__(*args, **kwargs)
        self.fields["refused_on"].required = True

    def clean(self) -> dict:
        """Refuse a refusal of tomorrow."""
        cleaned = super().clean()
        refuse_days_to_come(self, "refused_on")
        return cleaned

    def save(self, commit: bool = True) -> Grant:
        """Save under the grant's lock; ValidationError when something was paid or drawn."""
        on = self.cleaned_data["refused_on"]
        return grants.refuse(scope=self.scope, grant=self.instance, on=on)


class PaymentForm(ScopedModelForm):
    """Money that came."""

    class Meta:
        model = GrantPayment
        fields = ["paid_on", "amount", "label"]

    def clean(self) -> dict:
        """Refuse a payment of tomorrow."""
        cleaned = super().clean()
        refuse_days_to_come(self, "paid_on")
        return cleaned

    def save(self, commit: bool = True) -> GrantPayment:
        """Save under the grant's lock; ValidationError beyond the award."""
        if self.is_edit and not self.has_changed():
            return self.instance
        return grants.record_payment(scope=self.scope, payment=self.instance)


class DrawForm(ScopedModelForm):
    """A spending the grant pays for, typed by hand."""

    class Meta:
        model = GrantDraw
        fields = ["on", "amount", "label"]
        help_texts = {"label": "Ce qui est payé, sans nom de personne."}

    def __init__(self, *args, **kwargs) -> None:
        """Take no negative amount: a line is taken back from the grant's page."""
        super().__init__(*args, **kwargs)
        self.fields["amount"].allow_negative = False

    def clean_amount(self) -> Decimal:
        """Refuse a spending of nothing."""
        if not (amount := self.cleaned_data["amount"]):
            raise ValidationError("Une dépense n’est pas nulle.")
        return amount

    def clean(self) -> dict:
        """Refuse a spending of tomorrow."""
        cleaned = super().clean()
        refuse_days_to_come(self, "on")
        return cleaned

    def save(self, commit: bool = True) -> GrantDraw:
        """Write the line under the grant's lock; ValidationError beyond what is left."""
        line = self.instance
        return grants.draw(
            scope=self.scope, grant=line.grant, amount=line.amount, on=line.on, label=line.label
        )


class ReverseForm(forms.Form):
    """Why a spending is taken back."""

    reason = forms.CharField(
        label="Motif",
        max_length=300,
        validators=[validate_no_nir],
        help_text="Par exemple «\u00a0facture comptée deux fois\u00a0». Il reste sur la ligne.",
    )

    def clean_reason(self) -> str:
        """Refuse a reason that says nothing."""
        reason = self.cleaned_data["reason"].strip()
        if len(reason) < 3:
            raise ValidationError("Dites en quelques mots pourquoi.")
        return reason
