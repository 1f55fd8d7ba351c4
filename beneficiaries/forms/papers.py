"""What is asked before a paper is printed, and the day it was handed over."""

from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from autoprod.core.forms import CHOOSE, DateInput, guard
from autoprod.core.periods import Period
from autoprod.core.scoping import Action, Scope
from beneficiaries.documents.letters import Agreed
from beneficiaries.forms.pathways import (
    OfStayForm,
    StayField,
    open_organisations,
    partners_first,
    refuse_future,
)
from beneficiaries.models import Enrolment, Paper
from programmes.models import Organisation

TO_COME = "Cette date est à venir. Écrivez le jour où la personne l’a reçu."
ALREADY = "Cette remise est déjà notée ce jour-là."


class PaperForm(OfStayForm):
    """A paper put in somebody's hands."""

    class Meta:
        model = Paper
        fields = ["enrolment", "kind", "about", "handed_on"]
        help_texts = {"about": "Un mois, une organisation. Laissez vide pour un livret."}

    def __init__(self, *args, **kwargs) -> None:
        """Propose today."""
        super().__init__(*args, **kwargs)
        self.fields["handed_on"].initial = timezone.localdate()

    def clean(self) -> dict:
        """Refuse a day to come, and the same paper noted twice."""
        super().clean()
        refuse_future(self, ["handed_on"], TO_COME)
        told = {name: self.cleaned_data.get(name) for name in self.Meta.fields[1:]}
        stay = self.cleaned_data.get("enrolment") or self.fixed.get("enrolment")
        if stay and told["handed_on"] and told["kind"]:
            rows = Paper.objects.for_scope(self.scope, self.action).filter(enrolment=stay)
            if rows.filter(**told).exclude(pk=self.instance.pk).exists():
                self.add_error("handed_on", ValidationError(ALREADY, code="twice"))
        return self.cleaned_data


class PrintForm(forms.Form):
    """What a paper is about: a stay, asked only when there are several (not empty)."""

    stay = StayField(label="Inscription", queryset=Enrolment.objects.none())

    def __init__(self, *args, scope: Scope, stays: Sequence[Enrolment], **kwargs) -> None:
        """Offer the stays; the last one first."""
        super().__init__(*args, **kwargs)
        self.scope, self.stays = scope, stays
        guard(self.fields.values())
        rows = Enrolment.objects.for_scope(scope, Action.VIEW_PATHWAYS)
        field = self.fields["stay"]
        field.queryset = rows.filter(pk__in=[stay.pk for stay in stays])
        field.choices = [(stay.pk, field.label_from_instance(stay)) for stay in stays[::-1]]
        if len(stays) == 1:
            del self.fields["stay"]

    def chosen(self) -> Enrolment:
        """Return the stay chosen, with its person and programme at hand."""
        asked = self.cleaned_data.get("stay")
        return next((stay for stay in self.stays if stay == asked), self.stays[-1])


class CertificateForm(PrintForm):
    """The days a certificate is about."""

    starts_on = forms.DateField(label="Du", widget=DateInput)
    ends_on = forms.DateField(label="Au", widget=DateInput)
    with_activities = forms.BooleanField(
        label="Dire les activités suivies",
        required=False,
        initial=True,
        help_text="Décochez si la personne préfère des dates et des heures seulement.",
    )

    def clean(self) -> dict:
        """Refuse an end before the start, and days to come."""
        super().clean()
        starts_on, ends_on = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        refuse_future(self, ["ends_on"], "Cette date est à venir. Une attestation dit le passé.")
        if starts_on and ends_on and starts_on > ends_on:
            self.add_error("ends_on", "La fin précède le début.")
        return self.cleaned_data

    def period(self) -> Period:
        """Return the days."""
        return Period(self.cleaned_data["starts_on"], self.cleaned_data["ends_on"])


class LetterForm(PrintForm):
    """A letter to an organisation; what is typed here is on the letter, and kept nowhere."""

    organisation = forms.ModelChoiceField(
        label="À qui", queryset=Organisation.objects.none(), empty_label=CHOOSE
    )
    purpose = forms.CharField(
        label="Objet", max_length=120, help_text="«\u00a0Inscription au permis de conduire\u00a0»."
    )
    text = forms.CharField(
        label="Texte de la lettre",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Écrit avec la personne\u00a0: rien n’y est ajouté de sa fiche.",
    )
    with_phone = forms.BooleanField(label="Dire son téléphone", required=False, initial=True)
    with_dates = forms.BooleanField(
        label="Dire depuis quand elle participe à l’action", required=False
    )
    agreed = forms.BooleanField(
        label="La personne est d’accord avec cet envoi et avec ce qui y est écrit",
        error_messages={"required": "Demandez d’abord son accord à la personne."},
    )

    def __init__(self, *args, **kwargs) -> None:
        """Offer the organisations of the territory, partners first."""
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        field.queryset = open_organisations(
            Organisation.objects.for_scope(self.scope, Action.VIEW_PATHWAYS),
            programmes=[stay.programme for stay in self.stays],
            scope=self.scope,
            kept=None,
        )
        field.choices = [("", CHOOSE), *partners_first(field.queryset)[1:]]

    def letter(self) -> Agreed:
        """Return what is written."""
        said = self.cleaned_data
        names = ("organisation", "purpose", "text", "with_phone", "with_dates")
        return Agreed(**{name: said[name] for name in names})
