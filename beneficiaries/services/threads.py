"""The thread of a pathway: what happened, day after day, from a stay's first day to its last."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import TextChoices

from autoprod.core.formatting import clock, counted, day, day_and_month, day_range, hours, month
from beneficiaries.enums import InterviewState, Level, NoteLevel, Presence
from beneficiaries.models import Attendance, Enrolment, Interview, InterviewNote
from beneficiaries.services.person_files import PathwayFile

#: What is older waits behind a link.
KEPT = timedelta(days=365)
#: Longer than that, a note is folded after its first words.
LONG = 280


class Theme(TextChoices):
    """What the thread may be narrowed to; the value goes in the address."""

    INTERVIEWS = "entretiens", "Entretiens"
    STEPS = "demarches", "Démarches"
    PRESENCES = "presences", "Présences"
    OUTCOMES = "orientations", "Orientations"


@dataclass(frozen=True)
class Said:
    """A note of an interview that the reader may read."""

    level: NoteLevel
    text: str

    @property
    def is_private(self) -> bool:
        """Tell whether it is its author's alone."""
        return self.level == NoteLevel.PRIVATE

    @property
    def is_logistic(self) -> bool:
        """Tell whether the whole team reads it."""
        return self.level == NoteLevel.LOGISTIC

    @property
    def head(self) -> str:
        """Return its first words when it is long, nothing otherwise."""
        if len(self.text) <= LONG:
            return ""
        return self.text[:LONG].rsplit(" ", 1)[0] + "…"


@dataclass(frozen=True)
class Event:
    """One line of the thread: a day, what happened, and a few words more."""

    on: date
    title: str
    note: str = ""
    theme: Theme | None = None
    said: tuple[Said, ...] = ()
    #: What is said instead of the day: a month.
    over: str = ""
    #: The interview it tells, that the page may lead to.
    interview: Interview | None = None
    #: What is said of the day: the year, when the line above does not say it.
    when: str = ""


@dataclass(frozen=True)
class Thread:
    """What is shown of a thread."""

    events: Sequence[Event]
    theme: Theme | None
    #: How many older lines wait behind a link.
    older: int


def of_file(file: PathwayFile, *, theme: str = "", is_whole: bool = False) -> Thread:
    """Return what happened, newest first, of one theme or of all; a year of it unless whole."""
    chosen = Theme(theme) if theme in Theme.values else None
    events = [event for event in events_of(file) if chosen in {None, event.theme}]
    since = file.today - KEPT
    shown = [event for event in events if is_whole or event.on >= since]
    return Thread(_dated(shown), chosen, len(events) - len(shown))


def events_of(file: PathwayFile) -> list[Event]:
    """Return all that happened, newest first; what is to come is not told."""
    # The order of a same day: somebody enters before the first step, leaves after the last.
    told = [event for source in _SOURCES for event in source(file) if event.on <= file.today]
    return sorted(told, key=lambda event: event.on)[::-1]


def _dated(events: Iterable[Event]) -> list[Event]:
    """Return the events with their day in words, its year when it changes."""
    told, year = [], None
    for event in events:
        short = day_and_month(event.on) if event.on.year == year else day(event.on)
        told.append(replace(event, when=event.over or short))
        year = event.on.year
    return told


def _joined(*words: str) -> str:
    return " · ".join(word for word in words if word)


def _requests(file: PathwayFile) -> Iterator[Event]:
    """Tell when somebody was sent or asked to come, unless they came in on that very day."""
    for stay in file.stays.values():
        if stay.referred_on and stay.referred_on != stay.entered_on:
            note = _joined(stay.programme.name, _referred(stay))
            yield Event(stay.referred_on, "Demande d’inscription", note, Theme.OUTCOMES)


def _entries(file: PathwayFile) -> Iterator[Event]:
    for stay in file.stays.values():
        if stay.entered_on:
            note = _joined(stay.programme.name, _referred(stay))
            yield Event(stay.entered_on, "Entrée dans l’action", note)


def _referred(stay: Enrolment) -> str:
    return f"orienté par {stay.referred_by}" if stay.referred_by else ""


def _answers(file: PathwayFile) -> Iterator[Event]:
    for row in file.answers:
        note = row.get_kind_display().lower()
        yield Event(row.sent_on, "Réponse au prescripteur", note, Theme.OUTCOMES)


def _levels(file: PathwayFile) -> Iterator[Event]:
    for row in file.changes:
        note = _joined(f"auparavant {Level(row.before).label.lower()}", file.place(row.enrolment))
        yield Event(row.since, Level(row.level).label, note)


def _pauses(file: PathwayFile) -> Iterator[Event]:
    for row in file.pauses:
        reason = row.reason.label.lower() if row.reason else ""
        known = f"jusqu’au {day(row.ends_on)}" if row.ends_on else ""
        yield Event(
            row.starts_on, "Parcours en pause", _joined(reason, known, file.place(row.enrolment))
        )
        if row.ends_on:
            back = row.ends_on + timedelta(days=1)
            yield Event(back, "Reprise du parcours", file.place(row.enrolment))


