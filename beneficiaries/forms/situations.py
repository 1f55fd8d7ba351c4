"""Forms of situations: nothing is asked twice, nothing is required but the day."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from autoprod.core.forms import RowsField, ScopedModelForm
from beneficiaries.models import Situation
from beneficiaries.services.situations import is_declined

ALONE = "«\u00a0{label}\u00a0» ne va pas avec un autre choix."


class FirstSituationForm(ScopedModelForm):
    """What is asked on the first day; the rest waits."""

    class Meta:
        model = Situation
        fields = ["district", "no_fixed_address", "education_level", "minimum_incomes"]
        field_classes = {"minimum_incomes": RowsField}
        widgets = {"minimum_incomes": forms.CheckboxSelectMultiple}

    def choices_of_district(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the districts in use on the person's territory, and the one already noted."""
        choices = choices.for_scope(self.scope, self.action)
        choices = choices.filter(territory=self._person.territory_id)
        kept = choices.filter(pk=self.instance.district_id or 0)
        return choices.open(timezone.localdate()) | kept

    def choices_of_minimum_incomes(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the shipped codes in force and those of the person's territory."""
        codes = choices.for_scope(self.scope, self.action).valid(timezone.localdate())
        return codes.filter(Q(territory=None) | Q(territory=self._person.territory_id))

    @property
    def _person(self) -> models.Model:
        return self.fixed.get("person") or self.instance.person

    def clean_minimum_incomes(self) -> models.QuerySet:
        """Refuse « aucun » or « ne souhaite pas répondre » beside anything else."""
        chosen = self.cleaned_data["minimum_incomes"]
        for code in chosen if len(chosen) > 1 else ():
            if code.code == "aucun" or is_declined(code):
                raise ValidationError(ALONE.format(label=code.label))
        return chosen


class SituationForm(FirstSituationForm):
    """What is true of somebody on a day."""

    class Meta(FirstSituationForm.Meta):
        fields = [
            "observed_on",
            "district",
            "no_fixed_address",
            "housing_status",
            "household_type",
            "education_level",
            "employment_status",
            "minimum_incomes",
        ]
        help_texts = {
            "observed_on": "Le jour où c’était vrai. Laissez vide ce qui n’a pas été demandé."
        }

    def clean_observed_on(self) -> object:
        """Refuse a day to come: it is not known yet."""
        day = self.cleaned_data["observed_on"]
        if day > timezone.localdate():
            raise ValidationError("Ce jour n’est pas encore venu.")
        return day
