"""Objectives: what somebody aims at, each with the steps that lead there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import TextChoices
from django.utils import timezone

from autoprod.core.formatting import day
from autoprod.core.scoping import Scope
from beneficiaries.columns.pathways import TONES
from beneficiaries.enums import StepState
from beneficiaries.models import Objective, Step
from beneficiaries.services.pathways import when
from beneficiaries.services.person_files import PathwayFile
from beneficiaries.services.taps import Before, tap

#: What ended so long ago is folded.
_KEPT = timedelta(days=365)


class Gesture(TextChoices):
    """What a tap says of an objective, and the path of its address."""

    REACH = "atteindre", "Atteint"
    SET_ASIDE = "mettre-de-cote", "Mis de côté"


_DATED = {Gesture.REACH: "reached_on", Gesture.SET_ASIDE: "abandoned_on"}
#: The only fields a tap writes.
TAPPED = tuple(_DATED.values())
_STATES = {
    "reached_on": ("atteint", "green"),
    "abandoned_on": ("mis de côté", "neutral"),
    "": ("en cours", "ochre"),
}


@dataclass(frozen=True)
class Shown:
    """A step as the page shows it."""

    step: Step
    notes: tuple[str, ...]
    can_edit: bool

    @property
    def tone(self) -> str:
        """Return the tone of its tag."""
        return TONES[self.step.state]

    @property
    def can_start(self) -> bool:
        """Tell whether one tap starts it."""
        return self.can_edit and self.step.state == StepState.PLANNED

    @property
    def can_finish(self) -> bool:
        """Tell whether one tap says it is done."""
        return self.can_edit and self.step.state in {StepState.PLANNED, StepState.STARTED}


@dataclass(frozen=True)
class Group:
    """An objective and its steps; without objective, the steps that serve none."""

    steps: Sequence[Shown]
    objective: Objective | None = None
    notes: tuple[str, ...] = ()
    can_edit: bool = False

    @property
    def is_over(self) -> bool:
        """Tell whether the objective is reached or set aside."""
        return bool(self.objective.reached_on or self.objective.abandoned_on)

    @property
    def state(self) -> dict:
        """Return the words and the tone of its tag."""
        name = next((name for name in TAPPED if getattr(self.objective, name)), "")
        label, tone = _STATES[name]
        return {"label": label, "tone": tone}


def of_file(file: PathwayFile) -> dict:
    """Return the groups to show, and those whose objective or step ended over a year ago."""
    steps = sorted(file.steps, key=lambda step: (_place(step), step.pk))
    groups, old = [], []
    for objective in sorted(file.objectives, key=lambda row: (_end(row) is not None, row.pk)):
        own = [step for step in steps if step.objective_id == objective.pk]
        is_old = _is_old(file, _end(objective))
        (old if is_old else groups).append(_group(file, own, objective))
    free = [step for step in steps if step.objective_id is None]
    past = [step for step in free if _is_old(file, step.done_on or step.abandoned_on)]
    recent = [step for step in free if step not in past]
    return {
        "groups": [*groups, *_free(file, recent)],
        "old": [*old, *_free(file, past)],
        "old_count": len(past) + len(old),
    }


def _place(step: Step) -> tuple:
    return step.strand.position, str(step.started_on or "")


def _end(objective: Objective):
    return objective.reached_on or objective.abandoned_on


def _is_old(file: PathwayFile, end) -> bool:
    return end is not None and end < file.today - _KEPT


def _free(file: PathwayFile, steps: Sequence[Step]) -> list[Group]:
    return [_group(file, steps)] if steps else []


def _group(file: PathwayFile, steps: Iterable[Step], objective: Objective | None = None) -> Group:
    shown = [_shown(file, step) for step in steps]
    if objective is None:
        return Group(shown)
    return Group(shown, objective, _notes(file, objective), file.may_write(objective.enrolment))


def _notes(file: PathwayFile, objective: Objective) -> tuple[str, ...]:
    barrier = next((row for row in file.barriers if row.pk == objective.barrier_id), None)
    end = _end(objective)
    notes = (
        objective.strand.label if objective.strand else "",
        barrier.kind.meta.get("short", barrier.kind.label) if barrier else "",
        f"convenu le {day(objective.agreed_on)}",
        f"pour le {day(objective.due_on)}" if objective.due_on and not end else "",
        f"le {day(end)}" if end else "",
        file.place(objective.enrolment),
    )
    # A strand and a barrier of one name say it once.
    return tuple(dict.fromkeys(note for note in notes if note))


def _shown(file: PathwayFile, step: Step) -> Shown:
    notes = (step.detail, step.result, when(step), file.place(step.enrolment))
    return Shown(step, tuple(note for note in notes if note), file.may_write(step.enrolment))


def apply(*, scope: Scope, objective: Objective, gesture: Gesture) -> Before:
    """Date today that it is reached, or set aside; return what was there. Once over, nothing."""
    if _end(objective):
        return {}
    return tap(scope=scope, row=objective, values={_DATED[gesture]: timezone.localdate()})
