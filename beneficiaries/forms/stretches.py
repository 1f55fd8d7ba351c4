"""What is sent of somebody's stretches in a session: late, gone early, off to another site."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from autoprod.core.formatting import clock
from autoprod.core.periods import ONE_DAY
from beneficiaries.services.attendance import Tap
from beneficiaries.services.rolls import Row
from programmes.models import Session, Site

HOUR = "Écrivez une heure, par exemple 9 h 30."
SKIPPED = "Cette heure n’existe pas ce jour-là\u00a0: les pendules passent à l’heure d’été."
QUARTER = timedelta(minutes=15)
#: Late is told in the first two hours, early in the last two; the rest is typed.
PROPOSED = 8
#: How many hours of a change of site a telephone shows without scrolling.
AT_MOST = 16


class InSessionForm(forms.Form):
    """Hours on the clock of a session's territory, typed or proposed by buttons."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    client_uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, session: Session, **kwargs) -> None:
        """Read and write hours as people do."""
        super().__init__(*args, **kwargs)
        self.session = session
        for field in self.fields.values():
            if isinstance(field, forms.TimeField):
                field.input_formats = ["%H:%M", "%H:%M:%S", "%Hh%M", "%H h %M", "%Hh", "%H h"]
                field.widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")

    def read(self, name: str, shown: time, first: datetime | None = None) -> datetime | None:
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

    def quarters(self) -> list[datetime]:
        """Return the quarters of an hour inside the session."""
        at = _on_the_quarter(self.session.starts_at) + QUARTER
        found = []
        while at < self.session.ends_at:
            found.append(at)
            at += QUARTER
        return found

    def shown(self, instants: Sequence[datetime]) -> list[dict]:
        """Return what the button of each instant says and sends."""
        local = [at.astimezone(self.session.zone) for at in instants]
        return [{"value": at.strftime("%H:%M"), "label": clock(at)} for at in local]


def _on_the_quarter(at: datetime) -> datetime:
    """Return the quarter of an hour just passed; no zone is off by less than one."""
    return at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)


class HoursForm(InSessionForm):
    """When somebody came and left."""

    starts_at = forms.TimeField(label="Arrivée", error_messages={"invalid": HOUR})
    ends_at = forms.TimeField(label="Départ", error_messages={"invalid": HOUR})
    #: Where who is not ticked yet will be.
    current_site = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, widget=forms.HiddenInput
    )

    def __init__(
        self, *args, session: Session, sites: Sequence[Site], row: Row | None = None, **kwargs
    ) -> None:
        """Show the hours of the row given, the session's when nobody is there."""
        super().__init__(*args, session=session, **kwargs)
        self.offered = {site.pk: site for site in sites}
        self.fields["current_site"].choices = [(key, key) for key in self.offered]
        lines = row.lines if row and row.is_present else []
        known = {
            "starts_at": lines[0].starts_at if lines else session.starts_at,
            "ends_at": lines[-1].ends_at if lines else session.ends_at,
        }
        for name, instant in known.items():
            self.initial.setdefault(name, instant.astimezone(session.zone).time())

    def clean(self) -> dict:
        """Turn the two hours into instants of the session, over midnight when it is."""
        cleaned = super().clean()
        if arrival := cleaned.get("starts_at"):
            cleaned["starts_at"] = self.read("starts_at", arrival)
        if departure := cleaned.get("ends_at"):
            after = cleaned.get("starts_at")
            first = after + timedelta(minutes=1) if isinstance(after, datetime) else None
            cleaned["ends_at"] = self.read("ends_at", departure, first)
        return cleaned

    @property
    def questions(self) -> list[tuple]:
        """Return each hour asked, with the quarters proposed for it."""
        quarters = self.quarters()
        proposed = {"starts_at": quarters[:PROPOSED], "ends_at": quarters[-PROPOSED:]}
        return [(self[name], self.shown(instants)) for name, instants in proposed.items()]

    def tap(self) -> Tap:
        """Return what is asked of the line."""
        cleaned = self.cleaned_data
        return Tap(
            site=self.offered.get(cleaned["current_site"]),
            starts_at=cleaned["starts_at"],
            ends_at=cleaned["ends_at"],
            version=cleaned["version"],
            client_uuid=cleaned["client_uuid"],
        )


class MoveForm(InSessionForm):
    """Where somebody goes, and from when on."""

    site = forms.TypedChoiceField(
        label="Passe à",
        coerce=int,
        widget=forms.RadioSelect(attrs={"class": "chips"}),
        error_messages={"required": "Choisissez d’abord un site."},
    )
    starts_at = forms.TimeField(label="À partir de", error_messages={"invalid": HOUR})

    def __init__(
        self, *args, session: Session, sites: Sequence[Site], row: Row | None = None, **kwargs
    ) -> None:
        """Offer the sites of the session, but for the one where the row given is at last."""
        super().__init__(*args, session=session, **kwargs)
        self.offered = {site.pk: site for site in sites}
        here = row.lines[-1].site if row and row.lines else None
        others = [site for site in sites if site != here]
        self.fields["site"].choices = [(site.pk, site.name) for site in others]
        if len(others) == 1:
            self.initial.setdefault("site", others[0].pk)

    def clean(self) -> dict:
        """Turn the hour into an instant of the session."""
        cleaned = super().clean()
        if shown := cleaned.get("starts_at"):
            cleaned["starts_at"] = self.read("starts_at", shown)
        return cleaned

    @property
    def questions(self) -> list[tuple]:
        """Return what is asked: a site, then an hour with those proposed, now the first."""
        quarters = self.quarters()
        step = next((n for n in (1, 2, 4) if len(quarters) / n <= AT_MOST), 8)
        proposed = [at for at in quarters if at.minute % (15 * step) == 0] if step < 8 else []
        now = _on_the_quarter(timezone.now())
        hours = self.shown(proposed)
        if now in quarters:
            (first,) = self.shown([now])
            hours.insert(0, first | {"label": f"maintenant ({first['label']})"})
        return [(self["site"], []), (self["starts_at"], hours)]

    def tap(self) -> Tap:
        """Return what is asked of the row."""
        cleaned = self.cleaned_data
        return Tap(
            site=self.offered[cleaned["site"]],
            starts_at=cleaned["starts_at"],
            version=cleaned["version"],
            client_uuid=cleaned["client_uuid"],
        )
