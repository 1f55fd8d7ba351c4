"""Forms of who holds a plot: giving it, correcting the days, taking it back."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from autoprod.core.forms import ScopedModelForm
from autoprod.core.scoping import Action
from beneficiaries.models import Enrolment, Person
from beneficiaries.services.households import open_home
from gardens.models import PlotHolding
from gardens.services.holdings import holding
from programmes.models import Programme

NOBODY = "Choisissez à qui vous la donnez\u00a0: une personne, ou une organisation plus bas."
BOTH = "Choisissez une personne ou une organisation, pas les deux."


class HoldingPage(ScopedModelForm):
    """What the forms of a holding share: saved under the plot's lock; `fixed` gives the plot."""

    refused_field = "starts_on"

    def save(self, commit: bool = True) -> PlotHolding:
        """Save; ValidationError when somebody else holds the plot one of these days."""
        with holding(self.instance):
            return super().save(commit=commit)


class HoldingForm(HoldingPage):
    """Give a plot to the home of somebody, or to an organisation."""

    person = forms.ModelChoiceField(
        label="Personne",
        queryset=Person.objects.none(),
        required=False,
        help_text="Une personne de l’action\u00a0: la parcelle est à tout son foyer.",
    )
    field_order = ["person", "organisation", "starts_on", "ends_on"]

    class Meta:
        model = PlotHolding
        fields = ["organisation", "starts_on", "ends_on"]
        help_texts = {
            "organisation": "Un comité de quartier, par exemple.",
            "ends_on": "Laissez vide si elle n’a pas de fin.",
        }

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        """Propose today, and the end of a plot that is borrowed."""
        self.programme = programme
        super().__init__(*args, **kwargs)
        self.initial.setdefault("starts_on", timezone.localdate())
        self.initial.setdefault("ends_on", self.instance.plot.ends_on)

    def choices_of_person(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer who is in the programme today."""
        stays = Enrolment.objects.for_scope(self.scope, Action.VIEW_PERSONS).of(self.programme)
        there = stays.ongoing(timezone.localdate()).values("person")
        return Person.objects.for_scope(self.scope, Action.VIEW_PERSONS).filter(pk__in=there)

    def choices_of_organisation(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the organisations of the garden's territory that are still active."""
        choices = choices.for_scope(self.scope, self.action).open(timezone.localdate())
        return choices.filter(territory=self.instance.plot.garden.site.territory_id)

    def clean(self) -> dict:
        """Refuse nobody, and two holders."""
        cleaned = super().clean()
        chosen = [name for name in ("person", "organisation") if cleaned.get(name)]
        if not chosen and not self.errors.keys() & {"person", "organisation"}:
            self.add_error("person", ValidationError(NOBODY, code="nobody"))
        if len(chosen) == 2:
            self.add_error("organisation", ValidationError(BOTH, code="both"))
        return cleaned

    def save(self, commit: bool = True) -> PlotHolding:
        """Save under the plot's lock, with the home of the person, a new one if none is noted."""
        with holding(self.instance):
            if person := self.cleaned_data["person"]:
                self.instance.household = open_home(scope=self.scope, person=person)
            return ScopedModelForm.save(self, commit=commit)


class HoldingDatesForm(HoldingPage):
    """Correct the days of a holding; a wrong holder is deleted and given again."""

    class Meta:
        model = PlotHolding
        fields = ["starts_on", "ends_on"]


class HoldingEndForm(HoldingPage):
    """Take a plot back: its last day with who holds it."""

    refused_field = "ends_on"

    class Meta:
        model = PlotHolding
        fields = ["ends_on"]
        labels = {"ends_on": "Dernier jour"}

    def __init__(self, *args, **kwargs) -> None:
        """Propose today; the first day is there for the rule between the two."""
        super().__init__(*args, **kwargs)
        self.fixed["starts_on"] = self.instance.starts_on
        self.fields["ends_on"].required = True
        if not self.is_bound:
            self.initial["ends_on"] = timezone.localdate()
