"""What is sent from a roll: a tap, a search, the closing, who was at a workshop."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from autoprod.core.fields import validate_no_nir
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import Presence
from beneficiaries.services.attendance import Tap
from beneficiaries.services.rolls import Row
from programmes.models import ReferenceCode, Session, Site

#: What takes a line off the roll.
NONE = "none"
#: How far ahead a device's clock may be.
DRIFT = timedelta(minutes=5)


def absence_reasons(scope: Scope) -> list[ReferenceCode]:
    """Return the reasons of an absence in force today: categories that reveal nothing."""
    rows = ReferenceCode.objects.for_scope(scope, Action.TICK_ATTENDANCE)
    return list(rows.in_list("absence_reasons").valid(timezone.localdate()))


class TapForm(forms.Form):
    """One tap on a row: a status, a site or a reason, and what the page showed of the line."""

    status = forms.ChoiceField(required=False, choices=[*Presence.choices, (NONE, "À pointer")])
    site = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    current_site = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    reason = forms.TypedChoiceField(required=False, empty_value=None)
    takes_back = forms.BooleanField(required=False)
    version = forms.IntegerField(min_value=0)
    client_uuid = forms.UUIDField()
    observed_at = forms.CharField(required=False)

    def __init__(self, *args, scope: Scope, sites: Sequence[Site], **kwargs) -> None:
        """Offer the session's sites and the reasons of the scope."""
        super().__init__(*args, **kwargs)
        self.scope, self.offered = scope, {site.pk: site for site in sites}
        for name in ("site", "current_site"):
            self.fields[name].choices = [(key, site.name) for key, site in self.offered.items()]
        if self.data.get("reason"):
            offered = {str(one.pk): one for one in self.reasons}
            self.fields["reason"].choices = [(key, one.label) for key, one in offered.items()]
            self.fields["reason"].coerce = offered.get

    @cached_property
    def reasons(self) -> list[ReferenceCode]:
        """Return the reasons of an absence, read once."""
        return absence_reasons(self.scope)

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

    def tap(self, session: Session) -> Tap:
        """Return what is asked of a line of the session; a reason makes the absence excused."""
        cleaned = self.cleaned_data
        return Tap(
            status=Presence.EXCUSED if cleaned["reason"] else cleaned["status"],
            site=self.chosen_site,
            reason=cleaned["reason"],
            version=cleaned["version"],
            client_uuid=cleaned["client_uuid"],
            observed_at=seen_at(cleaned["observed_at"], session, timezone.now()),
        )


def seen_at(said: str, session: Session, now: datetime) -> datetime:
    """Return when a tap was made, as a device without network says it; `now` when it is not likely.

    A clock that is wrong must not lose a tap: what lies before the session, or ahead of now by more
    than a clock drifts, is not believed.
    """
    try:
        at = parse_datetime(said)
    except ValueError:
        return now
    if at is None or timezone.is_naive(at) or not session.starts_at <= at <= now + DRIFT:
        return now
    return min(at, now)


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
