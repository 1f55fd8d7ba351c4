"""Forms of hives: an apiary, its colonies, their visits and treatments, honey, declarations."""

from collections.abc import Iterable
from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from autoprod.core.fields import AmountFormField
from autoprod.core.fields.amounts import KILOGRAMS, Unit
from autoprod.core.formatting import day
from autoprod.core.forms import DateInput, RowsField, ScopedModelForm, guard
from autoprod.core.scoping import Action
from gardens.models import (
    Apiary,
    ApiaryDeclaration,
    Colony,
    HiveTreatment,
    HiveVisit,
    HoneyHarvest,
)
from gardens.services import hives
from gardens.services.hives import FIRST_MONTH, Taking

FUTURE = "Cette date est à venir."
BEFORE = "Cette ruche n’est installée que depuis le {on}."
AFTER = "Cette colonie a fini le {on}."
TOO_EARLY = "La déclaration d’une année s’ouvre le 1er septembre."
WRONG_YEAR = "Vérifiez l’année de la reine."
TOO_MUCH = "Une humidité va de 0 à 100\u00a0%."
NO_WEIGHT = "Écrivez ce que pèse le miel."
_FIRST_YEAR = 1990
_PERCENT = Unit(1, ("%",), "17,5", "Écrivez cette humidité avec un chiffre après la virgule.")
_HUNDRED = 100
_SOON = (
    ("", "pas prévue"),
    ("7", "dans 7 jours"),
    ("14", "dans 14 jours"),
    ("21", "dans 21 jours"),
)


def refuse_future(form: forms.BaseForm, *names: str) -> None:
    """Refuse, beside each field, a day that has not come."""
    for name in names:
        value = form.cleaned_data.get(name)
        if value and value > timezone.localdate():
            form.add_error(name, ValidationError(FUTURE, code="future"))


def refuse_away(form: forms.BaseForm, name: str, colony: Colony) -> None:
    """Refuse, beside the field, a day when the colony was not there."""
    value = form.cleaned_data.get(name)
    if value and value < colony.installed_on:
        said = BEFORE.format(on=day(colony.installed_on))
        form.add_error(name, ValidationError(said, code="before"))
    if value and colony.ended_on and value > colony.ended_on:
        said = AFTER.format(on=day(colony.ended_on))
        form.add_error(name, ValidationError(said, code="after"))


def hives_field() -> RowsField:
    """Return the choice of some hives, a chip each."""
    return RowsField(
        label="Ruches",
        queryset=Colony.objects.none(),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"}),
    )


def offer(field: RowsField, colonies: models.QuerySet, ticked: Iterable[Colony]) -> None:
    """Offer these colonies by the number of their hive, some of them ticked."""
    field.queryset = colonies
    field.choices = [(row.pk, row.number) for row in hives.in_order(colonies)]
    field.initial = [row.pk for row in ticked]


class ApiaryForm(ScopedModelForm):
    """An apiary, at a site of the programme."""

    class Meta:
        model = Apiary
        fields = ["name", "site", "number", "keeper"]
        help_texts = {"number": "Il figure sur la déclaration annuelle."}

    def choices_of_site(self, rows: models.QuerySet) -> models.QuerySet:
        """Offer the sites of the programme."""
        return rows.for_scope(self.scope, Action.VIEW_FRAME).used_by(self.fixed["programme"])


class ColonyForm(ScopedModelForm):
    """A colony in its hive."""

    class Meta:
        model = Colony
        fields = ["number", "breed", "queen_year", "origin", "installed_on"]
        help_texts = {"origin": "Essaim acheté, capturé, division de la ruche 3…"}

    def __init__(self, *args, **kwargs) -> None:
        """Propose today."""
        super().__init__(*args, **kwargs)
        if not self.is_edit:
            self.fields["installed_on"].initial = timezone.localdate()

    def clean_queen_year(self) -> int | None:
        """Refuse a slip of the year."""
        year = self.cleaned_data["queen_year"]
        if year is not None and not _FIRST_YEAR <= year <= timezone.localdate().year:
            raise ValidationError(WRONG_YEAR, code="year")
        return year

    def clean(self) -> dict:
        """Refuse a day to come."""
        super().clean()
        refuse_future(self, "installed_on")
        return self.cleaned_data


class ColonyEndForm(ScopedModelForm):
    """What became of a colony; emptied, it is there again."""

    class Meta:
        model = Colony
        fields = ["ended_on", "end"]

    def __init__(self, *args, **kwargs) -> None:
        """Ask for both, unless they are there to be corrected."""
        super().__init__(*args, **kwargs)
        if self.instance.ended_on is None:
            for field in self.fields.values():
                field.required = not isinstance(field.widget, forms.HiddenInput)
        else:
            self.fields["end"].help_text = "Videz les deux si la colonie est toujours là."

    def clean(self) -> dict:
        """Refuse a day to come."""
        super().clean()
        refuse_future(self, "ended_on")
        return self.cleaned_data


