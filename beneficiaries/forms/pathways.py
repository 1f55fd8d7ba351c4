"""Forms of steps: one for somebody, the same one for several, and the filter of the list."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from autoprod.core.formatting import day
from autoprod.core.forms import (
    CHOOSE,
    NOTHING_CHOSEN,
    DateInput,
    FilterForm,
    RowsField,
    ScopedModelForm,
    guard,
)
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import Part, StepState
from beneficiaries.models import Enrolment, Objective, Person, Step
from beneficiaries.services.pathways import Planned
from programmes.models import Organisation, Partnership, Programme, ReferenceCode

TO_COME = (
    "Cette date est à venir. Une démarche que vous préparez se note dans «\u00a0Prévue le\u00a0»."
)
OTHER_STRAND = "Cette démarche est du volet «\u00a0{strand}\u00a0». Changez l’un ou l’autre."
OTHER_STAY = "Cet objectif est noté dans une autre inscription. Choisissez-en un autre."
NO_STRAND = "Choisissez le volet de cette démarche."


def refuse_future(form: forms.BaseForm, names: Iterable[str], message: str) -> None:
    """Refuse, beside each field, a day that has not come."""
    today = timezone.localdate()
    for name in names:
        value = form.cleaned_data.get(name)
        if value and value > today:
            form.add_error(name, ValidationError(message, code="future"))


def kinds_by_strand(kinds: Iterable[ReferenceCode], strands: Iterable[ReferenceCode]) -> list:
    """Return the choices of a step, grouped under the labels of the strands."""
    kinds = list(kinds)
    groups = [
        (strand.label, [(k.pk, k.label) for k in kinds if k.meta.get("strand") == strand.code])
        for strand in strands
    ]
    known = {key for _, choices in groups for key, _ in choices}
    groups.append(("Autres", [(kind.pk, kind.label) for kind in kinds if kind.pk not in known]))
    return [("", CHOOSE), *((label, choices) for label, choices in groups if choices)]


def open_organisations(
    rows: models.QuerySet, *, programmes: Sequence[Programme], scope: Scope, kept: int | None
) -> models.QuerySet:
    """Return the organisations of the programmes' territories still open, partners first."""
    today = timezone.localdate()
    links = Partnership.objects.for_scope(scope, Action.VIEW_FRAME).active(today)
    links = links.filter(organisation=OuterRef("pk"), programme__in=programmes)
    territories = {programme.territory_id for programme in programmes}
    is_open = Q(pk__in=rows.open(today).values("pk")) | Q(pk=kept)
    rows = rows.filter(is_open, territory__in=territories)
    return rows.annotate(is_partner=Exists(links)).order_by("-is_partner", "sort_key", "pk")


def partners_first(rows: models.QuerySet) -> list:
    """Return the choices of an organisation: those of the programme, then the others."""
    names = {True: "Partenaires de l’action", False: "Autres organisations"}
    groups = groupby(rows, key=lambda row: bool(row.is_partner))
    grouped = [(names[key], [(row.pk, row.name) for row in group]) for key, group in groups]
    return [("", NOTHING_CHOSEN), *grouped]


class StayField(forms.ModelChoiceField):
    """One stay of somebody, told by its programme and its dates."""

    def label_from_instance(self, obj: Enrolment) -> str:
        """Return « Les Jardins du cœur, entrée le 4 janvier 2016 »."""
        entered = (
            f", entrée le {day(obj.entered_on)}" if obj.entered_on else ", pas encore d’entrée"
        )
        part = "" if obj.part == Part.PARTICIPANT else f", {obj.get_part_display().lower()}"
        left = f", sortie le {day(obj.left_on)}" if obj.left_on else ""
        return f"{obj.programme.name}{part}{entered}{left}"


