"""Forms of budgets: opening one, its lines, opening a validated one again."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from autoprod.core.fields import validate_no_nir
from autoprod.core.forms import ScopedModelForm
from programmes.models import Budget, BudgetLine, ReferenceCode
from programmes.services import budgets


class BudgetForm(ScopedModelForm):
    """A budget starts with the plan of lines its funder asks for."""

    class Meta:
        model = Budget
        fields = ["template"]
        help_texts = {"template": "Il ne change plus ensuite\u00a0: les lignes en dépendent."}


class AccountField(forms.ModelChoiceField):
    """The lines of the plan, under their heading: « 60 – Achats », then its lines."""

    def label_from_instance(self, obj: ReferenceCode) -> str:
        """Return « 60 · Autres fournitures », so that typing 60 finds it."""
        return f"{obj.parent_code} · {obj.label}"


class BudgetLineForm(ScopedModelForm):
    """An amount on a line of the plan."""

    account = AccountField(ReferenceCode.objects.none(), label="Ligne")

    class Meta:
        model = BudgetLine
        fields = ["account", "amount", "payer", "detail"]
        help_texts = {"payer": "Sur une subvention\u00a0: qui la verse."}

    def choices_of_account(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the lines of the budget's plan in force today, headings left out."""
        plan = ReferenceCode.objects.for_scope(self.scope, self.action)
        plan = plan.in_list(self.fixed["budget"].template).exclude(parent_code="")
        return plan.valid(timezone.localdate())

    def clean(self) -> dict:
        """Refuse a payer on a charge: what is spent is not granted."""
        cleaned = super().clean()
        account = cleaned.get("account")
        if account and account.meta["side"] == "charge" and cleaned.get("payer"):
            self.add_error("payer", "Une charge n’a pas de financeur\u00a0: laissez vide.")
        return cleaned

    def save(self, commit: bool = True) -> BudgetLine:
        """Save under the budget's lock; ValidationError when it has been validated meanwhile."""
        with budgets.writing(self.fixed["budget"]):
            return super().save(commit=commit)


class ReopenForm(forms.Form):
    """Why a validated budget opens again."""

    reason = forms.CharField(
        label="Motif",
        max_length=300,
        validators=[validate_no_nir],
        help_text="Par exemple «\u00a0avenant du Département\u00a0». Il est gardé dans le journal.",
    )

    def clean_reason(self) -> str:
        """Refuse a reason that says nothing."""
        reason = self.cleaned_data["reason"].strip()
        if len(reason) < 3:
            raise ValidationError("Dites en quelques mots ce qui change.")
        return reason
