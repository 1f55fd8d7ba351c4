"""The form of a closed period, and what becomes of the sessions planned on its days."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from autoprod.core.forms import CHOOSE, ScopedModelForm
from autoprod.core.periods import Period, local_day
from autoprod.core.scoping import Action
from programmes.models import ClosedPeriod, Programme, ReferenceCode, Session
from programmes.services import closed_periods

#: What to do of the sessions planned on those days.
CANCEL, LEAVE = "cancel", "leave"


class ClosedPeriodForm(ScopedModelForm):
    """Days without sessions; `fixed` gives the programme."""

    step = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = forms.ModelChoiceField(
        ReferenceCode.objects.none(), label="Motif d’annulation", required=False
    )

    class Meta:
        model = ClosedPeriod
        fields = ["label", "starts_on", "ends_on"]
        labels = {"label": "Nom", "starts_on": "Premier jour", "ends_on": "Dernier jour"}
        help_texts = {"label": "Congés d’été, travaux, pont de l’Ascension…"}

    @property
    def programme(self) -> Programme:
        """Return the programme the days are closed for."""
        return self.fixed["programme"]

    hides_optional_mark = True

    def __init__(self, *args, **kwargs) -> None:
        """Ask for the reason as something to choose: one of the two buttons needs it."""
        super().__init__(*args, **kwargs)
        self.fields["reason"].empty_label = CHOOSE

    def choices_of_reason(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the reasons in force: the shipped ones and those of the territory."""
        codes = ReferenceCode.objects.for_scope(self.scope, Action.EDIT_SESSIONS)
        reasons = codes.in_list("cancellation_reasons").valid(timezone.localdate())
        own = models.Q(territory=None) | models.Q(territory=self.programme.territory_id)
        return reasons.filter(own)

    def clean(self) -> dict:
        """Ask for a reason when the sessions are to be cancelled."""
        cleaned = super().clean()
        if cleaned.get("step") == CANCEL and not cleaned.get("reason"):
            self.add_error("reason", "Choisissez un motif.")
        return cleaned

    @property
    def period(self) -> Period:
        """Return the days typed."""
        return Period(self.cleaned_data["starts_on"], self.cleaned_data["ends_on"])

    def planned(self) -> list[Session]:
        """Return the sessions planned on those days; none while the days are wrong."""
        if not {"starts_on", "ends_on"} <= self.cleaned_data.keys():
            return []
        return closed_periods.planned_in(self.programme, self.period)

    def clean_ends_on(self) -> date:
        """Refuse a last day before the first."""
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data["ends_on"]
        if first and last < first:
            raise ValidationError("Le dernier jour précède le premier.")
        return last

    def save(self, commit: bool = True) -> ClosedPeriod:
        """Save the days; cancel their sessions when asked. `cancelled` says how many."""
        with transaction.atomic():
            saved = super().save(commit=commit)
            self.cancelled = 0
            if self.cleaned_data["step"] == CANCEL:
                self.cancelled = closed_periods.cancel_all(
                    scope=self.scope,
                    programme=self.programme,
                    period=self.period,
                    reason=self.cleaned_data["reason"],
                    on=local_day(timezone.now(), self.programme.territory.zone),
                )
        return saved
