"""Forms of sessions: when, where, with whom; why one does not take place."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from autoprod.core.formatting import day as written
from autoprod.core.forms import CHOOSE, RowsField, ScopedModelForm
from autoprod.core.periods import instant_at
from autoprod.core.scoping import Action, Scope
from programmes.models import Programme, ReferenceCode, Session, Site, Workshop
from programmes.services import sessions

#: Plans are not made further ahead: a year typed too far is a slip.
FURTHEST = timedelta(days=2 * 366)
MORNING = {"start": time(9), "end": time(12)}
SKIPPED = "Ce jour-là, les horloges sautent cette heure. Choisissez-en une autre."
_HOUR = re.compile(r"(\d{1,2})\s*[h:]\s*(\d{2})?", re.IGNORECASE)


class ClockInput(forms.TimeInput):
    """The browser's own clock, on 24 hours in French."""

    input_type = "time"

    def __init__(self, attrs: dict | None = None) -> None:
        """Write hours as the picker wants them."""
        super().__init__(attrs, format="%H:%M")


class ClockField(forms.TimeField):
    """An hour of the day; « 8h30 » and « 14 h » are understood where the browser lets them in."""

    widget = ClockInput

    def __init__(self, **kwargs) -> None:
        """Say kindly what an hour looks like."""
        messages = {"invalid": "Cette heure n’existe pas. Écrivez-la ainsi\u00a0: 08:30."}
        super().__init__(input_formats=["%H:%M"], error_messages=messages, **kwargs)

    def to_python(self, value: Any) -> time | None:
        """Return the hour typed."""
        if isinstance(value, str) and (found := _HOUR.fullmatch(value.strip())):
            value = f"{found[1]}:{found[2] or '00'}"
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """Return the hour without its seconds, as it is shown."""
        return f"{value:%H:%M}" if isinstance(value, time) else value


class SitesField(RowsField):
    """Sites; one that is closed says since when."""

    def label_from_instance(self, obj: Site) -> str:
        """Return the name of the site."""
        closed = f" (fermé depuis le {written(obj.closed_on)})" if obj.closed_on else ""
        return f"{obj.name}{closed}"