class VisitForm(ScopedModelForm):
    """What was seen at a hive: taps first, words last."""

    next_in = forms.ChoiceField(
        label="Prochaine visite",
        choices=_SOON,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "chips"}),
    )

    class Meta:
        model = HiveVisit
        fields = [
            "strength",
            "queen_seen",
            "eggs_seen",
            "varroa_per_day",
            "fed",
            "note",
            "on",
            "next_on",
        ]
        labels = {"next_on": "ou le"}
        help_texts = {"strength": "De 1, très faible, à 5, très forte."}

    def __init__(self, *args, **kwargs) -> None:
        """Propose today; draw the strength as five buttons."""
        super().__init__(*args, **kwargs)
        seen = self.fields["strength"]
        choices = [(number, str(number)) for number in range(1, 6)]
        self.fields["strength"] = forms.TypedChoiceField(
            label=seen.label,
            help_text=seen.help_text,
            choices=choices,
            coerce=int,
            empty_value=None,
            required=False,
            widget=forms.RadioSelect(attrs={"class": "segmented"}),
        )
        self.fields["note"].widget.attrs["rows"] = 2
        if self.is_edit:
            del self.fields["next_in"]
            self.fields["next_on"].label = "Prochaine visite"
        else:
            self.fields["on"].initial = timezone.localdate()
            self.fields["next_in"].initial = ""
            self.instance.noted_by_id = int(self.scope.actor_key) if self.scope.actor_key else None
        order = ["strength", "queen_seen", "eggs_seen", "varroa_per_day", "fed", "note"]
        self.order_fields([*order, "next_in", "next_on", "on"])

    def clean(self) -> dict:
        """Count the days until the next visit; refuse a day when the hive was not there."""
        cleaned = super().clean()
        refuse_future(self, "on")
        refuse_away(self, "on", self.instance.colony)
        on, after = cleaned.get("on"), cleaned.get("next_in")
        if on and after and not cleaned.get("next_on"):
            cleaned["next_on"] = on + timedelta(days=int(after))
        return cleaned


class TreatmentForm(ScopedModelForm):
    """A medicine given to one colony, corrected or taken out."""

    class Meta:
        model = HiveTreatment
        fields = ["medicine", "dose", "prescription", "starts_on", "ends_on", "waiting_days"]
        help_texts = {
            "prescription": "Numéro, date et vétérinaire. Le registre la garde cinq ans.",
            "ends_on": "Laissez vide tant qu’il est dans la ruche.",
            "waiting_days": "Celui de la notice\u00a0: pas de miel avant qu’il soit passé.",
        }

    def clean(self) -> dict:
        """Refuse a day to come, or when the hive was not there."""
        super().clean()
        refuse_future(self, "starts_on", "ends_on")
        for colony in self.colonies():
            refuse_away(self, "starts_on", colony)
        return self.cleaned_data

    def colonies(self) -> Iterable[Colony]:
        """Return the colonies it is given to."""
        return [self.instance.colony]


class TreatmentsForm(TreatmentForm):
    """A medicine given to several colonies of an apiary at once."""

    refused_field = "hives"

    def __init__(self, *args, apiary: Apiary, chosen: str = "", **kwargs) -> None:
        """Offer the living colonies, all ticked or the chosen one."""
        super().__init__(*args, **kwargs)
        rows = Colony.objects.for_scope(self.scope, self.action).of(apiary).living()
        rows = rows.select_related("apiary")
        only = [row for row in rows if str(row.pk) == chosen]
        self.fields["hives"] = hives_field()
        offer(self.fields["hives"], rows, only or rows)
        self.fields["starts_on"].initial = timezone.localdate()
        self.order_fields(["hives"])

    def colonies(self) -> Iterable[Colony]:
        """Return the colonies ticked."""
        return self.cleaned_data.get("hives") or []

    def save(self, commit: bool = True) -> HiveTreatment:
        """Write one row for each colony; return the first."""
        colonies = list(self.colonies())
        return hives.treat(scope=self.scope, treatment=self.instance, colonies=colonies)[0]


