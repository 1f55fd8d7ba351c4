"""The form that moves a session, or it and the rest of its series."""

from datetime import date

from django import forms
from django.db import transaction

from autoprod.core.formatting import WEEKDAYS, clock_range, counted
from programmes.forms.sessions import HoursForm, InProgrammeForm, SessionForm, closed_sites
from programmes.models import Session
from programmes.services.moves import Target, clocks_of, move_one, move_rest, series_of

ONE, REST = "one", "rest"


class MoveForm(InProgrammeForm, HoursForm):
    """Another day, other hours; `fixed` gives the programme."""

    day = forms.DateField(label="Jour")
    which = forms.ChoiceField(
        label="Ce qui se déplace", widget=forms.RadioSelect, required=False, initial=ONE
    )
    hides_optional_mark = True
    journaled = SessionForm.journaled
    field_order = ("day", "start", "end", "which")
    hours_of = staticmethod(SessionForm.hours_of)

    class Meta:
        model = Session
        fields = []

    def __init__(self, *args, **kwargs) -> None:
        """Offer the rest of the series, where there is one."""
        super().__init__(*args, **kwargs)
        rest = len(series_of(self.instance)) - 1
        weekday, starts, ends = clocks_of(self.instance)
        if not rest:
            del self.fields["which"]
            return
        following = counted(rest, "suivante", "suivantes")
        week = f"{WEEKDAYS[weekday - 1]}, {clock_range(starts, ends)}"
        choices = [(ONE, "Cette séance seulement"), (REST, f"Elle et les {following} ({week})")]
        if rest == 1:
            choices[1] = (REST, f"Elle et la suivante ({week})")
        self.fields["which"].choices = choices

    def clean_day(self) -> date:
        """Refuse a day the programme does not live on."""
        return self.lived(self.cleaned_data["day"])

    def clean(self) -> dict:
        """Hold the hours and the sites against the day."""
        cleaned, day = super().clean(), self.cleaned_data.get("day")
        self.read_hours(day, self.instance.zone)
        for fault in closed_sites(self.instance.places, day, day) if day else ():
            self.add_error("day", fault)
        return cleaned

    def save(self, commit: bool = True) -> Session:
        """Move; `done` says what was moved. ValidationError when the session may not be."""
        data = self.cleaned_data
        move = move_rest if data.get("which") == REST else move_one
        with transaction.atomic():
            to = Target(data["day"], data["start"], data["end"])
            self.done = move(scope=self.scope, session=self.instance, to=to)
        return self.instance