class HoursForm(ScopedModelForm):
    """What has a start and an end on the clocks of a session's place: « start » and « end »."""

    start = ClockField(label="Début")
    end = ClockField(label="Fin")

    #: What the journal calls the fields that the model has under another name.
    journaled = {"start": "starts_at", "end": "ends_at"}

    def __init__(self, *args, instance=None, initial=None, **kwargs) -> None:
        """Show the hours of an edited row."""
        known = self.hours_of(instance) if instance and instance.pk else {}
        super().__init__(*args, instance=instance, initial=known | (initial or {}), **kwargs)

    @staticmethod
    def hours_of(row: Session | Workshop) -> dict:
        """Return the two hours, on the clocks of the place."""
        zone = row.zone if isinstance(row, Session) else row.session.zone
        start, end = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)
        return {"start": start.time(), "end": end.time()}

    @cached_property
    def changed_data(self) -> list[str]:
        """Return the names of the model's fields that change."""
        return [self.journaled.get(name, name) for name in super().changed_data]

    def read_hours(self, day: date | None, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
        """Return the two instants typed; None, each error beside its field, when they are wrong."""
        instants = {}
        for name in ("start", "end"):
            clock = self.cleaned_data.get(name)
            if day is None or clock is None:
                continue
            try:
                instants[name] = instant_at(day, clock, zone)
            except ValueError:
                self.add_error(name, SKIPPED)
        if len(instants) < 2:
            return None
        if instants["end"] <= instants["start"]:
            self.add_error("end", "La fin doit venir après le début.")
            return None
        return instants["start"], instants["end"]


class InProgrammeForm(ScopedModelForm):
    """What takes place in a programme, which `fixed` gives: its sites, its team, its days."""

    @property
    def programme(self) -> Programme:
        """Return the programme of the row."""
        return self.fixed["programme"]

    def choices_of_sites(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the sites of the programme."""
        sites = Site.objects.for_scope(self.scope, self.action)
        return sites.used_by(self.programme)

    def choices_of_leader(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the programme's team, and who leads already."""
        team = sessions.leaders_of(self.programme, timezone.localdate())
        return choices.filter(models.Q(pk__in=team) | models.Q(pk=self.instance.leader_id or 0))

    def lived(self, day: date) -> date:
        """Return the day; refuse one the programme does not live on, or too far to be meant."""
        programme = self.programme
        if programme.started_on and day < programme.started_on:
            raise ValidationError(f"L’action commence le {written(programme.started_on)}.")
        if programme.ended_on and day > programme.ended_on:
            raise ValidationError(f"L’action est terminée depuis le {written(programme.ended_on)}.")
        if day > timezone.localdate() + FURTHEST:
            raise ValidationError("Ce jour est à plus de deux ans. Vérifiez l’année.")
        return day


def closed_sites(sites: Iterable[Site], first: date, last: date) -> Iterator[str]:
    """Return what to say of each site that is not open from the first day to the last."""
    for site in sites:
        if site.opened_on and first < site.opened_on:
            yield f"{site.name} n’ouvre que le {written(site.opened_on)}."
        if site.closed_on and last > site.closed_on:
            yield f"{site.name} est fermé depuis le {written(site.closed_on)}."


class SessionForm(InProgrammeForm, HoursForm):
    """A session; `fixed` gives the programme."""

    day = forms.DateField(label="Jour")
    journaled = HoursForm.journaled | {"day": "on"}
    field_order = ["day", "start", "end"]

    class Meta:
        model = Session
        fields = ["kind", "theme", "title", "sites", "leader", "capacity", "headcount", "note"]
        field_classes = {"sites": SitesField}
        widgets = {"sites": forms.CheckboxSelectMultiple}
        help_texts = {
            "sites": "Un seul appel pour tous les sites cochés.",
            "leader": "Qui a un droit d’équipe sur l’action.",
            "note": "Météo, matériel, fait marquant. Aucun nom de participant.",
        }
        error_messages = {"sites": {"required": "Cochez au moins un site."}}

    @staticmethod
    def hours_of(row: Session) -> dict:
        """Return the day and the hours."""
        return {"day": row.on, **HoursForm.hours_of(row)}

    def clean_day(self) -> date:
        """Refuse a day the programme does not live on, or too far ahead to be meant."""
        return self.lived(self.cleaned_data["day"])

    def clean(self) -> dict:
        """Read the instants, and hold sites and workshops against them."""
        cleaned, day = super().clean(), self.cleaned_data.get("day")
        self.workshops = []
        if instants := self.read_hours(day, self.programme_zone):
            self.instance.starts_at, self.instance.ends_at = instants
            self._follow_with_workshops(day)
        for fault in closed_sites(cleaned.get("sites", ()), day, day) if day else ():
            self.add_error("sites", fault)
        if self.instance.roll_begun_at:
            self._stay_where_ticked()
        return cleaned

    def _stay_where_ticked(self) -> None:
        """Refuse another day, other hours or fewer sites: somebody was ticked then and there."""
        moved = [name for name, stored in self.journaled.items() if stored in self.changed_data]
        left = set(self.initial["sites"]) - set(self.cleaned_data.get("sites", ()))
        for name in [*moved, *(["sites"] if left else [])]:
            if name not in self.errors:
                self.add_error(name, sessions.ROLL_BEGUN)

    @property
    def programme_zone(self) -> ZoneInfo:
        """Return the time zone where the session takes place."""
        return self.programme.territory.zone

    def _follow_with_workshops(self, day: date) -> None:
        """Take the workshops to the new day; refuse hours that leave one of them outside."""
        try:
            self.workshops = sessions.moved(self.get_workshops(), self.instance, day)
        except ValidationError as error:
            self.add_error("day", error)
        for workshop in self.workshops:
            if workshop.starts_at < self.instance.starts_at:
                self._refuse("start", workshop)
            elif workshop.ends_at > self.instance.ends_at:
                self._refuse("end", workshop)

    def get_workshops(self) -> list[Workshop]:
        """Return the workshops that follow the session: its own."""
        return self.workshops_of(self.instance) if self.is_edit else []

    def workshops_of(self, session: Session) -> list[Workshop]:
        """Return the workshops of a session, ready to be told by name and by hours."""
        rows = Workshop.objects.for_scope(self.scope, self.action).of(session)
        return list(rows.select_related("theme", "session__programme__territory"))

    def _refuse(self, name: str, workshop: Workshop) -> None:
        self.add_error(
            name, f"L’atelier «\u00a0{workshop}\u00a0» ({workshop.hours}) sortirait de la séance."
        )

    def save(self, commit: bool = True) -> Session:
        """Save, the workshops following on the new day."""
        with transaction.atomic():
            session = super().save(commit=commit)
            self.save_workshops(session)
            return session

    def save_workshops(self, session: Session) -> None:
        """Save the workshops on the day they follow their session to."""
        if "on" in self.changed_data:
            for workshop in self.workshops:
                workshop.save()


class SessionCopyForm(SessionForm):
    """A copy of the session `copied`, with copies of its workshops unless they are left out."""

    with_workshops = forms.BooleanField(label="Reprendre les ateliers", required=False)
    field_order = (
        *("day", "start", "end", "kind", "theme", "title", "sites", "leader"),
        "with_workshops",
    )

    def __init__(self, *args, copied: Session, **kwargs) -> None:
        """Offer the workshops there are, each told with its hours."""
        super().__init__(*args, **kwargs)
        self.offered = self.workshops_of(copied)
        if self.offered:
            told = [f"{workshop} ({workshop.hours})" for workshop in self.offered]
            self.fields["with_workshops"].initial = True
            self.fields["with_workshops"].help_text = f"{', '.join(told)}."
        else:
            del self.fields["with_workshops"]

    @cached_property
    def changed_data(self) -> list[str]:
        """Return the names of the model's fields: the box is none of them."""
        return [name for name in super().changed_data if name != "with_workshops"]

    def get_workshops(self) -> list[Workshop]:
        """Return the workshops to copy; none when the box is unticked."""
        return self.offered if self.cleaned_data.get("with_workshops") else []

    def save_workshops(self, session: Session) -> None:
        """Write copies; the workshops that were copied stay where they are."""
        sessions.copy_workshops(scope=self.scope, session=session, workshops=self.workshops)


class CancelForm(forms.Form):
    """Why a session does not take place."""

    reason = forms.ModelChoiceField(
        ReferenceCode.objects.none(),
        label="Motif",
        empty_label=CHOOSE,
        help_text="La séance reste au planning avec son motif. Vous pourrez la rétablir.",
    )

    def __init__(self, *args, scope: Scope, territory: int, **kwargs) -> None:
        """Offer the reasons in force: the shipped ones and those of the territory (its key)."""
        super().__init__(*args, **kwargs)
        codes = ReferenceCode.objects.for_scope(scope, Action.EDIT_SESSIONS)
        reasons = codes.in_list("cancellation_reasons").valid(timezone.localdate())
        own = models.Q(territory=None) | models.Q(territory=territory)
        self.fields["reason"].queryset = reasons.filter(own)
