"""Forms of the FSE+ questionnaire: at entry, then at exit; every question may be declined."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from autoprod.core.formatting import day
from autoprod.core.forms import ScopedModelForm
from beneficiaries.models import FseAnswers
from beneficiaries.services.situations import NOT_ASKED

FUTURE = "Ce jour n’est pas encore venu."


def _past(chosen: date | None) -> date | None:
    if chosen and chosen > timezone.localdate():
        raise ValidationError(FUTURE)
    return chosen


class _QuestionsForm(ScopedModelForm):
    """Questions asked one under the other; not asked yet is the first of the answers."""

    #: Every question may be left: said above them all.
    hides_optional_mark = True
    #: The day the answers were taken.
    taken_on = ""

    def __init__(self, *args, **kwargs) -> None:
        """Propose today the first time; call an answer left empty what it is."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.empty_label = NOT_ASKED.capitalize()
        self.fields[self.taken_on].required = True
        if not self.is_bound and getattr(self.instance, self.taken_on) is None:
            self.initial[self.taken_on] = timezone.localdate()


class FseEntryForm(_QuestionsForm):
    """What is asked at the entry into an operation: the person is told why first."""

    taken_on = "collected_on"

    class Meta:
        model = FseAnswers
        fields = [
            "informed_on",
            "collected_on",
            "disability",
            "parent_born_abroad",
            "minority",
            "nationality",
        ]
        widgets = dict.fromkeys(
            ("disability", "parent_born_abroad", "minority", "nationality"), forms.RadioSelect
        )

    def __init__(self, *args, **kwargs) -> None:
        """Ask first for the day the person was told: nothing is asked before."""
        super().__init__(*args, **kwargs)
        self.fields["informed_on"].required = True

    def clean_informed_on(self) -> date:
        """Refuse a day to come."""
        return _past(self.cleaned_data["informed_on"])

    def clean_collected_on(self) -> date:
        """Refuse a day to come, or before the person was told."""
        chosen = _past(self.cleaned_data["collected_on"])
        informed = self.cleaned_data.get("informed_on")
        if informed and chosen < informed:
            raise ValidationError(
                "La personne est d’abord informée\u00a0: vérifiez les deux dates."
            )
        return chosen


class FseExitForm(_QuestionsForm):
    """What is asked when somebody leaves an operation, within four weeks."""

    taken_on = "exit_collected_on"

    class Meta:
        model = FseAnswers
        fields = [
            "exit_collected_on",
            "exit_seeking",
            "exit_training",
            "exit_qualification",
            "qualification",
        ]
        widgets = dict.fromkeys(
            ("exit_seeking", "exit_training", "exit_qualification"), forms.RadioSelect
        )
        help_texts = {"qualification": "Si une qualification a été obtenue."}

    def __init__(self, *args, left_on: date, **kwargs) -> None:
        """Keep the day of exit, which the answers follow."""
        self.left_on = left_on
        super().__init__(*args, **kwargs)

    def clean_exit_collected_on(self) -> date:
        """Refuse a day to come, or before the exit."""
        chosen = _past(self.cleaned_data["exit_collected_on"])
        if chosen < self.left_on:
            raise ValidationError(f"La sortie est notée le {day(self.left_on)}, après ce jour.")
        return chosen

    def clean(self) -> dict:
        """Refuse the title of a qualification that was not obtained."""
        super().clean()
        obtained = self.cleaned_data.get("exit_qualification")
        if self.cleaned_data.get("qualification") and not (obtained and obtained.code == "oui"):
            self.add_error("qualification", "Répondez d’abord «\u00a0Oui\u00a0» à la question.")
        return self.cleaned_data

    def save(self, commit: bool = True) -> FseAnswers:
        """Note when the exit was first typed: that moment never moves."""
        if self.instance.exit_recorded_at is None:
            self.instance.exit_recorded_at = timezone.now()
        return super().save(commit=commit)
