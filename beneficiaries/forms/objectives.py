"""Form of an objective: the person's words first."""

from django.db import models
from django.utils import timezone

from autoprod.core.forms import NOTHING_CHOSEN
from beneficiaries.forms.pathways import OfStayForm, refuse_future
from beneficiaries.models import Barrier, Objective

TO_COME = "Cette date est à venir. Pour une échéance, remplissez «\u00a0Pour le\u00a0»."
OTHER_STAY = "Ce frein est noté dans une autre inscription. Choisissez-en un autre."


class ObjectiveForm(OfStayForm):
    """What somebody wants to reach, agreed with their referent."""

    class Meta:
        model = Objective
        fields = [
            "enrolment",
            "words",
            "strand",
            "barrier",
            "agreed_on",
            "due_on",
            "reached_on",
            "abandoned_on",
        ]
        help_texts = {"barrier": "Celui que cet objectif aide à lever, s’il y en a un."}

    def __init__(self, *args, **kwargs) -> None:
        """Propose today; ask for a barrier only when one is noted, for an end of an edit only."""
        super().__init__(*args, **kwargs)
        self.fields["strand"].empty_label = NOTHING_CHOSEN
        if not self.fields["barrier"].queryset:
            del self.fields["barrier"]
        if not self.is_edit:
            self.fields["agreed_on"].initial = timezone.localdate()
            del self.fields["reached_on"], self.fields["abandoned_on"]

    def choices_of_barrier(self, rows: models.QuerySet) -> models.QuerySet:
        """Offer the person's barriers that stand, and the one already linked."""
        rows = Barrier.objects.for_scope(self.scope, self.action).select_related("kind")
        is_open = models.Q(lifted_on=None) | models.Q(pk=self.instance.barrier_id)
        return rows.filter(is_open, enrolment__person=self.of_person)

    def clean(self) -> dict:
        """Refuse a day that has not come, and the barrier of another stay."""
        super().clean()
        refuse_future(self, ("agreed_on", "reached_on", "abandoned_on"), TO_COME)
        self.refuse_other_stay("barrier", OTHER_STAY)
        return self.cleaned_data
