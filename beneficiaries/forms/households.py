"""Forms of households: somebody with a file or a first name, what they are there, a departure."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from autoprod.core.forms import KEY_DIGITS, ScopedModelForm
from autoprod.core.scoping import Action
from beneficiaries.models import Household, HouseholdMember, Person
from beneficiaries.services import households
from beneficiaries.services.searches import search

#: As many as a page of choices holds.
MOST_PROPOSED = 8
NOBODY = (
    "Personne de ce nom n’a de fiche que vous puissiez ouvrir\u00a0: écrivez son prénom plus bas."
)
HERE = "Cette personne fait déjà partie de ce foyer."
OTHER_HOME = (
    "Cette personne fait déjà partie d’un foyer. Si elle l’a quitté, notez d’abord son départ dans "
    "sa fiche."
)
JOIN_THEM = (
    "Cette personne fait déjà partie d’un foyer. Pour les réunir, ouvrez sa fiche et ajoutez-y "
    "{name}."
)
NO_FILE = "Quelqu’un d’autre, sans fiche"
NOT_YET = "Ce jour n’est pas encore venu."


class MemberForm(ScopedModelForm):
    """What somebody is in a household, and since when; a name and a year when they have no file."""

    class Meta:
        model = HouseholdMember
        fields = ["first_name", "birth_year", "relation", "joined_on", "left_on"]
        help_texts = {"left_on": "Laissez vide tant que la personne vit là."}
        widgets = {"first_name": forms.TextInput(attrs={"autocomplete": "off"})}

    def __init__(self, *args, **kwargs) -> None:
        """Ask no name and no birth of somebody who has a file: they are there."""
        super().__init__(*args, **kwargs)
        self.fixed |= {"household": self.instance.household, "person": self.instance.person}
        if self.instance.person_id:
            del self.fields["first_name"], self.fields["birth_year"]

    def clean_birth_year(self) -> int | None:
        """Refuse a birth to come."""
        return _past_year(self.cleaned_data["birth_year"])

    def clean_left_on(self) -> date | None:
        """Refuse a departure to come."""
        return _past(self.cleaned_data["left_on"])


class LeaveForm(MemberForm):
    """The day somebody leaves a household."""

    class Meta(MemberForm.Meta):
        fields = ["left_on"]
        help_texts = {}

    def __init__(self, *args, **kwargs) -> None:
        """Propose today; the arrival is there for the rule between the two days."""
        ScopedModelForm.__init__(self, *args, **kwargs)
        self.fixed["joined_on"] = self.instance.joined_on
        self.fields["left_on"].required = True
        if not self.is_bound and not self.instance.left_on:
            self.initial["left_on"] = timezone.localdate()


class NewMemberForm(ScopedModelForm):
    """Somebody more in a home: found among the files of the scope, or a first name."""

    words = forms.CharField(
        label="Nom ou prénom",
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = HouseholdMember
        fields = ["person", "first_name", "birth_year", "relation", "joined_on"]
        widgets = {
            "person": forms.RadioSelect,
            "first_name": forms.TextInput(attrs={"autocomplete": "off"}),
        }
        help_texts = {"joined_on": "Si vous le savez."}

    def __init__(self, *args, resident: Person, **kwargs) -> None:
        """Offer the persons whose names hold the words typed, and the one already chosen."""
        self.resident, self.home = resident, households.home_of(resident)
        super().__init__(*args, **kwargs)
        self.fixed["left_on"] = None
        self.instance.household = self.home or Household(territory=resident.territory)
        self.fields["person"].choices = self._proposals()

    def choices_of_person(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the persons of the territory whose situations this user may write."""
        seen = Person.objects.for_scope(self.scope, Action.VIEW_SITUATIONS)
        choices = choices.for_scope(self.scope, self.action).filter(pk__in=seen.values("pk"))
        return choices.filter(territory=self.resident.territory_id).exclude(pk=self.resident.pk)

    def _proposals(self) -> list[tuple]:
        words = str(self["words"].value() or "").strip()
        found = search(self.scope, words, most=MOST_PROPOSED)[0] if words else []
        rows = self.fields["person"].queryset
        allowed = set(rows.filter(pk__in=[one.person.pk for one in found]))
        proposed = {one.person.pk: one for one in found if one.person in allowed}
        choices = [(key, " · ".join([str(o.person), o.note])) for key, o in proposed.items()]
        chosen = str(self["person"].value() or "")
        if chosen.isdecimal() and int(chosen) not in proposed:
            choices += [(row.pk, str(row)) for row in rows.filter(pk=chosen[:KEY_DIGITS])]
        return [*choices, ("", NO_FILE)] if choices else []

    @property
    def is_searched(self) -> bool:
        """Tell whether words were typed to find a file."""
        return bool(str(self["words"].value() or "").strip())

    @property
    def nobody_found(self) -> str:
        """Return what to do when no file answers the words; empty otherwise."""
        return NOBODY if self.is_searched and not self.fields["person"].choices else ""

    def clean_person(self) -> Person | None:
        """Refuse somebody who has a home, saying where to write it."""
        person = self.cleaned_data["person"]
        if person is None or households.home_of(person) is None:
            return person
        if households.lives_with(self.home, person):
            raise ValidationError(HERE)
        alone = self.home is None
        raise ValidationError(JOIN_THEM.format(name=self.resident) if alone else OTHER_HOME)

    def clean_birth_year(self) -> int | None:
        """Refuse a birth to come."""
        return _past_year(self.cleaned_data["birth_year"])

    def clean_joined_on(self) -> date | None:
        """Refuse an arrival to come."""
        return _past(self.cleaned_data["joined_on"])

    def clean(self) -> dict:
        """Keep no name and no birth of somebody who has a file: they are there."""
        cleaned = super().clean()
        if cleaned.get("person"):
            cleaned |= {"first_name": "", "birth_year": None}
        return cleaned

    def save(self, commit: bool = True) -> HouseholdMember:
        """Save in the home of the resident, opened if it was not; the caller's transaction."""
        self.instance.household = households.open_home(scope=self.scope, person=self.resident)
        return super().save(commit=commit)


def _past(day: date | None) -> date | None:
    if day and day > timezone.localdate():
        raise ValidationError(NOT_YET)
    return day


def _past_year(year: int | None) -> int | None:
    if year and year > timezone.localdate().year:
        raise ValidationError("Vérifiez l’année de naissance.")
    return year
