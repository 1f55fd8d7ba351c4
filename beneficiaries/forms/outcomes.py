"""Forms of outcomes, of their proofs and of the survey that tells whether all are known."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from autoprod.core.forms import FilterForm, ScopedModelForm
from autoprod.core.scoping import Action
from autoprod.core.uploads import StoredFileForm
from beneficiaries.forms.pathways import OfStayForm, refuse_future
from beneficiaries.models import Outcome, OutcomeProof, OutcomeSurvey
from programmes.models import ReferenceCode

PROMISE = (
    "Cette date est à venir. Une promesse n’est pas encore une orientation\u00a0: notez-la le jour "
    "où elle commence."
)


class OutcomeForm(OfStayForm):
    """An event a pathway led to; a kind that is a contract knows which one."""

    class Meta:
        model = Outcome
        fields = ["enrolment", "kind", "contract", "employer", "label", "starts_on", "ends_on"]

    def __init__(self, *args, **kwargs) -> None:
        """Offer the organisations of the territory."""
        super().__init__(*args, **kwargs)
        self.fields["contract"].help_text = "Laissez vide pour le contrat habituel de cette nature."
        self.fields["label"].help_text = "Le métier, la formation, ou qui embauche."
        self.offer_organisations("employer")

    def clean(self) -> dict:
        """Fill the contract from the kind, and refuse what has not started."""
        super().clean()
        self._fill_contract()
        refuse_future(self, ["starts_on"], PROMISE)
        return self.cleaned_data

    def _fill_contract(self) -> None:
        cleaned = self.cleaned_data
        kind, contract = cleaned.get("kind"), cleaned.get("contract")
        was_left = "kind" in self.changed_data and "contract" not in self.changed_data
        if kind and "contract" not in self.errors and (contract is None or was_left):
            rows = self.fields["contract"].queryset
            cleaned["contract"] = rows.filter(code=kind.meta.get("contract", "")).first()


class ProofForm(StoredFileForm):
    """A contract or a certificate; `fixed` gives the outcome."""

    class Meta:
        model = OutcomeProof
        fields = ["title", "keep_until"]


class SurveyForm(ScopedModelForm):
    """Close the survey on a day, or open it again by taking the day off."""

    class Meta:
        model = OutcomeSurvey
        fields = ["closed_on"]

    def clean(self) -> dict:
        """Refuse a day to come, or before the edition."""
        super().clean()
        refuse_future(self, ["closed_on"], "Cette date est à venir.")
        closed_on = self.cleaned_data.get("closed_on")
        if closed_on and closed_on < self.fixed["edition"].starts_on:
            self.add_error(
                "closed_on", ValidationError("L’édition n’a pas commencé à cette date.", "early")
            )
        return self.cleaned_data


class OutcomeFilter(FilterForm):
    """Narrow the outcomes to a kind."""

    kind = forms.ModelChoiceField(label="Nature", queryset=ReferenceCode.objects.none())

    def __init__(self, *args, **kwargs) -> None:
        """Offer the kinds of the reference list."""
        super().__init__(*args, **kwargs)
        codes = ReferenceCode.objects.for_scope(self.scope, Action.VIEW_PATHWAYS)
        self.fields["kind"].queryset = codes.in_list("outcome_kinds")

    def narrow(self, rows: models.QuerySet) -> models.QuerySet:
        """Return the outcomes that match."""
        kind = self.cleaned_data.get("kind")
        return rows.filter(kind=kind) if kind else rows
