"""What is sent from a roll: a tap, hours, a search, the closing, who was at a workshop."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from autoprod.core.fields import validate_no_nir
from autoprod.core.formatting import clock
from autoprod.core.periods import ONE_DAY
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import Presence
from beneficiaries.services.attendance import Tap
from beneficiaries.services.rolls import Row
from programmes.models import ReferenceCode, Session, Site

#: What takes a line off the roll.
NONE = "none"
HOUR = "Écrivez une heure, par exemple 9 h 30."
SKIPPED = "Cette heure n’existe pas ce jour-là\u00a0: les pendules passent à l’heure d’été."


def absence_reasons(scope: Scope) -> list[ReferenceCode]:
    """Return the reasons of an absence in force today: categories that reveal nothing."""
    rows = ReferenceCode.objects.for_scope(scope, Action.TICK_ATTENDANCE)
    return list(rows.in_list("absence_reasons").valid(timezone.localdate()))


class TapForm(forms.Form):
    """One tap on a row: a status, a site or a reason, and what the page showed of the line."""

    status = forms.ChoiceField(required=False, choices=[*Presence.choices, (NONE, "À pointer")])
    site = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    current_site = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    reason = forms.ModelChoiceField(ReferenceCode.objects.none(), required=False)
    version = forms.IntegerField(min_value=0)
    client_uuid = forms.UUIDField()

    def __init__(self, *args, scope: Scope, sites: Sequence[Site], **kwargs) -> None:
        """Offer the session's sites and the reasons of the scope."""
        super().__init__(*args, **kwargs)
        self.offered = {site.pk: site for site in sites}
        for name in ("site", "current_site"):
            self.fields[name].choices = [(key, site.name) for key, site in self.offered.items()]
        reasons = ReferenceCode.objects.for_scope(scope, Action.TICK_ATTENDANCE)
        self.fields["reason"].queryset = reasons.in_list("absence_reasons")

    @property
    def asks_for_a_site_only(self) -> bool:
        """Tell whether the pill was changed before anybody was ticked: nothing to save yet."""
        cleaned = self.cleaned_data
        said = cleaned["status"] or cleaned["reason"]
        return bool(cleaned["site"]) and not said and not cleaned["version"]

    @property
    def chosen_site(self) -> Site | None:
        """Return the site of the pill: the one just chosen, otherwise the one it showed."""
        key = self.cleaned_data["site"] or self.cleaned_data["current_site"]
        return self.offered.get(key)

    @property
    def unticks(self) -> bool:
        """Tell whether the tap takes the line off."""
        return self.cleaned_data["status"] == NONE

    def tap(self) -> Tap:
        """Return what is asked of the line; a reason makes the absence excused."""
        cleaned = self.cleaned_data
        return Tap(
            status=Presence.EXCUSED if cleaned["reason"] else cleaned["status"],
            site=self.chosen_site,
            reason=cleaned["reason"],
            version=cleaned["version"],
            client_uuid=cleaned["client_uuid"],
        )


