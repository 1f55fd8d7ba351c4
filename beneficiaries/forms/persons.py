"""Forms of persons: names, telephone, search; and all at once for a newcomer."""

from collections.abc import Mapping

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils import timezone

from autoprod.core.forms import ScopedModelForm, guard
from autoprod.core.scoping import Action, Scope
from beneficiaries.forms.enrolments import FirstEnrolmentForm
from beneficiaries.forms.identities import ShortIdentityForm
from beneficiaries.forms.referrals import ReferralForm
from beneficiaries.forms.situations import FirstSituationForm
from beneficiaries.models import Enrolment, Person, PersonIdentity, Referral, Situation
from programmes.models import Programme


class PersonForm(ScopedModelForm):
    """What the team needs to greet somebody, reach them, and call somebody for them."""

    class Meta:
        model = Person
        fields = [
            "first_name",
            "last_name",
            "usual_name",
            "phone",
            "contact_name",
            "contact_phone",
            "emergency_name",
            "emergency_phone",
            "activity_notes",
        ]
        labels = {"emergency_phone": "Téléphone de cette personne"}
        widgets = (
            {
                name: forms.TextInput(attrs={"autocomplete": "off"})
                for name in (
                    "first_name",
                    "last_name",
                    "usual_name",
                    "contact_name",
                    "emergency_name",
                )
            }
            | {
                name: forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})
                for name in ("phone", "contact_phone", "emergency_phone")
            }
            | {"activity_notes": forms.Textarea(attrs={"rows": 2})}
        )


class WordsForm(forms.Form):
    """Some words of a name, sent in the body: a name never stands in an address or a log."""

    words = forms.CharField(
        label="Nom ou prénom",
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    hides_optional_mark = True

    def __init__(self, *args, **kwargs) -> None:
        """Refuse what no form takes."""
        super().__init__(*args, **kwargs)
        guard(self.fields.values())


class SearchForm(WordsForm):
    """The search of the top bar, from two letters."""

    def __init__(self, *args, **kwargs) -> None:
        """Insist: an empty search would list everybody."""
        super().__init__(*args, **kwargs)
        self.fields["words"].required = True
        self.fields["words"].widget.attrs |= {"autofocus": True, "data-suggest-field": True}

    def clean_words(self) -> str:
        """Ask for two letters at least."""
        words = self.cleaned_data["words"].strip()
        if sum(char.isalnum() for char in words) < 2:
            raise ValidationError("Tapez au moins deux lettres du nom.")
        return words


class NewcomerForm:
    """The forms of a new person, on one page and sent together.

    The person and the enrolment always; the identity and a first situation where the scope opens
    them. Their fields have different names: it is read and sent as a single form.
    """

    def __init__(
        self,
        data: Mapping | None = None,
        *,
        scope: Scope,
        programme: Programme,
        initial: Mapping | None = None,
    ) -> None:
        """Build the parts around one person not yet written."""
        self.is_bound = data is not None
        self.programme = programme
        self.row = Person(territory=programme.territory)
        common = {"data": data, "scope": scope, "action": Action.EDIT_PERSONS}
        self.person = PersonForm(instance=self.row, **common)
        self.enrolment = FirstEnrolmentForm(
            instance=Enrolment(person=self.row, programme=programme),
            fixed={"programme": programme},
            initial=initial,
            **common,
        )
        self.identity = self.situation = None
        if scope.opens(Action.VIEW_IDENTITIES, programme):
            blank = PersonIdentity(person=self.row)
            self.identity = ShortIdentityForm(instance=blank, **common)
        if scope.opens(Action.VIEW_SITUATIONS, programme):
            blank = Situation(person=self.row)
            self.situation = FirstSituationForm(instance=blank, **common)
        self.referral = None
        if scope.opens(Action.VIEW_PATHWAYS, programme):
            blank = Referral(enrolment=self.enrolment.instance)
            self.referral = ReferralForm(instance=blank, **common)
            # Unfolded for a request, and as soon as something is typed in it.
            is_typed = self.is_bound and self.referral.has_changed()
            self.referral.is_open = is_typed or bool(initial)

    @property
    def parts(self) -> list[ScopedModelForm]:
        """Return the forms this scope fills."""
        parts = (self.person, self.enrolment, self.referral, self.identity, self.situation)
        return [part for part in parts if part is not None]

    @property
    def fields(self) -> dict[str, forms.Field]:
        """Return the fields of all the parts."""
        return {name: field for part in self.parts for name, field in part.fields.items()}

    @property
    def errors(self) -> ErrorDict:
        """Return the messages of all the parts."""
        return ErrorDict({k: v for part in self.parts for k, v in part.errors.items()})

    def __getitem__(self, name: str) -> forms.BoundField:
        """Return a field of one of the parts; KeyError for another name."""
        for part in self.parts:
            if name in part.fields:
                return part[name]
        raise KeyError(name)

    def add_prefix(self, name: str) -> str:
        """Return the name under which a field is sent."""
        return name

    def is_valid(self) -> bool:
        """Tell whether every part is; each part says its own faults."""
        return all(part.is_valid() for part in self.parts)

    def rows(self) -> dict:
        """Return what the service writes; a part left blank is nothing."""
        rows = {"enrolment": self.enrolment.instance, "chosen": {}}
        if self.referral and self.referral.has_changed():
            rows["referral"] = self.referral.instance
            rows["chosen"]["strands"] = self.referral.cleaned_data["strands"]
        if self.identity and self.identity.has_changed():
            rows["identity"] = self.identity.instance
        if self.situation and self.situation.has_changed():
            entered_on = self.enrolment.instance.entered_on
            self.situation.instance.observed_on = entered_on or timezone.localdate()
            rows["situation"] = self.situation.instance
            incomes = self.situation.cleaned_data["minimum_incomes"]
            rows["chosen"]["minimum_incomes"] = incomes
        return rows