class OfStayForm(ScopedModelForm):
    """A form about a stay of somebody: asked only when they have several."""

    enrolment = StayField(label="Inscription", queryset=Enrolment.objects.none())

    def __init__(self, *args, person: Person | None = None, **kwargs) -> None:
        """Offer the stays that the scope opens; `person` is None for an edit."""
        self.person = person
        super().__init__(*args, **kwargs)
        stays = list(self.fields["enrolment"].queryset)
        if self.is_edit:
            stays = [self.instance.enrolment]
        if len(stays) == 1:
            self.fixed["enrolment"] = self.instance.enrolment = stays[0]
            del self.fields["enrolment"]
        else:
            self.fields["enrolment"].initial = stays[0].pk
        self.programmes = [stay.programme for stay in stays]

    @property
    def of_person(self) -> Person:
        """Return whose form it is."""
        return self.person or self.instance.enrolment.person

    def refuse_other_stay(self, name: str, message: str) -> None:
        """Refuse beside its field a row that hangs on another stay of the person."""
        chosen = self.cleaned_data.get(name)
        stay = self.cleaned_data.get("enrolment") or self.fixed.get("enrolment")
        if chosen and stay and chosen.enrolment_id != stay.pk:
            self.add_error(name, ValidationError(message, code="stay"))

    def choices_of_enrolment(self, rows: models.QuerySet) -> models.QuerySet:
        """Return the stays of the person, the one going on first."""
        if self.person is None:
            return rows
        stays = Enrolment.objects.for_scope(self.scope, self.action).of(self.person)
        stays = stays.select_related("programme__territory")
        return stays.order_by(models.F("left_on").desc(nulls_first=True), "-entered_on", "pk")

    def offer_organisations(self, name: str) -> None:
        """Offer the organisations of the territory in a field, partners first."""
        field = self.fields[name]
        field.queryset = open_organisations(
            Organisation.objects.for_scope(self.scope, self.action),
            programmes=self.programmes,
            scope=self.scope,
            kept=getattr(self.instance, f"{name}_id"),
        )
        field.choices = partners_first(field.queryset)


class StepForm(OfStayForm):
    """A step of somebody; a step of the catalogue knows its strand."""

    template_name = "beneficiaries/pathways/step_form.html"

    class Meta:
        model = Step
        fields = [
            "enrolment",
            "kind",
            "strand",
            "label",
            "objective",
            "partner",
            "planned_on",
            "started_on",
            "done_on",
            "abandoned_on",
            "result",
            "minutes",
        ]
        labels = {"minutes": "Temps que la personne y passe"}
        help_texts = {
            "minutes": (
                "Par exemple 2 h, ou 70 h pour une immersion de deux semaines ; "
                "il est compté une fois la démarche aboutie."
            )
        }

    def __init__(self, *args, **kwargs) -> None:
        """Group the steps by strand; the strand is asked of a step out of the list only."""
        super().__init__(*args, **kwargs)
        if not self.fields["objective"].queryset:
            del self.fields["objective"]
        strand, kind = self.fields["strand"], self.fields["kind"]
        strand.required = False
        strand.empty_label = NOTHING_CHOSEN
        strand.help_text = "Laissez vide pour une démarche de la liste\u00a0: son volet est connu."
        kind.choices = kinds_by_strand(kind.queryset, strand.queryset)
        self.fields["label"].help_text = "Quelques mots, ou le nom d’une démarche hors liste."
        self.offer_organisations("partner")

    def clean(self) -> dict:
        """Fill the strand from the step, and refuse a day that has not come."""
        super().clean()
        self._fill_strand()
        refuse_future(self, ("started_on", "done_on", "abandoned_on"), TO_COME)
        self.refuse_other_stay("objective", OTHER_STAY)
        return self.cleaned_data

    def choices_of_objective(self, rows: models.QuerySet) -> models.QuerySet:
        """Offer the person's objectives under way, and the one already linked."""
        rows = Objective.objects.for_scope(self.scope, self.action)
        is_open = Q(reached_on=None, abandoned_on=None) | Q(pk=self.instance.objective_id)
        return rows.filter(is_open, enrolment__person=self.of_person)

    def _fill_strand(self) -> None:
        cleaned, rows = self.cleaned_data, self.fields["strand"].queryset
        kind, strand = cleaned.get("kind"), cleaned.get("strand")
        own = rows.filter(code=kind.meta.get("strand")).first() if kind else None
        was_left = "kind" in self.changed_data and "strand" not in self.changed_data
        if own and (strand is None or was_left) and "strand" not in self.errors:
            cleaned["strand"] = own
        elif own and strand and own != strand:
            self.add_error("kind", ValidationError(OTHER_STRAND.format(strand=own), code="strand"))
        elif strand is None and "strand" not in self.errors and (kind or cleaned.get("label")):
            self.add_error("strand", ValidationError(NO_STRAND, code="required"))


