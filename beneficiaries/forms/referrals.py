"""Forms of referrals: the « fiche de liaison », and an answer to the prescriber."""

from collections.abc import Mapping

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import hours
from autoprod.core.forms import RowsField, ScopedModelForm
from autoprod.core.scoping import Action
from beneficiaries.enums import ReferralAnswerKind
from beneficiaries.forms.pathways import refuse_future
from beneficiaries.models import Attendance, Enrolment, Referral, ReferralAnswer
from beneficiaries.services.enrolments import writing
from beneficiaries.services.referrals import answering
from programmes.models import Organisation, ReferenceCode

#: What a return at the end may say of the exit, when whoever writes chooses to.
DEPARTURES = (
    "Le parcours est allé à son terme.",
    "La personne a commencé un emploi.",
    "La personne a commencé une formation.",
    "La personne est accompagnée par un autre service.",
    "La personne a choisi d’arrêter.",
)


class ReferralForm(ScopedModelForm):
    """What the prescriber says; on its own page, with the organisation and the day."""

    class Meta:
        model = Referral
        fields = [
            "prescriber",
            "prescriber_phone",
            "prescriber_email",
            "reason",
            "expectations",
            "strands",
        ]
        field_classes = {"strands": RowsField}
        widgets = {
            "prescriber": forms.TextInput(attrs={"autocomplete": "off"}),
            "prescriber_phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            "prescriber_email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "reason": forms.Textarea(attrs={"rows": 3}),
            "expectations": forms.Textarea(attrs={"rows": 3}),
            "strands": forms.CheckboxSelectMultiple,
        }
        labels = {
            "prescriber": "Nom du prescripteur",
            "prescriber_phone": "Son téléphone",
            "prescriber_email": "Son adresse électronique",
        }

    def choices_of_strands(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the shipped strands in force and those of the programme's territory."""
        territory = self.instance.enrolment.programme.territory_id
        codes = choices.for_scope(self.scope, self.action).valid(timezone.localdate())
        return codes.filter(models.Q(territory=None) | models.Q(territory=territory))


class ReferralPageForm(ReferralForm):
    """The whole « fiche de liaison »; `fixed` gives the enrolment, which keeps who sent, when."""

    refused_field = "referred_on"
    ORIGIN = ("referral_source", "referred_by", "referred_on")

    referral_source = forms.ModelChoiceField(
        label="Origine de la demande", queryset=ReferenceCode.objects.none(), required=False
    )
    referred_by = forms.ModelChoiceField(
        label="Orienté par", queryset=Organisation.objects.none(), required=False
    )
    referred_on = forms.DateField(label="Orienté le", required=False)

    field_order = [*ORIGIN, *ReferralForm.Meta.fields]

    def __init__(self, *args, fixed: Mapping, **kwargs) -> None:
        """Show what the enrolment keeps."""
        self.enrolment = fixed["enrolment"]
        known = {name: getattr(self.enrolment, name) for name in self.ORIGIN}
        initial = known | (kwargs.pop("initial", None) or {})
        super().__init__(*args, fixed=fixed, initial=initial, **kwargs)

    def choices_of_referral_source(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the codes of the day, and the one already noted."""
        codes = ReferenceCode.objects.for_scope(self.scope, self.action)
        codes = codes.in_list("referral_sources")
        kept = codes.filter(pk=self.enrolment.referral_source_id or 0)
        return codes.valid(timezone.localdate()) | kept

    def choices_of_referred_by(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the organisations of the territory still active, and the one already noted."""
        choices = Organisation.objects.for_scope(self.scope, self.action)
        choices = choices.filter(territory=self.enrolment.programme.territory_id)
        kept = choices.filter(pk=self.enrolment.referred_by_id or 0)
        return choices.open(timezone.localdate()) | kept

    def clean(self) -> dict:
        """Refuse a day that the other days of the enrolment contradict."""
        super().clean()
        for name in self.ORIGIN:
            if name in self.cleaned_data:
                setattr(self.enrolment, name, self.cleaned_data[name])
        try:
            self.enrolment.validate_constraints()
        except ValidationError as error:
            self.add_error("referred_on", ValidationError(error.messages))
        return self.cleaned_data

    def save(self, commit: bool = True) -> Referral:
        """Save under the person's lock, with what the enrolment keeps."""
        with writing(self.enrolment):
            if changed := [name for name in self.ORIGIN if name in self.changed_data]:
                self.enrolment.save()
                record(self.scope, Verb.UPDATE, self.enrolment, changed=changed)
            return super().save(commit=commit)


class AnswerForm(ScopedModelForm):
    """An answer to the prescriber, with a message; `fixed` gives its kind."""

    refused_field = "sent_on"

    departure = forms.ChoiceField(
        label="Ce que vous dites de la sortie",
        choices=[("", "Rien de plus que les dates"), *((words, words) for words in DEPARTURES)],
        required=False,
    )
    with_hours = forms.BooleanField(label="Ajouter le temps de présence", required=False)

    class Meta:
        model = ReferralAnswer
        fields = ["sent_on", "words"]
        widgets = {"words": forms.Textarea(attrs={"rows": 5})}

    field_order = ["sent_on", "departure", "words", "with_hours"]

    def __init__(self, *args, enrolment: Enrolment, **kwargs) -> None:
        """Propose today; the end of a pathway may say how, and for how long somebody came."""
        self.enrolment = enrolment
        super().__init__(*args, **kwargs)
        self.initial.setdefault("sent_on", timezone.localdate())
        if self.fixed["kind"] != ReferralAnswerKind.ENDED:
            del self.fields["departure"], self.fields["with_hours"]

    def clean(self) -> dict:
        """Refuse a day to come; put together the words that leave."""
        super().clean()
        refuse_future(self, ["sent_on"], "Cette date est à venir\u00a0: notez-la le jour venu.")
        said = self.cleaned_data
        parts = [said.get("departure"), said.get("words")]
        if said.get("with_hours"):
            parts.append(self._hours())
        said["words"] = "\n".join(part for part in parts if part)
        if len(said["words"]) > (limit := self._meta.model._meta.get_field("words").max_length):
            self.add_error("words", f"Raccourcissez le message\u00a0: {limit} caractères au plus.")
        return said

    def _hours(self) -> str:
        """Return the time spent in the sessions closed, in words."""
        rows = Attendance.objects.for_scope(self.scope, Action.VIEW_PERSONS).of(self.enrolment)
        minutes = rows.counted().aggregate(total=models.Sum("minutes"))["total"] or 0
        return f"Temps de présence aux séances\u00a0: {hours(minutes)}."

    def save(self, commit: bool = True) -> ReferralAnswer:
        """Save under the person's lock, on the « fiche de liaison » opened if there was none."""
        with answering(self.enrolment) as referral:
            self.instance.referral = referral
            self.instance.sent_by_id = int(self.scope.actor_key)
            return super().save(commit=commit)
