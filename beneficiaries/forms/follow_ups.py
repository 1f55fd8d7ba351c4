"""Form of the news taken six months after an exit."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from autoprod.core.forms import ScopedModelForm
from beneficiaries.forms.pathways import refuse_future
from beneficiaries.models import FollowUp

#: The result that comes with a situation.
KNOWN = "relevee"


class FollowUpForm(ScopedModelForm):
    """What somebody has become, or that they were not reached; `fixed` gives the enrolment."""

    class Meta:
        model = FollowUp
        fields = ["done_on", "result", "situation", "words"]
        widgets = {"result": forms.RadioSelect, "words": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs) -> None:
        """Propose today."""
        super().__init__(*args, **kwargs)
        if not self.is_edit:
            self.initial["done_on"] = timezone.localdate()
        self.fields["result"].empty_label = None
        self.fields["situation"].help_text = "Seulement si la personne a répondu."

    def clean(self) -> dict:
        """Ask for the situation when it was told, for none when nobody was reached."""
        super().clean()
        refuse_future(self, ["done_on"], "Cette date est à venir\u00a0: notez-la le jour venu.")
        done_on, left_on = self.cleaned_data.get("done_on"), self.fixed["enrolment"].left_on
        if done_on and left_on and done_on < left_on:
            self.add_error("done_on", ValidationError("C’est avant la sortie.", code="early"))
        result, situation = self.cleaned_data.get("result"), self.cleaned_data.get("situation")
        if result and result.code == KNOWN and not situation:
            self.add_error("situation", "Choisissez ce que la personne a dit de sa situation.")
        if result and result.code != KNOWN and situation:
            self.add_error(
                "situation", "Laissez vide\u00a0: la personne n’a pas pu dire sa situation."
            )
        return self.cleaned_data
