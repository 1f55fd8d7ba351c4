"""The form of a schedule: days, hours, sites; what it does to the sessions is reviewed first."""

from collections import defaultdict
from datetime import date, time, timedelta
from itertools import combinations

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from autoprod.core.formatting import WEEKDAYS, clock_range
from programmes.forms.sessions import ClockField, InProgrammeForm, SitesField, closed_sites
from programmes.models import Schedule
from programmes.services import schedules
from programmes.services.plans import HalfDay, Week, week_of
from programmes.services.replanning import Review, Values, review_change, review_new
from programmes.services.schedules import Asked

#: How many hours of the day one form takes.
LINES = (1, 2, 3)
#: What the page shows before « à d'autres heures ».
SHOWN = 2
#: The fiche's week: Monday to Thursday, mornings and early afternoons.
USUAL_DAYS = [1, 2, 3, 4]
USUAL = {
    "days_1": USUAL_DAYS,
    "start_1": time(8),
    "end_1": time(12),
    "days_2": USUAL_DAYS,
    "start_2": time(14),
    "end_2": time(16),
}
LONGEST = timedelta(days=2 * 366)


class DaysField(forms.TypedMultipleChoiceField):
    """Days of the week, 1 for Monday."""

    widget = forms.CheckboxSelectMultiple(attrs={"class": "chips"})

    def __init__(self, **kwargs) -> None:
        """Offer the seven days."""
        choices = [(number, name.capitalize()) for number, name in enumerate(WEEKDAYS, start=1)]
        super().__init__(choices=choices, coerce=int, required=False, **kwargs)


class ScheduleForm(InProgrammeForm):
    """A schedule; `fixed` gives the programme. Saving takes the mark of what was reviewed."""

    days_1 = DaysField(label="Premier horaire")
    start_1 = ClockField(label="De", required=False)
    end_1 = ClockField(label="À", required=False)
    days_2 = DaysField(label="Deuxième horaire")
    start_2 = ClockField(label="De", required=False)
    end_2 = ClockField(label="À", required=False)
    days_3 = DaysField(label="Autre horaire")
    start_3 = ClockField(label="De", required=False)
    end_3 = ClockField(label="À", required=False)
    mark = forms.CharField(required=False, widget=forms.HiddenInput)
    with_clashes = forms.BooleanField(required=False, widget=forms.HiddenInput)
    with_missing = forms.BooleanField(required=False, widget=forms.HiddenInput)

    #: Nothing here is unusual to leave empty: an empty line of hours is not told as optional.
    hides_optional_mark = True
    #: What the review asks, beside what was typed.
    ASKED = ("mark", "with_clashes", "with_missing")

    class Meta:
        model = Schedule
        fields = [
            "kind",
            "theme",
            "title",
            "sites",
            "leader",
            "capacity",
            "starts_on",
            "ends_on",
            "works_on_holidays",
        ]
        field_classes = {"sites": SitesField}
        widgets = {"sites": forms.CheckboxSelectMultiple}
        help_texts = {
            "sites": "Un seul appel pour tous les sites cochés.",
            "leader": "Qui a un droit d’équipe sur l’action.",
            "works_on_holidays": "Sinon, le planning les saute et vous dit lesquels.",
        }
        labels = {"starts_on": "Premier jour", "ends_on": "Dernier jour"}
        error_messages = {"sites": {"required": "Cochez au moins un site."}}

    def __init__(self, *args, instance=None, initial=None, **kwargs) -> None:
        """Show the week of an edited schedule."""
        known = _lines_of(week_of(instance)) if instance and instance.pk else {}
        super().__init__(*args, instance=instance, initial=known | (initial or {}), **kwargs)

    def clean_starts_on(self) -> date:
        """Refuse a day the programme does not live on."""
        return self.lived(self.cleaned_data["starts_on"])

    def clean_ends_on(self) -> date:
        """Refuse a day the programme does not live on."""
        return self.lived(self.cleaned_data["ends_on"])

    def clean(self) -> dict:
        """Read the half-days, and hold the sites and the days against them."""
        cleaned = super().clean()
        self.half_days = [half for line in LINES for half in self._read_line(line)]
        if not self.half_days and not self.errors:
            self.add_error("days_1", "Cochez au moins un jour, avec ses heures.")
        self._refuse_overlaps()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last - first > LONGEST:
            self.add_error("ends_on", "Un créneau dure au plus deux ans.")
        for fault in closed_sites(cleaned.get("sites", ()), first, last) if first and last else ():
            self.add_error("sites", f"{fault} Réglez les dates du créneau, ou décochez ce site.")
        return cleaned

    def _read_line(self, line: int) -> list[HalfDay]:
        """Return the half-days of a line of the form; none without a day ticked."""
        days = self.cleaned_data.get(f"days_{line}") or []
        names = (f"start_{line}", f"end_{line}")
        clocks = [self.cleaned_data.get(name) for name in names]
        for name, clock in zip(names, clocks, strict=True):
            if days and clock is None and name not in self.errors:
                self.add_error(name, "Indiquez l’heure, ou décochez ces jours.")
        if not days or None in clocks:
            return []
        if clocks[0] >= clocks[1]:
            self.add_error(names[1], "La fin doit venir après le début.")
            return []
        return [HalfDay(day, *clocks) for day in days]

    def _refuse_overlaps(self) -> None:
        for one, other in combinations(self.half_days, 2):
            if one.overlaps(other):
                day, hours = WEEKDAYS[other.weekday - 1], clock_range(one.starts, one.ends)
                message = f"Le {day}, ces heures en recouvrent d’autres\u00a0: {hours}."
                self.add_error("days_2", message)
                return

    @property
    def week(self) -> Week:
        """Return the days and the hours typed."""
        data = self.cleaned_data
        return Week(
            tuple(sorted(self.half_days)),
            data["starts_on"],
            data["ends_on"],
            data["works_on_holidays"],
        )

    @property
    def values(self) -> Values:
        """Return what the sessions take from the schedule."""
        names = ("kind", "title", "theme", "leader", "capacity")
        given = {name: self.cleaned_data[name] for name in names}
        return Values(**given, sites=frozenset(self.cleaned_data["sites"]))

    def review(self) -> Review:
        """Return what saving would do."""
        if self.is_edit:
            return review_change(schedule=self.instance, week=self.week, values=self.values)
        return review_new(programme=self.programme, week=self.week, values=self.values)

    def save(self, commit: bool = True) -> Schedule:
        """Save the schedule with its sessions; ValidationError when the review is out of date."""
        asked = Asked(**{name: self.cleaned_data[name] for name in self.ASKED})
        write = schedules.change if self.is_edit else schedules.create
        with transaction.atomic():
            self.done = write(
                scope=self.scope,
                schedule=self.instance,
                week=self.week,
                values=self.values,
                asked=asked,
            )
        return self.instance


def _lines_of(week: Week) -> dict:
    """Return the fields of the half-days, those of the same hours on one line."""
    by_hours = defaultdict(list)
    for half in sorted(week.half_days, key=lambda half: (half.starts, half.ends, half.weekday)):
        by_hours[half.starts, half.ends].append(half.weekday)
    if len(by_hours) > len(LINES):
        raise ValidationError("Ce créneau a plus d’horaires que cette page n’en montre.")
    shown = {}
    for line, ((starts, ends), days) in zip(LINES, by_hours.items(), strict=False):
        shown |= {f"days_{line}": days, f"start_{line}": starts, f"end_{line}": ends}
    return shown
