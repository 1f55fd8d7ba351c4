"""Form of a barrier: its kind is known, so that only what may be seen of it is offered."""

from django import forms
from django.db import models
from django.utils import timezone

from autoprod.core.forms import NOTHING_CHOSEN, RowsField
from beneficiaries.forms.pathways import OfStayForm, refuse_future
from beneficiaries.models import Barrier

TO_COME = "Cette date est à venir. Écrivez un jour passé, ou laissez vide."


class BarrierForm(OfStayForm):
    """A barrier of somebody; `fixed` gives its kind."""

    class Meta:
        model = Barrier
        fields = [
            "enrolment",
            "situations",
            "impact",
            "identified_on",
            "worked_since",
            "reassessed_on",
            "is_worse",
            "lifted_on",
        ]
        field_classes = {"situations": RowsField}
        widgets = {"situations": forms.CheckboxSelectMultiple}
        labels = {"impact": "Ce qu’il pèse dans le parcours"}
        help_texts = {
            "situations": "Ce que la personne en dit, rien de plus. Laissez vide si elle préfère.",
            "reassessed_on": "La dernière fois que vous en avez parlé ensemble.",
        }

    def __init__(self, *args, **kwargs) -> None:
        """Propose today for a new one."""
        super().__init__(*args, **kwargs)
        self.fields["impact"].empty_label = NOTHING_CHOSEN
        if not self.is_edit:
            self.fields["identified_on"].initial = timezone.localdate()

    def choices_of_situations(self, rows: models.QuerySet) -> models.QuerySet:
        """Offer what is seen of this barrier only."""
        kind = self.fixed["kind"]
        rows = rows.for_scope(self.scope, self.action).valid(timezone.localdate())
        return rows.filter(meta__barrier=kind.code)

    def clean(self) -> dict:
        """Refuse a day that has not come."""
        super().clean()
        names = ("identified_on", "worked_since", "reassessed_on", "lifted_on")
        refuse_future(self, names, TO_COME)
        return self.cleaned_data
