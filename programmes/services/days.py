"""What is noted of a session's day without a name: people passing by, met, oriented, entered."""

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.scoping import Action, Scope
from programmes.models import Outreach, Session, SessionPhoto
from programmes.services.session_kinds import INDIRECT, OUTREACH
from programmes.services.sessions import writing

FUTURE = "Cette séance n’a pas commencé\u00a0: ses nombres se notent à son heure."
CANCELLED = "Cette séance est annulée\u00a0: il n’y a rien à compter."
MOST = 9999
#: What is told when a number would not hold with the one before it.
NOT_MET = "Notez d’abord les personnes rencontrées\u00a0: celles-ci en font partie."
NOT_ORIENTED = "Notez d’abord les personnes orientées\u00a0: celles-ci en font partie."

_LABELS = {
    "met": "Personnes rencontrées",
    "oriented": "Orientées",
    "entered": "Entrées dans l’action",
}


def counts_of(session: Session) -> dict[str, str]:
    """Return {what is counted without a name: its words}, after the kind of the session."""
    if session.kind.meta.get(OUTREACH):
        return _LABELS
    indirect = session.kind.meta.get(INDIRECT)
    return {"headcount": "Public indirect, sans nom" if indirect else "Personnes de passage"}


def numbers_of(session: Session, outreach: Outreach | None) -> dict[str, int]:
    """Return {what is counted: how many}."""
    if not session.kind.meta.get(OUTREACH):
        return {"headcount": session.headcount}
    return {name: getattr(outreach, name) if outreach else 0 for name in _LABELS}


def change(*, scope: Scope, session: Session, changes: Mapping[str, int]) -> None:
    """Add to the counts of a session: two devices at once lose nothing.

    ValidationError when it is closed, cancelled or to come, or when a count would not hold.
    """
    if not changes:
        return
    with writing(session) as held:
        if held.is_cancelled:
            raise ValidationError(CANCELLED)
        if not held.has_started(timezone.now()):
            raise ValidationError(FUTURE)
        outreach = Outreach.objects.filter(session=held).first() or Outreach(session=held)
        row = held if "headcount" in changes else outreach
        for name, more in changes.items():
            setattr(row, name, min(max(getattr(row, name) + more, 0), MOST))
        _check(outreach)
        if row is held:
            # Its version stays: a form of the session open meanwhile is not an older one.
            Session.objects.filter(pk=held.pk).update(headcount=held.headcount)
        else:
            outreach.save()
        record(scope, Verb.UPDATE, held, changed=changes)


def lead(*, scope: Scope, session: Session) -> None:
    """Note that whoever asks leads the session; ValidationError once it is closed."""
    with writing(session) as held:
        if str(held.leader_id) != scope.actor_key:
            held.leader_id = int(scope.actor_key)
            held.save()
            record(scope, Verb.UPDATE, held, changed=["leader"])


def _check(outreach: Outreach) -> None:
    if outreach.oriented > outreach.met:
        raise ValidationError({"oriented": NOT_MET})
    if outreach.entered > outreach.oriented:
        raise ValidationError({"entered": NOT_ORIENTED})


def of_sessions(scope: Scope, sessions: Sequence[Session]) -> dict[int, dict]:
    """Return {session: its counts, its photo, what may be done}, in constant queries."""
    action = Action.VIEW_SESSIONS
    outreach = Outreach.objects.for_scope(scope, action).filter(session__in=sessions)
    photos = SessionPhoto.objects.for_scope(scope, action).filter(session__in=sessions)
    counts = {row.session_id: row for row in outreach}
    pictures = {row.session_id: row for row in photos}
    now = timezone.now()
    return {
        session.pk: {
            "session": session,
            "numbers": _shown(session, counts.get(session.pk)),
            "photo": pictures.get(session.pk),
            "leads": str(session.leader_id) == scope.actor_key,
            "can_edit": scope.opens(Action.EDIT_SESSIONS, session.programme)
            and not session.is_cancelled
            and session.has_started(now),
        }
        for session in sessions
        if session.note or session.headcount or session.has_started(now)
    }


def _shown(session: Session, outreach: Outreach | None) -> list[dict]:
    numbers = numbers_of(session, outreach)
    return [
        {"name": name, "label": label, "number": numbers[name]}
        for name, label in counts_of(session).items()
    ]