class HoursForm(forms.Form):
    """When somebody came and left, on the clock of the session's territory."""

    starts_at = forms.TimeField(label="Arrivée", error_messages={"invalid": HOUR})
    ends_at = forms.TimeField(label="Départ", error_messages={"invalid": HOUR})
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    client_uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, session: Session, row: Row, **kwargs) -> None:
        """Show the line's hours, the session's when there is none."""
        super().__init__(*args, **kwargs)
        self.session, self.row = session, row
        line = row.line if row.is_present else None
        for name in ("starts_at", "ends_at"):
            field = self.fields[name]
            field.input_formats = ["%H:%M", "%H:%M:%S", "%Hh%M", "%H h %M", "%Hh", "%H h"]
            field.widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
            instant = getattr(line or session, name)
            self.initial.setdefault(name, instant.astimezone(session.zone).time())

    def clean(self) -> dict:
        """Turn the two hours into instants of the session, over midnight when it is."""
        cleaned = super().clean()
        if arrival := cleaned.get("starts_at"):
            cleaned["starts_at"] = self._instant("starts_at", arrival, self.session.starts_at)
        if departure := cleaned.get("ends_at"):
            after = cleaned.get("starts_at")
            first = after + timedelta(minutes=1) if isinstance(after, datetime) else None
            cleaned["ends_at"] = self._instant("ends_at", departure, first)
        return cleaned

    def _instant(self, name: str, shown: time, first: datetime | None) -> datetime | None:
        """Return the instant of the session at that hour from `first`, otherwise the nearest."""
        found = list(self._instants(shown))
        if not found:
            self.add_error(name, ValidationError(SKIPPED, code="skipped"))
            return None
        first = first or self.session.starts_at
        inside = [at for at in found if first <= at <= self.session.ends_at]
        return (inside or found)[0]

    def _instants(self, shown: time) -> Iterator[datetime]:
        """Yield when the clocks show this hour from the session's day: twice in autumn."""
        for day in (self.session.on, self.session.on + ONE_DAY):
            for fold in (0, 1):
                at = datetime.combine(day, shown.replace(fold=fold), tzinfo=self.session.zone)
                read = at.astimezone(UTC).astimezone(self.session.zone)
                if read.replace(tzinfo=None, fold=0) == at.replace(tzinfo=None, fold=0):
                    yield at.astimezone(UTC)

    @property
    def proposals(self) -> list[dict]:
        """Return the whole hours of the session, for a late arrival or an early departure."""
        zone = self.session.zone
        at = self.session.starts_at.astimezone(zone).replace(minute=0) + timedelta(hours=1)
        hours = []
        while at < self.session.ends_at and len(hours) < 8:
            if at > self.session.starts_at:
                hours.append({"value": at.strftime("%H:%M"), "label": clock(at)})
            at = (at.astimezone(UTC) + timedelta(hours=1)).astimezone(zone)
        return hours

    def tap(self) -> Tap:
        """Return what is asked of the line."""
        cleaned = self.cleaned_data
        return Tap(
            site=self.row.site,
            starts_at=cleaned["starts_at"],
            ends_at=cleaned["ends_at"],
            version=cleaned["version"],
            client_uuid=cleaned["client_uuid"],
        )


class SearchForm(forms.Form):
    """A name to look for among the people enrolled; sent in the body, so that no log keeps it."""

    hides_optional_mark = True

    name = forms.CharField(
        label="Nom ou prénom", max_length=80, required=False, validators=[validate_no_nir]
    )


class CloseForm(forms.Form):
    """What closing a session asks: those not ticked are absent, only if somebody says so."""

    absent = forms.BooleanField(required=False)

    def __init__(self, *args, waiting: int, **kwargs) -> None:
        """Ask nothing when everybody is ticked."""
        super().__init__(*args, **kwargs)
        if waiting:
            self.fields["absent"].label = (
                "La personne à pointer est absente"
                if waiting == 1
                else f"Les {waiting} personnes à pointer sont absentes"
            )
        else:
            del self.fields["absent"]


class ReopenForm(forms.Form):
    """Why a closed session opens again."""

    reason = forms.CharField(
        label="Motif",
        max_length=300,
        validators=[validate_no_nir],
        help_text=(
            "Par exemple «\u00a0une présence oubliée\u00a0», sans nom\u00a0: le journal le garde."
        ),
    )

    def clean_reason(self) -> str:
        """Refuse a reason that says nothing."""
        reason = self.cleaned_data["reason"].strip()
        if len(reason) < 3:
            raise ValidationError("Dites en quelques mots ce qui change.")
        return reason


class ParticipantsForm(forms.Form):
    """Who took part in a workshop, among the people present at its session."""

    hides_optional_mark = True

    enrolments = forms.TypedMultipleChoiceField(
        label="Ont pris part à l’atelier",
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        show_hidden_initial=True,
    )

    def __init__(self, *args, rows: Sequence[Row], **kwargs) -> None:
        """Offer the people present, by name."""
        super().__init__(*args, **kwargs)
        self.fields["enrolments"].choices = [(row.enrolment.pk, row.name) for row in rows]

    @property
    def seen(self) -> set[int]:
        """Return who was ticked when the page was opened: two devices write what they changed."""
        sent = self.data.getlist(self.add_initial_prefix("enrolments"))
        return {row for row, _ in self.fields["enrolments"].choices if str(row) in sent}
