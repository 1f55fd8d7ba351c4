"""Forms of enrolments: referral, entry, referent; exit; and the filters of the list."""

from django import forms
from django.db import models
from django.utils import timezone

from autoprod.accounts.models import User
from autoprod.core.forms import FilterForm, ScopedModelForm
from autoprod.core.scoping import Action
from beneficiaries.access import may_follow, named_in
from beneficiaries.enums import Level, Part, Whereabouts
from beneficiaries.models import Enrolment, Outcome
from beneficiaries.services.enrolments import writing
from programmes.models import Programme

ALONE = "Choisissez d’abord un référent\u00a0: le second l’accompagne."
WAITING_HELP = "Laissez vide tant que la personne n’a pas commencé\u00a0: elle est en attente."


class EnrolmentForm(ScopedModelForm):
    """Somebody in a programme; `fixed` gives the programme when the URL decides it."""

    #: Where a stay that shares days with another one is told.
    refused_field = "entered_on"

    class Meta:
        model = Enrolment
        fields = [
            "programme",
            "level",
            "part",
            "referral_source",
            "referred_by",
            "referred_on",
            "accepted_on",
            "entered_on",
            "referent",
            "co_referent",
            "outside_referent",
        ]
        help_texts = {"entered_on": WAITING_HELP}
        widgets = {"outside_referent": forms.TextInput(attrs={"autocomplete": "off"})}

    def __init__(self, *args, **kwargs) -> None:
        """Ask for the programme only when there are several; propose oneself as referent."""
        super().__init__(*args, **kwargs)
        # For the rules between these and what the form asks.
        self.fixed["left_on"] = self.instance.left_on
        if self.is_edit:
            kept = ("person", "programme")
            self.fixed |= {name: getattr(self.instance, name) for name in kept}
            self._keep_level()
        elif not self.is_bound and not self.initial.get("referent"):
            self.initial["referent"] = self._oneself()
        self._settle_programme()

    def _keep_level(self) -> None:
        """Leave the level of who came in: another one begins on a day, noted on its own page."""
        if self.instance.entered_on:
            self.fields.pop("level", None)

    def _oneself(self) -> int | None:
        rows = self.fields["referent"].queryset.filter(pk=self.scope.actor_key or 0)
        return rows.values_list("pk", flat=True).first()

    def _settle_programme(self) -> None:
        if "programme" not in self.fixed:
            only = list(self.fields["programme"].queryset[:2])
            if len(only) != 1:
                return
            self.fixed["programme"] = self.instance.programme = only[0]
        del self.fields["programme"]

    @property
    def _territory(self) -> int:
        return self.instance.person.territory_id

    def choices_of_programme(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the programmes of the person's territory where this user enrols."""
        choices = Programme.objects.for_scope(self.scope, self.action)
        return choices.filter(territory=self._territory).ongoing(timezone.localdate())

    def choices_of_referred_by(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the organisations of the territory still active, and the one already noted."""
        choices = choices.for_scope(self.scope, self.action).filter(territory=self._territory)
        kept = choices.filter(pk=self.instance.referred_by_id or 0)
        return choices.open(timezone.localdate()) | kept

    def choices_of_referent(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer who follows persons in the programme today, and the one already named."""
        return self._followers(kept=self.instance.referent_id)

    def choices_of_co_referent(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the same for who follows the person with them."""
        return self._followers(kept=self.instance.co_referent_id)

    def _followers(self, *, kept: int | None) -> models.QuerySet:
        if self.instance.programme_id:
            programmes = [self.instance.programme]
        else:
            programmes = self.fields["programme"].queryset
        return may_follow(programmes, on=timezone.localdate(), kept=kept)

    def clean(self) -> dict:
        """Refuse a referent who does not work in the programme chosen, an entry after the exit."""
        cleaned = super().clean()
        self._refuse_strangers(cleaned)
        if cleaned.get("co_referent") and not cleaned.get("referent"):
            self.add_error("co_referent", ALONE)
        entered_on, left_on = cleaned.get("entered_on"), self.instance.left_on
        if entered_on and left_on and entered_on > left_on:
            self.add_error("entered_on", "L’entrée suit la sortie, déjà notée.")
        return cleaned

    def _refuse_strangers(self, cleaned: dict) -> None:
        """Refuse, beside their field, those who follow nobody in the programme just chosen."""
        if not (programme := cleaned.get("programme")):
            return
        able = may_follow([programme], on=timezone.localdate())
        for name in ("referent", "co_referent"):
            named = cleaned.get(name)
            if named and not able.filter(pk=named.pk).exists():
                self.add_error(name, "Cette personne ne suit personne dans cette action.")

    def save(self, commit: bool = True) -> Enrolment:
        """Save under the person's lock; ValidationError when two stays share a day."""
        with writing(self.instance):
            return super().save(commit=commit)


class FirstEnrolmentForm(EnrolmentForm):
    """The enrolment of a newcomer: who else follows the person may wait."""

    class Meta(EnrolmentForm.Meta):
        fields = [
            name
            for name in EnrolmentForm.Meta.fields
            if name not in {"co_referent", "outside_referent"}
        ]


class ExitForm(ScopedModelForm):
    """The last day of a stay, or the day a request was closed."""

    refused_field = "left_on"

    class Meta:
        model = Enrolment
        fields = ["left_on", "exit_motive", "exit_reason", "exit_outcome"]
        help_texts = {
            "left_on": "Dernier jour dans l’action, compris.",
            "exit_reason": "Laissez vide si vous ne le savez pas encore.",
        }

    def __init__(self, *args, **kwargs) -> None:
        """Propose today; the entry is there for the rule between the two days."""
        super().__init__(*args, **kwargs)
        self.fixed["entered_on"] = self.instance.entered_on
        self.fields["left_on"].required = True
        # Proposed, not stored: once sent, today is a change like any other day.
        if not self.is_bound and not self.instance.left_on:
            self.initial["left_on"] = timezone.localdate()
        # Somebody who never came in leaves for nothing; what one became is of the pathway.
        if not (self.instance.entered_on and self._opens_pathway()):
            del self.fields["exit_reason"], self.fields["exit_outcome"]
        elif not self.fields["exit_outcome"].queryset.exists():
            del self.fields["exit_outcome"]

    def _opens_pathway(self) -> bool:
        return self.scope.opens(Action.VIEW_PATHWAYS, self.instance.programme)

    def choices_of_exit_outcome(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the outcomes of this enrolment, to who may see them."""
        rows = Outcome.objects.for_scope(self.scope, Action.VIEW_PATHWAYS)
        return rows.filter(enrolment=self.instance.pk).select_related("kind")

    def save(self, commit: bool = True) -> Enrolment:
        """Save under the person's lock; ValidationError when two stays share a day."""
        with writing(self.instance):
            return super().save(commit=commit)


class EnrolmentFilter(FilterForm):
    """The list of a programme: a state (the tabs), a level, a part, a referent."""

    state = forms.ChoiceField(choices=[("", ""), *Whereabouts.choices], widget=forms.HiddenInput)
    level = forms.ChoiceField(label="Accompagnement", choices=[("", "Tout"), *Level.choices])
    part = forms.ChoiceField(label="À titre de", choices=[("", "Tout"), *Part.choices])
    referent = forms.ModelChoiceField(label="Référent", queryset=User.objects.none())

    hides_optional_mark = True

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        """Offer the referents of the programme's persons."""
        super().__init__(*args, **kwargs)
        self.fields["referent"].queryset = named_in(programme)

    def narrow(self, rows: models.QuerySet) -> models.QuerySet:
        """Return the enrolments that match; the state is the page's affair: it has the period."""
        asked = {name: self.cleaned_data[name] for name in ("level", "part")}
        rows = rows.filter(**{name: value for name, value in asked.items() if value})
        referent = self.cleaned_data["referent"]
        return rows.followed_by(referent.pk) if referent else rows
