"""Forms of what happens during a stay: welcoming, another level, a pause."""

from django import forms
from django.utils import timezone

from autoprod.core.forms import ScopedModelForm
from beneficiaries.enums import Level
from beneficiaries.forms.pathways import refuse_future
from beneficiaries.models import Enrolment, LevelChange, Suspension
from beneficiaries.services.enrolments import writing
from beneficiaries.services.stays import changing_level, pausing

TO_COME = "Cette date est à venir\u00a0: notez-le le jour venu."


class WelcomeForm(ScopedModelForm):
    """Somebody who waits comes in: the day, and how they are accompanied from that day."""

    refused_field = "entered_on"

    class Meta:
        model = Enrolment
        fields = ["entered_on", "level"]
        labels = {"entered_on": "Premier jour dans l’action"}
        widgets = {"level": forms.RadioSelect}

    def __init__(self, *args, **kwargs) -> None:
        """Propose today; the other days are there for the rules between them."""
        super().__init__(*args, **kwargs)
        names = ("person", "programme", "part", "referred_on", "accepted_on", "left_on")
        self.fixed |= {name: getattr(self.instance, name) for name in names}
        self.fields["entered_on"].required = True
        # Proposed, not stored: once sent, today is a change like any other day.
        if not self.is_bound and not self.instance.entered_on:
            self.initial["entered_on"] = timezone.localdate()

    def save(self, commit: bool = True) -> Enrolment:
        """Save under the person's lock; ValidationError when two stays share a day."""
        with writing(self.instance):
            return super().save(commit=commit)


class LevelForm(ScopedModelForm):
    """From a day on, the other level; `fixed` gives the enrolment and its level before."""

    refused_field = "since"

    class Meta:
        model = LevelChange
        fields = ["level", "since"]
        widgets = {"level": forms.HiddenInput}

    def __init__(self, *args, **kwargs) -> None:
        """Propose today and the other level: what was read, so that a double is refused."""
        super().__init__(*args, **kwargs)
        self.initial.setdefault("level", other_level(self.fixed["before"]))
        self.initial.setdefault("since", timezone.localdate())

    def clean(self) -> dict:
        """Refuse a day to come: the level of today would be wrong."""
        super().clean()
        refuse_future(self, ["since"], TO_COME)
        return self.cleaned_data

    def save(self, commit: bool = True) -> LevelChange:
        """Save under the person's lock, with the enrolment's own level."""
        with changing_level(self.scope, self.instance):
            return super().save(commit=commit)


def other_level(level: str) -> Level:
    """Return the level that is not this one."""
    return next(other for other in Level if other != level)


class SuspensionForm(ScopedModelForm):
    """A pause of a stay; `fixed` gives the enrolment of a new one."""

    refused_field = "starts_on"

    class Meta:
        model = Suspension
        fields = ["starts_on", "ends_on", "reason"]
        labels = {"starts_on": "À partir du", "ends_on": "Jusqu’au"}

    def __init__(self, *args, **kwargs) -> None:
        """Propose today."""
        super().__init__(*args, **kwargs)
        if self.is_edit:
            self.fixed["enrolment"] = self.instance.enrolment
        else:
            self.initial.setdefault("starts_on", timezone.localdate())

    def save(self, commit: bool = True) -> Suspension:
        """Save under the person's lock; ValidationError when two pauses share a day."""
        with pausing(self.instance):
            return super().save(commit=commit)
