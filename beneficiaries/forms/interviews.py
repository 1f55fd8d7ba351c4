"""Forms of interviews: one page with its notes by reader, an appointment, a document."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils import timezone

from autoprod.core.fields import HoursFormField
from autoprod.core.formatting import hours
from autoprod.core.forms import STALE, STALE_FIELD
from autoprod.core.intervals import not_over
from autoprod.core.scoping import Action
from autoprod.core.uploads import StoredFileForm
from beneficiaries.access import may_follow
from beneficiaries.enums import InterviewState, NoteLevel
from beneficiaries.forms.pathways import OfStayForm, refuse_future
from beneficiaries.models import Interview, InterviewDocument, InterviewNote
from beneficiaries.services import interviews
from beneficiaries.services.interviews import Typed
from programmes.forms.sessions import ClockField
from programmes.models import ReferenceCode

TO_COME = (
    "Cette date est à venir. Un entretien prévu se note dans «\u00a0Prochain rendez-vous\u00a0»."
)
PAST = "Cette date est passée. Choisissez un jour à venir, ou laissez vide."
PAST_APPOINTMENT = (
    "Cette date est passée. Pour une rencontre qui a eu lieu, ajoutez plutôt un entretien."
)
NO_DAY = "Choisissez le jour de ce rendez-vous, ou effacez l’heure."
TWO_LENGTHS = "Deux durées sont données ({first}, {second})\u00a0: gardez-en une."
OTHER = "other"
LENGTHS = [("30", "30\u00a0min"), ("45", "45\u00a0min"), ("60", "1\u00a0h"), (OTHER, "Autre")]
#: Below so many, a bare number is of hours; no interview lasts so long.
LEAST_MINUTES = 10
#: Longest note, as its column says.
LONGEST = 8000

#: Who reads each note, said where it is typed.
READERS = {
    NoteLevel.LOGISTIC: (
        "Pour l’équipe (logistique)",
        "Lue par toute l’équipe, encadrants compris\u00a0: horaires, matériel. Rien de personnel.",
    ),
    NoteLevel.SOCIAL: (
        "Note sociale (référents et chef de projet)",
        "Lue par les travailleurs sociaux et le chef de projet, jamais par les encadrants.",
    ),
    NoteLevel.PRIVATE: (
        "Pour moi seul",
        "Lue par vous et personne d’autre\u00a0: ni collègue, ni chef de projet.",
    ),
}


class LengthField(HoursFormField):
    """A duration; « 50 » alone is minutes, since nobody meets for fifty hours."""

    def to_python(self, value: Any) -> int | None:
        """Return whole minutes."""
        if isinstance(value, str) and value.strip().isdecimal() and len(value.strip()) < 4:
            minutes = int(value)
            value = f"{minutes} min" if minutes >= LEAST_MINUTES else value
        return super().to_python(value)


def _note(level: NoteLevel) -> forms.CharField:
    """Return the field of one level, which says who reads it."""
    label, help_text = READERS[level]
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def _version() -> forms.IntegerField:
    """Return the version of the note that a text was typed over; empty when there was none."""
    return forms.IntegerField(widget=forms.HiddenInput, required=False)


class OfOpenStayForm(OfStayForm):
    """A form about a stay that is not over, or about any when all are."""

    def choices_of_enrolment(self, rows: models.QuerySet) -> models.QuerySet:
        """Return the stays of the person that are not over, all of them when all are."""
        stays = super().choices_of_enrolment(rows)
        going_on = stays.filter(not_over(timezone.localdate(), end="left_on"))
        return going_on if going_on.exists() else stays


class InterviewForm(OfOpenStayForm):
    """An interview that was held; `fixed` gives its state, and who leads a new one.

    Each level of notes has its own version: two colleagues over the same text see both, and a note
    that somebody does not read is neither shown, counted nor touched.
    """

    #: All but the day: the mark would only be noise.
    hides_optional_mark = True

    quick = forms.ChoiceField(
        label="Durée",
        choices=LENGTHS,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
    )
    minutes = LengthField(
        label="Autre durée", required=False, help_text="Par exemple 1\u00a0h\u00a020."
    )
    at = ClockField(label="À", required=False)
    logistic = _note(NoteLevel.LOGISTIC)
    social = _note(NoteLevel.SOCIAL)
    private = _note(NoteLevel.PRIVATE)
    logistic_version = _version()
    social_version = _version()
    private_version = _version()
    next_on = forms.DateField(label="Date du rendez-vous", required=False)
    next_at = ClockField(label="Heure du rendez-vous", required=False)
    next_mode = forms.ModelChoiceField(
        label="Comment se voir", queryset=ReferenceCode.objects.none(), required=False
    )

    class Meta:
        model = Interview
        fields = ["enrolment", "on", "at", "minutes", "mode", "kind"]

    def __init__(self, *args, instance=None, initial=None, is_followed=True, **kwargs) -> None:
        """Show the notes this user reads; `is_followed` asks for the next appointment."""
        known = instance is not None and instance.pk is not None
        self._before = {n: getattr(instance, n) for n in _WATCHED} if known else {}
        self.written = self._read(kwargs["scope"], instance) if known else {}
        values = self._values(instance if known else None) | dict(initial or {})
        super().__init__(*args, instance=instance, initial=values, **kwargs)
        for name in self._not_offered(is_followed):
            del self.fields[name]
        for name in self.levels:
            # Told level by level, below: who changed a date has changed no note.
            del self._stored[name], self._stored[f"{name}_version"]

    @staticmethod
    def _read(scope, interview: Interview) -> dict[str, InterviewNote]:
        action = Action.VIEW_NOTES if scope.allows(Action.VIEW_NOTES) else Action.VIEW_PERSONS
        rows = InterviewNote.objects.for_scope(scope, action).filter(interview=interview)
        mine = int(scope.actor_key or 0)
        others = [n for n in rows if n.level != NoteLevel.PRIVATE or n.author_id == mine]
        return {note.level: note for note in others}

    def _values(self, interview: Interview | None) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for level, note in self.written.items():
            values |= {level: note.text, f"{level}_version": note.version}
        if interview and str(interview.minutes) in dict(LENGTHS):
            values |= {"quick": str(interview.minutes), "minutes": None}
        elif interview and interview.minutes:
            values |= {"quick": OTHER}
        return values

    def _not_offered(self, is_followed: bool) -> Iterator[str]:
        """Yield the fields left out: notes of others' levels, an appointment asked elsewhere."""
        if not self._writes_social():
            yield from ("social", "social_version")
        if not (self._writes_social() and self._is_theirs()):
            yield from ("private", "private_version")
        if not is_followed:
            yield from ("next_on", "next_at", "next_mode")

    def _writes_social(self) -> bool:
        return any(self.scope.opens(Action.VIEW_NOTES, row) for row in self.programmes)

    def _is_theirs(self) -> bool:
        """Tell whether this user leads the interview: a note for oneself is kept in one's own.

        So deleting an interview, which its leader alone does, never takes a hidden note away.
        """
        is_theirs = str(self.instance.led_by_id or "") == self.scope.actor_key
        return is_theirs or NoteLevel.PRIVATE in self.written

    @property
    def levels(self) -> list[str]:
        """Return the levels of notes this user may write here."""
        return [level for level in NoteLevel.values if level in self.fields]

    def choices_of_next_mode(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the same ways to meet."""
        return self.in_scope("mode", self.fields["mode"])

    def clean(self) -> dict:
        """Refuse a day that has not come, one that is past for what follows, and stale notes."""
        super().clean()
        refuse_future(self, ["on"], TO_COME)
        self._settle_length()
        self._check_next()
        for level in self.cleaned_data.keys() & set(self.levels):
            # Browsers end lines as telegraphs did; what is stored does not change by it.
            self.cleaned_data[level] = self.cleaned_data[level].replace("\r\n", "\n")
            self._check_note(level)
        return self.cleaned_data

    def _settle_length(self) -> None:
        quick, typed = self.cleaned_data.get("quick"), self.cleaned_data.get("minutes")
        chosen = int(quick) if quick and quick != OTHER else None
        if chosen and typed and chosen != typed:
            words = TWO_LENGTHS.format(first=hours(chosen), second=hours(typed))
            self.add_error("minutes", ValidationError(words, code="two"))
        elif "minutes" not in self.errors:
            self.cleaned_data["minutes"] = typed or chosen

    def _check_next(self) -> None:
        on, at = self.cleaned_data.get("next_on"), self.cleaned_data.get("next_at")
        if on and on < timezone.localdate():
            self.add_error("next_on", ValidationError(PAST, code="past"))
        elif at and not on and "next_on" in self.fields and "next_on" not in self.errors:
            self.add_error("next_on", ValidationError(NO_DAY, code="required"))

    def _check_note(self, level: str) -> None:
        stored, name = self.written.get(level), f"{level}_version"
        text, version = (stored.text, stored.version) if stored else ("", None)
        if self.cleaned_data.get(name) == version or self.cleaned_data.get(level, "") == text:
            return
        if not self.has_error(NON_FIELD_ERRORS, "stale"):
            self.add_error(None, ValidationError(STALE, code="stale"))
        shown = STALE_FIELD.format(stored=text or "–")
        self.add_error(level, ValidationError(shown, code="stale"))
        # The next submit is made knowingly: it carries the version now shown.
        self.data = self.data.copy()
        self.data[self.add_prefix(name)] = version or ""

    def save(self, commit: bool = True) -> Interview:
        """Write the interview, its notes and the appointment that follows, in one transaction."""
        return interviews.save(
            scope=self.scope,
            interview=self.instance,
            changed=[n for n, v in self._before.items() if getattr(self.instance, n) != v],
            notes=[
                Typed(NoteLevel(level), self.cleaned_data[level], self.written.get(level))
                for level in self.levels
            ],
            appointment=self._appointment(),
        )

    def _appointment(self) -> Interview | None:
        on = self.cleaned_data.get("next_on")
        if on is None:
            return None
        return Interview(
            enrolment=self.instance.enrolment,
            state=InterviewState.PLANNED,
            on=on,
            at=self.cleaned_data["next_at"],
            mode=self.cleaned_data["next_mode"],
            led_by=self.instance.led_by,
        )


#: What of an interview the journal says has changed.
_WATCHED = ("state", "on", "at", "minutes", "mode", "kind", "led_by")


class AppointmentForm(OfOpenStayForm):
    """When somebody is to be met, how and by whom; `fixed` gives the state of a new one."""

    at = ClockField(label="À", required=False)

    class Meta:
        model = Interview
        fields = ["enrolment", "on", "at", "mode", "led_by"]
        labels = {"led_by": "Avec"}

    def choices_of_led_by(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer who follows persons in the programmes."""
        kept = self.instance.led_by_id
        return may_follow(self._open_programmes(), on=timezone.localdate(), kept=kept)

    def _open_programmes(self) -> list:
        stays = self.choices_of_enrolment(self.fields["enrolment"].queryset)
        return [self.instance.enrolment.programme] if self.is_edit else [s.programme for s in stays]

    def clean(self) -> dict:
        """Refuse a day that is past, unless it is the one already noted."""
        super().clean()
        on = self.cleaned_data.get("on")
        if on and on < timezone.localdate() and "on" in self.changed_data:
            self.add_error("on", ValidationError(PAST_APPOINTMENT, code="past"))
        return self.cleaned_data


class DocumentForm(StoredFileForm):
    """A paper kept with an interview; `fixed` gives the interview."""

    class Meta:
        model = InterviewDocument
        fields = ["title", "keep_until"]
