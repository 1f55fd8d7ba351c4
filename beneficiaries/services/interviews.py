"""Interviews: saved with their notes, settled in a tap, read for many enrolments at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.handovers import Handover
from autoprod.core.models import StaleError
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import InterviewState, NoteLevel
from beneficiaries.models import Enrolment, Interview, InterviewNote, Person

#: The same words for any interview of somebody else: nothing is said of what it holds.
NOT_YOURS = (
    "Un entretien tenu ne se supprime que par la personne qui l’a mené. Vous pouvez le corriger."
)
#: How long the team still needs to know.
SHOWN_TO_TEAM = timedelta(days=90)


@dataclass(frozen=True)
class Typed:
    """The text of one level on a page, and the note it was typed over (None: there was none)."""

    level: NoteLevel
    text: str
    stored: InterviewNote | None = None


@transaction.atomic
def save(
    *,
    scope: Scope,
    interview: Interview,
    changed: Sequence[str],
    notes: Iterable[Typed] = (),
    appointment: Interview | None = None,
) -> Interview:
    """Write an interview, its notes and the appointment that follows; return the interview.

    `changed` names the fields of an edited interview that change. The row is left alone when none
    does, so that a note for oneself moves nothing that a colleague reads. The journal says that
    notes were written, never which nor what. StaleError when somebody was faster.
    """
    is_new = interview._state.adding
    if is_new or changed:
        interview.save()
    written = [_write(scope, interview, note) for note in notes]
    told = [*changed, *(["notes"] if any(written) else [])]
    if is_new or told:
        record(scope, Verb.CREATE if is_new else Verb.UPDATE, interview, changed=told)
    if appointment is not None:
        appointment.save()
        record(scope, Verb.CREATE, appointment)
    return interview


def _write(scope: Scope, interview: Interview, note: Typed) -> bool:
    """Write, change or take away the note of one level; tell whether anything moved."""
    stored = note.stored
    if stored is None and note.text:
        author = int(scope.actor_key)
        InterviewNote.objects.create(
            interview=interview, level=note.level, text=note.text, author_id=author
        )
    elif stored is None or stored.text == note.text:
        return False
    elif note.text:
        stored.text = note.text
        stored.save()
    else:
        rows = InterviewNote.objects.filter(pk=stored.pk, version=stored.version)
        if not rows.delete()[0]:
            raise StaleError(stored)
    return True


def may_delete(scope: Scope, interview: Interview) -> bool:
    """Tell whether this user may delete an interview: theirs, or one that was not held."""
    is_theirs = str(interview.led_by_id or "") == scope.actor_key
    return is_theirs or interview.state != InterviewState.HELD


@transaction.atomic
def delete(*, scope: Scope, interview: Interview) -> None:
    """Delete an interview and its notes; ValidationError when it is not this user's to delete.

    ProtectedError while documents are kept with it.
    """
    private = InterviewNote.objects.filter(interview=interview, level=NoteLevel.PRIVATE)
    hides = private.exclude(author=int(scope.actor_key or 0)).exists()
    if hides or not may_delete(scope, interview):
        raise ValidationError(NOT_YOURS, code="not_yours")
    record(scope, Verb.DELETE, interview)
    interview.delete()


@transaction.atomic
def settle(*, scope: Scope, interview: Interview, state: InterviewState) -> bool:
    """Say that nobody came to an appointment, or that it is cancelled; False when it is settled.

    StaleError when somebody was faster.
    """
    is_early = state == InterviewState.MISSED and interview.on > timezone.localdate()
    if is_early or interview.state != InterviewState.PLANNED:
        return False
    return _move(scope, interview, state)


@transaction.atomic
def plan_again(*, scope: Scope, interview: Interview) -> bool:
    """Make an appointment again of one missed or cancelled; False when it is neither."""
    if interview.state not in {InterviewState.MISSED, InterviewState.CANCELLED}:
        return False
    return _move(scope, interview, InterviewState.PLANNED)


def _move(scope: Scope, interview: Interview, state: InterviewState) -> bool:
    interview.state = state
    interview.save()
    record(scope, Verb.UPDATE, interview, changed=["state"])
    return True


def pass_on(handover: Handover) -> dict[str, int]:
    """Give the successor the leaver's appointments to come; return how many.

    Interviews that were held, and the notes of who held them, stay the leaver's.
    """
    rows = Interview.objects.for_scope(handover.scope, Action.MANAGE_ACCOUNTS)
    rows = rows.to_come(handover.on).filter(led_by=handover.leaver.pk)
    moved = list(rows.select_related("enrolment__programme").select_for_update(of=("self",)))
    for interview in moved:
        interview.led_by = handover.successor
        interview.save()
        record(handover.scope, Verb.UPDATE, interview, changed=["led_by"])
    return {"rendez-vous": len(moved)}


def last_held(scope: Scope, enrolments: Iterable[Enrolment], until: date) -> dict[int, date]:
    """Return, by key of enrolment, the day of the last interview held up to a day, in one query.

    An enrolment without any is absent.
    """
    rows = Interview.objects.for_scope(scope, Action.VIEW_PATHWAYS).of_stays(enrolments)
    rows = rows.held().filter(on__lte=until).order_by().values("enrolment")
    return dict(rows.annotate(last=Max("on")).values_list("enrolment", "last"))


def to_team(scope: Scope, persons: Sequence[Person]) -> dict[int, dict]:
    """Return, for each person, what the team is to know: logistic notes of the last three months.

    Only a date and the words: nothing is said of the interview they come from.
    """
    since = timezone.localdate() - SHOWN_TO_TEAM
    rows = InterviewNote.objects.for_scope(scope, Action.VIEW_PERSONS)
    rows = rows.filter(interview__enrolment__person__in=persons, interview__on__gte=since)
    rows = rows.filter(level=NoteLevel.LOGISTIC).order_by("-interview__on", "-pk")
    found: dict[int, dict] = {}
    told = rows.values_list("interview__enrolment__person", "interview__on", "text")
    for person, on, text in told:
        found.setdefault(person, {"notes": []})["notes"].append({"on": on, "text": text})
    return found
