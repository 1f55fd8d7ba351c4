"""« À faire »: what the file of somebody asks for next, told kindly, from what is already read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from autoprod.core.formatting import clock
from beneficiaries.enums import InterviewState, Rhythm, StepState
from beneficiaries.models import Interview, InterviewDraft
from beneficiaries.services import check_ins
from beneficiaries.services.barriers import Chip, to_reassess
from beneficiaries.services.person_files import PathwayFile
from beneficiaries.services.rhythm import Due, near

#: How long before a domiciliation ends it is spoken of: a renewal is asked two months ahead
#: (CASF, article D. 264-1: it lasts one year and may be renewed).
_DOMICILIATION = timedelta(days=60)
#: How long before its day an objective is spoken of.
_OBJECTIVE = timedelta(days=30)
#: Steps to launch that are shown.
_STEPS = 4


@dataclass(frozen=True)
class Reminder:
    """One thing to do: when, in a tag, and what."""

    tag: str
    text: str
    tone: str = "neutral"
    interview: Interview | None = None
    #: What the reader began to type.
    draft: InterviewDraft | None = None
    #: An appointment is to be taken.
    to_plan: bool = False
    #: A call is enough, once it is noted.
    to_call: bool = False
    #: The day it is told by; what has none comes last.
    by: date | None = None


def facts_of(file: PathwayFile) -> list[str]:
    """Return what stands under the name of somebody, of today: a pause, the next appointment."""
    facts = []
    for row in file.pauses:
        if row.starts_on <= file.today and (row.ends_on is None or row.ends_on >= file.today):
            known = f"jusqu’au {near(row.ends_on, file.today)}" if row.ends_on else "en ce moment"
            facts.append(f"en pause {known}")
    if coming := file.next_appointment:
        facts.append(f"prochain rendez-vous le {near(coming.on, file.today)}")
    return facts


def of_file(file: PathwayFile, chips: Sequence[Chip], dues: Sequence[Due]) -> list[Reminder]:
    """Return what there is to do, the first day first; nothing of somebody who has left."""
    if not any(stay.left_on is None or stay.left_on >= file.today for stay in file.stays.values()):
        return []
    told = [
        *_drafts(file),
        *_appointments(file),
        *_check_ins(file),
        *_interview_of_the_month(file, dues),
        *_steps(file),
        *_objectives(file),
        *(Reminder("à réévaluer", chip.label, "ochre") for chip in to_reassess(chips)),
        *_domiciliation(file),
    ]
    return sorted(told, key=lambda row: row.by or date.max)


def _drafts(file: PathwayFile) -> Iterator[Reminder]:
    """Tell what was begun and not saved: its tab may be closed, or on another computer."""
    for row in file.drafts:
        day = timezone.localdate(row.saved_at)
        tag = near(day, file.today)
        yield Reminder(tag, "Entretien commencé, à reprendre", "ochre", draft=row, by=day)


def _appointments(file: PathwayFile) -> Iterator[Reminder]:
    coming = file.next_appointment
    for row in file.interviews:
        if row.state == InterviewState.PLANNED and (row.on < file.today or row is coming):
            title = row.kind.label if row.kind else "Rendez-vous"
            at = f" à {clock(row.at)}" if row.at else ""
            is_past = row.on < file.today
            text = f"{title}\u00a0: a-t-il eu lieu\u00a0?" if is_past else f"{title}{at}"
            tone = "ochre" if is_past else "neutral"
            yield Reminder(near(row.on, file.today), text, tone, row, by=row.on)


def _check_ins(file: PathwayFile) -> Iterator[Reminder]:
    for one in check_ins.of_file(file):
        text = f"Demander comment ça va\u00a0: {one.words(file.today)}"
        yield Reminder("à appeler", text, to_call=True, by=file.today)


def _interview_of_the_month(file: PathwayFile, dues: Sequence[Due]) -> Iterator[Reminder]:
    """Nothing once an appointment is taken: it is told already."""
    due = next((due for due in dues if due.state != Rhythm.DONE), None)
    if due is None or due.by is None:
        return
    coming = file.next_appointment
    if coming is None or coming.on > due.by:
        tag = f"d’ici le {near(due.by, file.today)}"
        yield Reminder(tag, "Entretien du mois à prévoir", to_plan=True, by=due.by)


def _steps(file: PathwayFile) -> Iterator[Reminder]:
    waiting = [step for step in file.steps if step.state == StepState.PLANNED]
    waiting.sort(key=lambda step: (step.planned_on is None, str(step.planned_on), step.pk))
    for step in waiting[:_STEPS]:
        tag = near(step.planned_on, file.today) if step.planned_on else StepState.PLANNED.label
        yield Reminder(tag, step.name, "blue", by=step.planned_on)
    if len(waiting) > _STEPS:
        more = f"et {len(waiting) - _STEPS} de plus"
        yield Reminder(StepState.PLANNED.label, more, "blue")


def _objectives(file: PathwayFile) -> Iterator[Reminder]:
    for row in file.objectives:
        is_open = not (row.reached_on or row.abandoned_on)
        if is_open and row.due_on and row.due_on <= file.today + _OBJECTIVE:
            words = f"Objectif «\u00a0{row.words}\u00a0»"
            yield Reminder(near(row.due_on, file.today), words, by=row.due_on)


def _domiciliation(file: PathwayFile) -> Iterator[Reminder]:
    until = file.identity.domiciled_until if file.identity else None
    if until and until <= file.today + _DOMICILIATION:
        tag = near(until, file.today)
        yield Reminder(tag, "Domiciliation à renouveler", "ochre", by=until)
