"""Drafts of interviews: what somebody is typing, kept on the server for them alone.

Computers are shared: nothing stays in the browser. A draft remembers the tab that typed it, so
that an older tab never takes its place in silence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from autoprod.core.fields import contains_nir
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import NoteLevel
from beneficiaries.models import Enrolment, Interview, InterviewDraft, Person
from beneficiaries.models.interviews import OwnDraftQuerySet

#: Longer than any note may be: beyond, a text is not one.
LONGEST = 16_000
#: A draft nobody has touched for so long is erased: there is an interview a month, so that three
#: have taken its place, and nothing personal stays longer than it serves (GDPR, article 5(1)(e)).
KEPT = timedelta(days=90)


@dataclass(frozen=True)
class Typing:
    """What a tab sends: its fields, who it is, how many times it has sent, and what it last knew.

    `seen` is the stamp of the draft the tab started from, or last kept; empty when there was none.
    """

    fields: Mapping[str, str]
    tab: str
    turn: int = 0
    seen: str = ""
    #: Takes the place of a newer draft, knowingly.
    insists: bool = False


@dataclass(frozen=True)
class Kept:
    """What became of it: the draft (None: there is none), and the fields that are not in it."""

    draft: InterviewDraft | None = None
    with_nir: tuple[str, ...] = ()
    too_long: tuple[str, ...] = ()
    #: Another tab has kept, saved or erased something since: nothing was written.
    is_behind: bool = False


def stamp(draft: InterviewDraft | None) -> str:
    """Return what tells one state of a draft from another; empty for none."""
    return draft.saved_at.isoformat() if draft else ""


def own_of_person(scope: Scope, person: Person) -> OwnDraftQuerySet:
    """Return what this user was typing of a new interview of somebody."""
    rows = InterviewDraft.objects.for_scope(scope, Action.EDIT_PATHWAYS)
    return rows.filter(enrolment__person=person, interview=None).order_by("-saved_at", "-pk")


def own_of_interview(scope: Scope, interview: Interview) -> OwnDraftQuerySet:
    """Return what this user was typing over an interview."""
    rows = InterviewDraft.objects.for_scope(scope, Action.EDIT_PATHWAYS)
    return rows.filter(interview=interview).order_by("-saved_at", "-pk")


def keep(
    *,
    rows: OwnDraftQuerySet,
    author: int,
    enrolment: Enrolment,
    interview: Interview | None,
    typing: Typing,
) -> Kept:
    """Keep what is typed; `rows` are the drafts it may be.

    A text with a social security number is not kept, the last one without it is. Without a note
    there is nothing to keep. Nothing is written when the tab is behind another one.
    """
    try:
        with transaction.atomic():
            stored = rows.select_for_update(of=("self",)).first()
            if _is_behind(stored, typing):
                return Kept(stored, is_behind=True)
            return _keep(stored or InterviewDraft(author_id=author), enrolment, interview, typing)
    except IntegrityError:  # two tabs at once: the other one was first
        return Kept(rows.first(), is_behind=True)


def _is_behind(stored: InterviewDraft | None, typing: Typing) -> bool:
    if typing.insists:
        return False
    if stored is None:
        return bool(typing.seen)
    if stored.content.get("tab") == typing.tab:
        return typing.turn <= stored.content.get("turn", 0)
    return typing.seen != stamp(stored)


def _keep(
    draft: InterviewDraft, enrolment: Enrolment, interview: Interview | None, typing: Typing
) -> Kept:
    if not any(typing.fields.get(level, "").strip() for level in NoteLevel.values):
        if draft.pk:
            draft.delete()
        return Kept()
    with_nir = tuple(name for name, text in typing.fields.items() if contains_nir(text))
    too_long = tuple(name for name, text in typing.fields.items() if len(text) > LONGEST)
    before = draft.content.get("fields", {})
    refused = {*with_nir, *too_long}
    fields = {
        name: before.get(name, "") if name in refused else text.replace("\x00", "")
        for name, text in typing.fields.items()
    }
    draft.enrolment, draft.interview = enrolment, interview
    draft.content = {"tab": typing.tab, "turn": typing.turn, "fields": fields}
    draft.save()
    return Kept(draft, with_nir, too_long)


def fields_of(draft: InterviewDraft | None) -> dict[str, str]:
    """Return what was typed, by name of field."""
    return dict(draft.content.get("fields", {})) if draft else {}


def forget(rows: Iterable[InterviewDraft], *, tab: str, seen: str) -> None:
    """Erase the draft of an interview just saved, unless another tab has typed more since."""
    for draft in rows:
        if draft.content.get("tab") == tab or stamp(draft) == seen:
            draft.delete()


def purge_drafts(at: datetime | None = None) -> int:
    """Erase the drafts left for longer than `KEPT` at a time (now); return how many."""
    at = at or timezone.now()
    return InterviewDraft.objects.filter(saved_at__lt=at - KEPT).delete()[0]
