"""Steps of pathways: dating one in a tap, adding one to many, following those of the day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import day
from autoprod.core.scoping import Action, Scope
from beneficiaries.columns.pathways import TONES
from beneficiaries.enums import StepState
from beneficiaries.models import Attendance, Enrolment, Step, WorkshopParticipation
from beneficiaries.services.taps import Before, tap
from programmes.models import Organisation, ReferenceCode, Session, Workshop

#: The dates a tap writes, for each state it leads to.
TAPPED = {StepState.STARTED: ("started_on",), StepState.DONE: ("started_on", "done_on")}


def mark(*, scope: Scope, step: Step, state: StepState) -> Before:
    """Date a step today so that it reaches a state; return what was there, for `taps.untap`.

    Nothing is written when it is already there. StaleError when somebody was faster.
    """
    if step.state in {state, StepState.DONE, StepState.ABANDONED}:
        return {}
    empty = [name for name in TAPPED[state] if getattr(step, name) is None]
    return tap(scope=scope, row=step, values=dict.fromkeys(empty, timezone.localdate()))


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


def may_write(scope: Scope, programmes: set[int]) -> bool:
    """Tell whether the scope writes the pathways of one of the programmes (keys)."""
    return scope.is_unlimited or bool(scope.keys("programme", Action.EDIT_PATHWAYS) & programmes)


def when(step: Step) -> str:
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
    shown = [{"step": step, "tone": TONES[step.state], "when": when(step)} for step in rows]
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