def _barriers(file: PathwayFile) -> Iterator[Event]:
    for row in file.barriers:
        name, place = row.kind.meta.get("short", row.kind.label), file.place(row.enrolment)
        again = row.reassessed_on if row.reassessed_on != row.identified_on else None
        seen = "s’est aggravé" if row.is_worse else "toujours là"
        for on, what in (
            (row.identified_on, "repéré"),
            (row.worked_since, "travaillé"),
            (again, seen),
            (row.lifted_on, "levé"),
        ):
            if on:
                yield Event(on, f"Frein\u00a0: {name}", _joined(what, place), Theme.STEPS)


def _objectives(file: PathwayFile) -> Iterator[Event]:
    for row in file.objectives:
        title = f"Objectif\u00a0: «\u00a0{row.words}\u00a0»"
        for on, what in (
            (row.agreed_on, "convenu"),
            (row.reached_on, "atteint"),
            (row.abandoned_on, "mis de côté"),
        ):
            if on:
                note = _joined(what, file.place(row.enrolment))
                yield Event(on, title, note, Theme.STEPS)


def _steps(file: PathwayFile) -> Iterator[Event]:
    for row in file.steps:
        partner = row.partner.name if row.partner else ""
        # Begun and done in one day is one line.
        started_on = row.started_on if row.started_on != row.done_on else None
        for on, what, words in (
            (started_on, "engagée", partner),
            (row.done_on, "aboutie", row.result),
            (row.abandoned_on, "abandonnée", row.result),
        ):
            if on:
                yield Event(on, row.name, _joined(what, words), Theme.STEPS)


def _interviews(file: PathwayFile) -> Iterator[Event]:
    for row in sorted(file.interviews, key=lambda row: (row.on, str(row.at or ""), row.pk)):
        title = row.kind.label if row.kind else "Entretien"
        if row.state == InterviewState.HELD:
            lasted = hours(row.minutes) if row.minutes else ""
            who = row.led_by.get_full_name() if row.led_by else ""
            note = _joined(lasted, who, row.mode.label if row.mode else "")
        else:
            at = clock(row.at) if row.at else ""
            note = _joined(_UNHELD[InterviewState(row.state)], at)
        said = tuple(_said(note) for note in _in_order(file.notes.get(row.pk, [])))
        yield Event(row.on, title, note, Theme.INTERVIEWS, said, interview=row)


#: Of an appointment whose day has come.
_UNHELD = {
    InterviewState.PLANNED: "prévu",
    InterviewState.MISSED: "la personne n’est pas venue",
    InterviewState.CANCELLED: "annulé",
}


def _in_order(notes: Iterable[InterviewNote]) -> list[InterviewNote]:
    return sorted(notes, key=lambda note: (NoteLevel.values.index(note.level), note.pk))


def _said(note: InterviewNote) -> Said:
    return Said(NoteLevel(note.level), note.text)


def _presences(file: PathwayFile) -> Iterator[Event]:
    """One line a month: half-days, hours once they count, and what was missed."""
    months: dict[date, list[Attendance]] = defaultdict(list)
    for row in file.attendances:
        months[row.on.replace(day=1)].append(row)
    for first, rows in months.items():
        there = [row for row in rows if row.status == Presence.PRESENT]
        minutes = sum(row.minutes for row in there if row.session.closed_at)
        missed = len(rows) - len(there)
        title = counted(len({row.on for row in there}), "jour de présence", "jours de présence")
        spent = hours(minutes) if minutes else ""
        note = _joined(spent, counted(missed, "absence", "absences") if missed else "")
        last = max(row.on for row in rows)
        yield Event(last, title, note, Theme.PRESENCES, over=month(first).capitalize())


def _outcomes(file: PathwayFile) -> Iterator[Event]:
    for row in file.outcomes:
        until = day_range(row.starts_on, row.ends_on) if row.ends_on else ""
        note = _joined(row.employer.name if row.employer else "", row.label, until)
        yield Event(row.starts_on, row.kind.label, note, Theme.OUTCOMES)


def _exits(file: PathwayFile) -> Iterator[Event]:
    for stay in file.stays.values():
        if stay.left_on:
            motive = stay.exit_motive.label if stay.exit_motive else ""
            title = "Sortie de l’action" if stay.entered_on else "Demande close"
            yield Event(stay.left_on, title, _joined(stay.programme.name, motive))


_SOURCES: tuple[Callable[[PathwayFile], Iterator[Event]], ...] = (
    _requests,
    _entries,
    _answers,
    _levels,
    _barriers,
    _objectives,
    _steps,
    _interviews,
    _presences,
    _pauses,
    _outcomes,
    _exits,
)
