"""Steps of pathways: dating one in a tap, adding one to many, and the thread of a pathway."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import day, day_range
from autoprod.core.scoping import Action, Scope
from beneficiaries.columns.pathways import TONES
from beneficiaries.enums import StepState
from beneficiaries.models import (
    Attendance,
    Enrolment,
    Outcome,
    Person,
    Step,
    WorkshopParticipation,
)
from programmes.models import Organisation, ReferenceCode, Session, Workshop

#: The dates a tap writes, for each state it leads to.
TAPPED = {StepState.STARTED: ("started_on",), StepState.DONE: ("started_on", "done_on")}


@transaction.atomic
def mark(*, scope: Scope, step: Step, state: StepState) -> list[str]:
    """Date a step today so that it reaches a state; return the dates written, for `unmark`.

    None is written when it is already there. StaleError when somebody was faster.
    """
    if step.state in {state, StepState.DONE, StepState.ABANDONED}:
        return []
    written = [name for name in TAPPED[state] if getattr(step, name) is None]
    for name in written:
        setattr(step, name, timezone.localdate())
    step.save()
    record(scope, Verb.UPDATE, step, changed=written)
    return written


@transaction.atomic
def unmark(*, scope: Scope, step: Step, names: Iterable[str]) -> bool:
    """Take off the dates that a tap wrote today; False when they have moved since."""
    names = sorted(set(names) & set(TAPPED[StepState.DONE]))
    today = timezone.localdate()
    if not names or any(getattr(step, name) != today for name in names):
        return False
    for name in names:
        setattr(step, name, None)
    try:
        step.validate_constraints()
    except ValidationError:
        return False
    step.save()
    record(scope, Verb.UPDATE, step, changed=names)
    return True


@dataclass(frozen=True)
class Planned:
    """What one gesture adds to several persons: the step, where it is, and the day it says."""

    kind: ReferenceCode
    strand: ReferenceCode
    state: StepState
    on: date
    partner: Organisation | None = None

    def dates(self) -> dict[str, date]:
        """Return the dates of the step."""
        names = {StepState.PLANNED: ("planned_on",), **TAPPED}[self.state]
        return dict.fromkeys(names, self.on)


@dataclass(frozen=True)
class Added:
    """What the gesture did: the steps it made, and the enrolments that had one already."""

    steps: list[Step] = field(default_factory=list)
    skipped: list[Enrolment] = field(default_factory=list)


@transaction.atomic
def add_to_many(*, scope: Scope, enrolments: Sequence[Enrolment], planned: Planned) -> Added:
    """Add a step to each enrolment, those that have it apart.

    An enrolment has it when the same step is still open, or bears the same day: the gesture made
    twice adds nothing, and a yearly health check is another step.
    """
    added = Added()
    # Locked in one order: the same gesture made twice at once waits for the first.
    keys = [enrolment.pk for enrolment in enrolments]
    list(Enrolment.objects.filter(pk__in=keys).order_by("pk").select_for_update())
    holders = _holders(keys, planned)
    for enrolment in enrolments:
        if enrolment.pk in holders:
            added.skipped.append(enrolment)
            continue
        step = Step.objects.create(
            enrolment=enrolment,
            kind=planned.kind,
            strand=planned.strand,
            partner=planned.partner,
            **planned.dates(),
        )
        record(scope, Verb.CREATE, step, territory=str(enrolment.programme.territory_id))
        added.steps.append(step)
    return added


def _holders(keys: Sequence[int], planned: Planned) -> set[int]:
    """Return the enrolments that have the step open, or dated the same day."""
    steps = Step.objects.filter(enrolment__in=keys, kind=planned.kind, abandoned_on=None)
    return {
        step.enrolment_id
        for step in steps
        if not step.done_on or planned.on in {step.planned_on, step.started_on, step.done_on}
    }


@transaction.atomic
def take_back(*, scope: Scope, steps: Iterable[Step]) -> int:
    """Delete the steps just added that nobody has touched since; return how many."""
    untouched = [step for step in steps if step.version == 1]
    for step in untouched:
        record(scope, Verb.DELETE, step)
        step.delete()
    return len(untouched)


@dataclass(frozen=True)
class Event:
    """One line of the thread: a day, what happened, and a few words more."""

    on: date
    title: str
    note: str = ""


def timelines(scope: Scope, persons: Sequence[Person]) -> dict[int, list[Event]]:
    """Return what happened in the pathway of each person, newest first.

    Each source gives dated lines: one more (interviews) is one more function here.
    """
    threads: dict[int, list[Event]] = {person.pk: [] for person in persons}
    # The order of a same day: somebody enters before the first step, leaves after the last.
    for source in (_entries, _steps, _outcomes, _exits):
        for key, event in source(scope, list(threads)):
            threads[key].append(event)
    return {
        key: sorted(events, key=lambda event: event.on)[::-1] for key, events in threads.items()
    }


Told = Iterable[tuple[int, Event]]


def _entries(scope: Scope, keys: Iterable[int]) -> Told:
    rows = Enrolment.objects.for_scope(scope, Action.VIEW_PATHWAYS).entered()
    for row in rows.filter(person__in=keys).select_related("programme", "referred_by"):
        referred = f"orienté par {row.referred_by}" if row.referred_by else ""
        yield row.person_id, Event(row.entered_on, "Entrée dans l’action", _note(row, referred))


def _exits(scope: Scope, keys: Iterable[int]) -> Told:
    rows = Enrolment.objects.for_scope(scope, Action.VIEW_PATHWAYS).exclude(left_on=None)
    for row in rows.filter(person__in=keys).select_related("programme", "exit_motive"):
        motive = row.exit_motive.label if row.exit_motive else ""
        yield row.person_id, Event(row.left_on, "Sortie de l’action", _note(row, motive))


def _note(enrolment: Enrolment, words: str) -> str:
    return " · ".join(part for part in (enrolment.programme.name, words) if part)


def _steps(scope: Scope, keys: Iterable[int]) -> Told:
    rows = Step.objects.for_scope(scope, Action.VIEW_PATHWAYS).filter(enrolment__person__in=keys)
    for row in rows.select_related("enrolment", "kind", "partner"):
        partner = row.partner.name if row.partner else ""
        # Begun and done in one day is one line.
        started_on = row.started_on if row.started_on != row.done_on else None
        for on, what, words in (
            (started_on, "engagée", partner),
            (row.done_on, "aboutie", row.result),
            (row.abandoned_on, "abandonnée", row.result),
        ):
            if on:
                note = " · ".join(part for part in (what, words) if part)
                yield row.enrolment.person_id, Event(on, row.name, note)


def _outcomes(scope: Scope, keys: Iterable[int]) -> Told:
    rows = Outcome.objects.for_scope(scope, Action.VIEW_PATHWAYS)
    rows = rows.filter(enrolment__person__in=keys)
    for row in rows.select_related("enrolment", "kind", "employer"):
        until = day_range(row.starts_on, row.ends_on) if row.ends_on else ""
        words = (row.employer.name if row.employer else "", row.label, until)
        note = " · ".join(part for part in words if part)
        yield row.enrolment.person_id, Event(row.starts_on, row.kind.label, note)


def open_stays(scope: Scope, persons: Sequence[Person]) -> dict[int, set[int]]:
    """Return, for each person with a stay open to this scope, the keys of its programmes."""
    stays = Enrolment.objects.for_scope(scope, Action.VIEW_PATHWAYS).filter(person__in=persons)
    programmes: dict[int, set[int]] = {}
    for person_key, programme_key in stays.values_list("person", "programme"):
        programmes.setdefault(person_key, set()).add(programme_key)
    return programmes


def may_write(scope: Scope, programmes: set[int]) -> bool:
    """Tell whether the scope writes the pathways of one of the programmes (keys)."""
    return scope.is_unlimited or bool(scope.keys("programme", Action.EDIT_PATHWAYS) & programmes)


def of_persons(scope: Scope, persons: Sequence[Person]) -> dict[int, dict]:
    """Return, for each person with a stay open to this scope, their steps and their thread."""
    programmes = open_stays(scope, persons)
    known = [person for person in persons if person.pk in programmes]
    steps: dict[int, list[dict]] = {person.pk: [] for person in known}
    rows = Step.objects.for_scope(scope, Action.VIEW_PATHWAYS).filter(enrolment__person__in=known)
    for step in rows.select_related("enrolment__programme", "strand", "kind", "partner"):
        key, programme = step.enrolment.person_id, step.enrolment.programme
        told = programme.name if len(programmes[key]) > 1 else ""
        steps[key].append(_row(step, told) | _acts(step, may_write(scope, {programme.pk})))
    threads = timelines(scope, known)
    return {
        person.pk: {
            "person": person,
            "steps": steps[person.pk],
            "events": threads[person.pk],
            "can_add": may_write(scope, programmes[person.pk]),
        }
        for person in known
    }


def _row(step: Step, programme: str) -> dict:
    notes = (step.detail, step.result, _when(step), programme)
    return {"step": step, "tone": TONES[step.state], "notes": [note for note in notes if note]}


def _acts(step: Step, can_edit: bool) -> dict[str, bool]:
    """Return what this user may do to the step, tap by tap."""
    return {
        "can_edit": can_edit,
        "can_start": can_edit and step.state == StepState.PLANNED,
        "can_finish": can_edit and step.state in {StepState.PLANNED, StepState.STARTED},
    }


def _when(step: Step) -> str:
    """Return the date that matters where the step is."""
    match step.state:
        case StepState.DONE:
            return f"le {day(step.done_on)}"
        case StepState.ABANDONED:
            return f"le {day(step.abandoned_on)}"
        case StepState.STARTED:
            return f"depuis le {day(step.started_on)}"
    return f"prévue le {day(step.planned_on)}" if step.planned_on else ""


#: « Démarches à suivre »: what comes within a fortnight, what has lasted a season.
AHEAD, SLOW, FOLLOWED = timedelta(days=15), timedelta(days=90), 8


def to_follow(scope: Scope, objects: Sequence) -> dict:
    """Return the steps to follow of the persons this user follows, or whom nobody does."""
    rows = Step.objects.for_scope(scope, Action.VIEW_PATHWAYS)
    rows = rows.to_follow(timezone.localdate(), ahead=AHEAD, slow=SLOW)
    rows = rows.filter(Q(enrolment__referent=scope.actor_key or None) | Q(enrolment__referent=None))
    rows = rows.select_related("enrolment__person", "kind")
    rows = rows.order_by(Coalesce("started_on", "planned_on"), "pk")[:FOLLOWED]
    shown = [{"step": step, "tone": TONES[step.state], "when": _when(step)} for step in rows]
    return {None: {"rows": shown}} if shown else {}


def of_sessions(scope: Scope, sessions: Sequence[Session]) -> dict[int, dict]:
    """Return, for each session somebody came to, where a step is added to all who were there.

    Only for who writes the pathways of its programme; its workshops with participants too.
    """
    writable = [row for row in sessions if may_write(scope, {row.programme_id})]
    present = Attendance.objects.for_scope(scope, Action.VIEW_PERSONS).present()
    held = set(present.filter(session__in=writable).values_list("session", flat=True))
    joined = WorkshopParticipation.objects.for_scope(scope, Action.VIEW_PERSONS)
    workshops: dict[int, list[Workshop]] = {}
    rows = Workshop.objects.for_scope(scope, Action.VIEW_SESSIONS).filter(session__in=held)
    for row in rows.filter(pk__in=joined.values("workshop")).select_related("theme"):
        workshops.setdefault(row.session_id, []).append(row)
    return {
        row.pk: {"session": row, "workshops": workshops.get(row.pk, [])}
        for row in writable
        if row.pk in held
    }
