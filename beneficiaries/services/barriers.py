"""Barriers: the eight of the list, always all in sight, and what a tap changes of one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import day
from autoprod.core.scoping import Scope
from beneficiaries.enums import BarrierState
from beneficiaries.models import Barrier, Enrolment
from beneficiaries.services.person_files import PathwayFile
from beneficiaries.services.taps import Before, tap
from programmes.models import ReferenceCode

#: Nobody spoke of it yet: neither a barrier nor the absence of one.
NOT_RAISED = "pas abordé"
#: Beside the words, never instead of them.
TONES = {
    BarrierState.IDENTIFIED: "ochre",
    BarrierState.WORKED_ON: "blue",
    BarrierState.LIFTED: "green",
    BarrierState.TO_REASSESS: "ochre",
}


class Gesture(TextChoices):
    """What a tap says of a barrier, and the path of its address."""

    WORK = "travailler", "Travaillé"
    REASSESS = "reevaluer", "Toujours là"
    WORSE = "aggraver", "S’est aggravé"
    LIFT = "lever", "Levé"


#: The only fields a tap writes.
TAPPED = ("worked_since", "reassessed_on", "is_worse", "lifted_on")
#: What each gesture is offered on.
_OFFERED = {
    BarrierState.IDENTIFIED: (Gesture.WORK, Gesture.LIFT),
    BarrierState.WORKED_ON: (Gesture.WORSE, Gesture.LIFT),
    BarrierState.TO_REASSESS: (Gesture.REASSESS, Gesture.WORSE, Gesture.LIFT),
    BarrierState.LIFTED: (),
}


@dataclass(frozen=True)
class Seen:
    """One barrier of somebody, as it is shown: where it is, what is known, what may be done."""

    barrier: Barrier
    state: BarrierState
    #: The words under its name.
    notes: tuple[str, ...]
    gestures: tuple[Gesture, ...]
    can_edit: bool

    @property
    def tone(self) -> str:
        """Return the tone of its tag."""
        return TONES[self.state]


@dataclass(frozen=True)
class Chip:
    """One of the barriers of the list, and where somebody is with it."""

    kind: ReferenceCode
    #: Those not lifted, otherwise the last one lifted.
    seen: tuple[Seen, ...]

    @property
    def label(self) -> str:
        """Return its name, in a few words."""
        return self.kind.meta.get("short", self.kind.label)

    @property
    def state(self) -> str:
        """Return where it is, in words."""
        if not self.seen:
            return NOT_RAISED
        return self.seen[0].state.label

    @property
    def tone(self) -> str:
        """Return the tone of its tag."""
        return self.seen[0].tone if self.seen else "neutral"

    @property
    def is_worse(self) -> bool:
        """Tell whether it got worse since it was told."""
        return any(one.barrier.is_worse for one in self.seen)

    @property
    def can_identify(self) -> bool:
        """Tell whether there is none to work on: it may be told, or told again."""
        return all(one.state == BarrierState.LIFTED for one in self.seen)


def of_file(file: PathwayFile) -> list[Chip]:
    """Return the barriers of the list, each with where somebody is."""
    return [Chip(kind, _seen(file, kind)) for kind in file.kinds]


def _seen(file: PathwayFile, kind: ReferenceCode) -> tuple[Seen, ...]:
    rows = [row for row in file.barriers if row.kind_id == kind.pk]
    still = [row for row in rows if row.state_on(file.today) != BarrierState.LIFTED]
    shown = still or sorted(rows, key=lambda row: (row.lifted_on, row.pk))[-1:]
    return tuple(_one(file, row) for row in shown)


def _one(file: PathwayFile, barrier: Barrier) -> Seen:
    state, can_edit = barrier.state_on(file.today), file.may_write(barrier.enrolment)
    findings = sorted(file.findings.get(barrier.pk, []), key=lambda code: code.position)
    notes = (
        ", ".join(code.label for code in findings),
        f"pèse\u00a0: {barrier.impact.label.lower()}" if barrier.impact else "",
        "s’est aggravé" if barrier.is_worse else "",
        _dates(barrier, state),
        file.place(barrier.enrolment),
    )
    return Seen(
        barrier,
        state,
        tuple(note for note in notes if note),
        _OFFERED[state] if can_edit else (),
        can_edit,
    )


def _dates(barrier: Barrier, state: BarrierState) -> str:
    told = [("repéré le", barrier.identified_on), ("travaillé depuis le", barrier.worked_since)]
    if state == BarrierState.LIFTED:
        told.append(("levé le", barrier.lifted_on))
    elif barrier.reassessed_on:
        told.append(("vu le", barrier.reassessed_on))
    return ", ".join(f"{word} {day(on)}" for word, on in told if on)


@transaction.atomic
def identify(*, scope: Scope, enrolment: Enrolment, kind: ReferenceCode) -> Barrier | None:
    """Note today that a barrier stands in somebody's way; None when it is noted already."""
    # Held, so that two taps at once note it once.
    list(Enrolment.objects.filter(pk=enrolment.pk).select_for_update())
    if Barrier.objects.filter(enrolment=enrolment, kind=kind, lifted_on=None).exists():
        return None
    barrier = Barrier(enrolment=enrolment, kind=kind, identified_on=timezone.localdate())
    barrier.save()
    record(scope, Verb.CREATE, barrier)
    return barrier


def apply(*, scope: Scope, barrier: Barrier, gesture: Gesture) -> Before:
    """Write what a tap says, dated today; return what was there. Nothing on a barrier lifted."""
    if barrier.lifted_on:
        return {}
    return tap(scope=scope, row=barrier, values=_values(barrier, gesture, timezone.localdate()))


def _values(barrier: Barrier, gesture: Gesture, today: date) -> dict[str, object]:
    match gesture:
        case Gesture.WORK:
            return {"worked_since": barrier.worked_since or today}
        case Gesture.REASSESS:
            return {"reassessed_on": today}
        case Gesture.WORSE:
            return {"reassessed_on": today, "is_worse": True}
    return {"lifted_on": today, "is_worse": False}


def to_reassess(chips: Iterable[Chip]) -> list[Chip]:
    """Return those nobody has spoken of for half a year."""
    return [
        chip for chip in chips if any(one.state == BarrierState.TO_REASSESS for one in chip.seen)
    ]
