"""Forms of situations: nothing is asked twice, nothing is required but the day."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from autoprod.core.forms import RowsField, ScopedModelForm
from beneficiaries.models import Situation
from beneficiaries.services import education
from beneficiaries.services.situations import (
    NOT_ASKED,
    OTHER_RESOURCES,
    SECTIONS,
    SEEKING_WORK,
    concerns,
    is_declined,
    is_due,
    is_none,
    other_label,
    with_answers,
)
from programmes.models import ReferenceCode

ALONE = "«\u00a0{label}\u00a0» ne va pas avec un autre choix."
NOT_SEEKING = (
    "Cette durée se note pour qui est en recherche d’emploi\u00a0: changez l’emploi au-dessus, "
    "ou videz ce champ."
)
NO_DIPLOMA = "Dites d’abord quel diplôme a été obtenu à l’étranger."
#: Codes of both lists that say the same thing of each.
ANYWHERE = ("autre", "aucun", "ne_souhaite_pas_repondre")
#: Sections that share a column with the boxes of resources.
_FIRST = ("Ressources", "Emploi", "Formation")
#: Beside which question each of these is asked.
_WITH = {"diploma_abroad": "diploma", "no_fixed_address": "district"}


class FirstSituationForm(ScopedModelForm):
    """What is asked on the first day, in two minutes; the rest waits."""

    class Meta:
        model = Situation
        fields = [
            "district",
            "no_fixed_address",
            "housing_status",
            "last_class",
            "diploma",
            "diploma_abroad",
            "minimum_incomes",
        ]
        field_classes = {"minimum_incomes": RowsField, "resources": RowsField}
        widgets = {
            "minimum_incomes": forms.CheckboxSelectMultiple,
            "resources": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, **kwargs) -> None:
        """Say what an empty choice means; forget a level that the class and the diploma gave."""
        super().__init__(*args, **kwargs)
        if self.instance.last_class_id or self.instance.diploma_id:
            self.instance.education_level = None
        if "resources" in self.fields:
            self.fields["resources"].label_from_instance = other_label
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and field.empty_label is not None:
                field.empty_label = NOT_ASKED.capitalize()

    def choices_of_district(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the districts in use on the person's territory, and the one already noted."""
        return self._in_use(choices, self.instance.district_id)

    def choices_of_sheltered_by(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the organisations of the person's territory, and the one already noted."""
        return self._in_use(choices, self.instance.sheltered_by_id)

    def choices_of_minimum_incomes(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the shipped codes in force and those of the person's territory."""
        codes = choices.for_scope(self.scope, self.action).valid(timezone.localdate())
        return codes.filter(Q(territory=None) | Q(territory=self._person.territory_id))

    def choices_of_resources(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the resources that are no minimum income: those are asked once, beside."""
        codes = self.choices_of_minimum_incomes(choices)
        minimum = ReferenceCode.objects.for_scope(self.scope, self.action).in_list("minimum_income")
        told = minimum.exclude(code__in=ANYWHERE).values("code")
        return codes.exclude(code__in=told)

    def _in_use(self, choices: models.QuerySet, kept: int | None) -> models.QuerySet:
        choices = choices.for_scope(self.scope, self.action)
        choices = choices.filter(territory=self._person.territory_id)
        return choices.open(timezone.localdate()) | choices.filter(pk=kept or 0)

    @property
    def _person(self) -> models.Model:
        return self.fixed.get("person") or self.instance.person

    def clean_minimum_incomes(self) -> models.QuerySet:
        """Refuse « aucun » or « ne souhaite pas répondre » beside anything else."""
        return self._alone("minimum_incomes")

    def clean_resources(self) -> models.QuerySet:
        """Refuse the same for the other resources."""
        return self._alone("resources")

    def _alone(self, name: str) -> models.QuerySet:
        chosen = self.cleaned_data[name]
        for code in chosen if len(chosen) > 1 else ():
            if is_none(code) or is_declined(code):
                raise ValidationError(ALONE.format(label=code.label))
        return chosen

    def _told(self, name: str) -> object:
        """Return what is answered, here or before."""
        return (
            self.cleaned_data[name] if name in self.cleaned_data else getattr(self.instance, name)
        )

    def clean(self) -> dict:
        """Refuse a foreign diploma when there is none."""
        super().clean()
        diploma = self._told("diploma")
        if self._told("diploma_abroad") and not (diploma and diploma.meta.get("level")):
            self.add_error("diploma_abroad", NO_DIPLOMA)
        return self.cleaned_data

    def _post_clean(self) -> None:
        """Read the level from the class and the diploma: it is never typed."""
        super()._post_clean()
        self.instance.education_level = education.level_of(self.instance)


class SituationForm(FirstSituationForm):
    """What is true of somebody on a day, section by section."""

    #: Nothing is compulsory but the day: said once, not beside each question.
    hides_optional_mark = True
    #: Lists of long words, each on a line of its own.
    long = ("last_class", "diploma", "diploma_abroad", "housing_status", "health_cover")

    class Meta(FirstSituationForm.Meta):
        fields = ["observed_on", *(name for _, names in SECTIONS for name in names)]
        help_texts = {
            "observed_on": "Le jour où c’était vrai. Laissez vide ce qui n’a pas été demandé.",
            "unemployment_duration": "Pour qui est en recherche d’emploi.",
            "sheltered_by": "L’organisation, pour qui est logé en foyer ou en centre.",
            "dependent_children": "0 s’il n’y en a pas.",
        }
        labels = {"resources": OTHER_RESOURCES}

    def clean_observed_on(self) -> object:
        """Refuse a day to come: it is not known yet."""
        day = self.cleaned_data["observed_on"]
        if day > timezone.localdate():
            raise ValidationError("Ce jour n’est pas encore venu.")
        return day

    def clean(self) -> dict:
        """Refuse how long somebody has been seeking work when they are not."""
        super().clean()
        status = self._told("employment_status")
        seeks = status is not None and status.code == SEEKING_WORK
        if self.cleaned_data.get("unemployment_duration") and not seeks:
            self.add_error("unemployment_duration", NOT_SEEKING)
        return self.cleaned_data

    def columns(self) -> list[list[tuple]]:
        """Return the sections in two columns of about one height, in reading order."""
        sections = self.sections()
        cut = sum(title in _FIRST for title, _, _ in sections)
        if not (sections and sections[0][2]):
            cut = (len(sections) + 1) // 2
        return [part for part in (sections[:cut], sections[cut:]) if part]

    def sections(self) -> list[tuple[str, list[forms.BoundField], list[forms.BoundField]]]:
        """Return (title, fields, lists of boxes) of each section that has some."""
        groups = [(title, [n for n in names if n in self.fields]) for title, names in SECTIONS]
        return [
            (title, *(self._bound(names, boxes=boxes) for boxes in (False, True)))
            for title, names in groups
            if names
        ]

    def _bound(self, names: list[str], *, boxes: bool) -> list[forms.BoundField]:
        several = forms.ModelMultipleChoiceField
        return [self[name] for name in names if isinstance(self.fields[name], several) == boxes]


class RestOfSituationForm(SituationForm):
    """What has not been asked yet of a situation already noted; the rest stays as it is."""

    class Meta(SituationForm.Meta):
        fields = [name for _, names in SECTIONS for name in names]

    def __init__(self, *args, **kwargs) -> None:
        """Keep the questions still to ask, and any that was sent: what is typed is never lost."""
        super().__init__(*args, **kwargs)
        row = with_answers([self.instance])[0]
        for _, names in SECTIONS:
            for name in names:
                asked = _WITH.get(name, name)
                if not (is_due(row, asked) or self._may_follow(row, asked) or self._sent(name)):
                    del self.fields[name]

    def _sent(self, name: str) -> bool:
        return self.is_bound and self.add_prefix(name) in self.data

    @staticmethod
    def _may_follow(row: Situation, name: str) -> bool:
        """Tell whether the answer to another question, asked here too, may call for this one."""
        others = {"unemployment_duration": "employment_status", "sheltered_by": "accommodation"}
        return name in others and not concerns(row, name) and is_due(row, others[name])