class PeopleField(RowsField):
    """Ticked persons, told by their names."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Enrolment) -> str:
        """Return the name, and the part of who is no participant."""
        part = "" if obj.part == Part.PARTICIPANT else f" ({obj.get_part_display().lower()})"
        return f"{obj.person}{part}"


class StepForManyForm(forms.Form):
    """The same step for persons ticked among those enrolled in a programme."""

    kind = forms.ModelChoiceField(label="Démarche", queryset=ReferenceCode.objects.none())
    state = forms.ChoiceField(
        label="Où en est-elle",
        choices=[
            (StepState.STARTED.value, "Engagée"),
            (StepState.DONE.value, "Aboutie"),
            (StepState.PLANNED.value, "À lancer"),
        ],
        initial=StepState.STARTED,
    )
    on = forms.DateField(label="Date", widget=DateInput)
    partner = forms.ModelChoiceField(
        label="Partenaire", queryset=Organisation.objects.none(), required=False
    )
    people = PeopleField(
        label="Personnes",
        queryset=Enrolment.objects.none(),
        error_messages={"required": "Cochez au moins une personne."},
    )

    def __init__(
        self, *args, scope: Scope, programme: Programme, people: models.QuerySet, **kwargs
    ) -> None:
        """Narrow every choice to the scope; `people` are the enrolments offered."""
        super().__init__(*args, **kwargs)
        guard(self.fields.values())
        codes = ReferenceCode.objects.for_scope(scope, Action.EDIT_PATHWAYS)
        codes = codes.valid(timezone.localdate())
        self.strand_codes = codes.in_list("pathway_strands")
        kind, partner = self.fields["kind"], self.fields["partner"]
        kind.queryset = codes.in_list("step_kinds").filter(meta__has_key="strand")
        kind.choices = kinds_by_strand(kind.queryset, self.strand_codes)
        partner.queryset = open_organisations(
            Organisation.objects.for_scope(scope, Action.EDIT_PATHWAYS),
            programmes=[programme],
            scope=scope,
            kept=None,
        )
        partner.choices = partners_first(partner.queryset)
        self.fields["people"].queryset = people

    def clean(self) -> dict:
        """Refuse a day to come, unless the step is to launch; find its strand."""
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("state") != StepState.PLANNED:
            refuse_future(
                self, ["on"], "Cette date est à venir. Choisissez «\u00a0À lancer\u00a0»."
            )
        if kind := cleaned.get("kind"):
            cleaned["strand"] = self.strand_codes.filter(code=kind.meta["strand"]).first()
            if cleaned["strand"] is None:
                self.add_error("kind", "Le volet de cette démarche n’est plus dans la liste.")
        return cleaned

    def planned(self) -> Planned:
        """Return what the gesture adds."""
        said = self.cleaned_data
        return Planned(
            kind=said["kind"],
            strand=said["strand"],
            state=StepState(said["state"]),
            on=said["on"],
            partner=said["partner"],
        )


class StepFilter(FilterForm):
    """Narrow the steps to a strand, or to where they are."""

    strand = forms.ModelChoiceField(label="Volet", queryset=ReferenceCode.objects.none())
    state = forms.ChoiceField(label="État", choices=[("", "Tout"), *StepState.choices])

    def __init__(self, *args, **kwargs) -> None:
        """Offer the strands of the reference list."""
        super().__init__(*args, **kwargs)
        codes = ReferenceCode.objects.for_scope(self.scope, Action.VIEW_PATHWAYS)
        self.fields["strand"].queryset = codes.in_list("pathway_strands")

    def narrow(self, rows: models.QuerySet) -> models.QuerySet:
        """Return the steps that match."""
        if strand := self.cleaned_data.get("strand"):
            rows = rows.filter(strand=strand)
        if state := self.cleaned_data.get("state"):
            rows = rows.in_state(state)
        return rows