class TakeOutForm(forms.Form):
    """Treatments taken out of several hives on one day."""

    on = forms.DateField(label="Retirés le", widget=DateInput)

    def __init__(self, *args, running: models.QuerySet, **kwargs) -> None:
        """Offer what is in the hives, all ticked."""
        super().__init__(*args, **kwargs)
        self.running = list(running)
        choices = [
            (str(one.pk), f"{one.colony}\u00a0: {one.medicine}, depuis le {day(one.starts_on)}")
            for one in self.running
        ]
        self.fields["treatments"] = forms.MultipleChoiceField(
            label="Traitements",
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            initial=[key for key, _ in choices],
        )
        self.fields["on"].initial = timezone.localdate()
        self.order_fields(["treatments", "on"])
        guard(self.fields.values())

    def clean(self) -> dict:
        """Refuse a day to come, or before a treatment was given."""
        super().clean()
        refuse_future(self, "on")
        on = self.cleaned_data.get("on")
        early = [one for one in self.chosen if on and on < one.starts_on]
        if early:
            said = f"{early[0].colony}\u00a0: posé le {day(early[0].starts_on)} seulement."
            self.add_error("on", ValidationError(said, code="before"))
        return self.cleaned_data

    @property
    def chosen(self) -> list[HiveTreatment]:
        """Return the treatments ticked."""
        keys = set(self.cleaned_data.get("treatments") or [])
        return [one for one in self.running if str(one.pk) in keys]


class HoneyForm(ScopedModelForm):
    """Honey taken from an apiary: a lot of the ledger."""

    on = forms.DateField(label="Récolté le", widget=DateInput)
    grams = AmountFormField(label="Poids (kg)", unit=KILOGRAMS)
    hives = hives_field()
    humidity = AmountFormField(
        label="Humidité (%)",
        unit=_PERCENT,
        required=False,
        help_text="Au-dessus de 20\u00a0%, un miel fermente.",
    )

    class Meta:
        model = HoneyHarvest
        fields = ["override_reason"]
        labels = {"override_reason": "Récolter malgré un délai d’attente, parce que"}
        help_texts = {
            "override_reason": "Seulement si un traitement court encore\u00a0: le motif est gardé."
        }

    def __init__(self, *args, **kwargs) -> None:
        """Propose today, and the colonies whose honey may be taken."""
        super().__init__(*args, **kwargs)
        today, field = timezone.localdate(), self.fields["hives"]
        self.fields["on"].initial = today
        rows = Colony.objects.for_scope(self.scope, self.action).of(self.fixed["apiary"]).living()
        barring = hives.barring_of(self.scope, list(rows), today)
        offer(field, rows, [row for row in rows if row.pk not in barring])
        if barring:
            field.help_text = f"Délai d’attente\u00a0: {hives.barred_words(rows, barring)}."
        self.order_fields(["grams", "hives", "on", "humidity", "override_reason"])

    def clean_grams(self):
        """Refuse honey that weighs nothing."""
        if not self.cleaned_data["grams"]:
            raise ValidationError(NO_WEIGHT, code="empty")
        return self.cleaned_data["grams"]

    def clean_humidity(self):
        """Refuse what is no percentage."""
        humidity = self.cleaned_data["humidity"]
        if humidity is not None and humidity > _HUNDRED:
            raise ValidationError(TOO_MUCH, code="too_much")
        return humidity

    def save(self, commit: bool = True) -> HoneyHarvest:
        """Open the lot; ValidationError, beside its field, when the honey may not be taken."""
        cleaned = self.cleaned_data
        taking = Taking(
            apiary=self.fixed["apiary"],
            on=cleaned["on"],
            grams=cleaned["grams"],
            colonies=list(cleaned["hives"]),
            humidity=cleaned["humidity"],
            reason=cleaned["override_reason"],
        )
        return hives.harvest_honey(scope=self.scope, taking=taking)


class DeclarationForm(ScopedModelForm):
    """The colonies declared in the autumn."""

    class Meta:
        model = ApiaryDeclaration
        fields = ["year", "declared_on", "colony_count", "receipt"]

    def __init__(self, *args, **kwargs) -> None:
        """Propose this autumn, today, and the colonies there are."""
        super().__init__(*args, **kwargs)
        if self.is_edit:
            return
        today = timezone.localdate()
        year = today.year if today.month >= FIRST_MONTH else today.year - 1
        rows = Colony.objects.for_scope(self.scope, self.action).of(self.fixed["apiary"])
        self.fields["year"].initial = year
        self.fields["declared_on"].initial = today
        self.fields["colony_count"].initial = rows.living().count()

    def clean(self) -> dict:
        """Refuse a day before the season opens."""
        cleaned = super().clean()
        refuse_future(self, "declared_on")
        year, on = cleaned.get("year"), cleaned.get("declared_on")
        if year and on and on < date(min(max(year, _FIRST_YEAR), 9998), FIRST_MONTH, 1):
            self.add_error("declared_on", ValidationError(TOO_EARLY, code="early"))
        return cleaned
