"""Sessions: their state, the lock that a closed one is, cancelling, who may lead."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction

from autoprod.accounts.models import User
from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.periods import instant_at, local_day
from autoprod.core.scoping import Action, Scope
from programmes.access import ROLE_ACTIONS, holders
from programmes.models import (
    Programme,
    ReferenceCode,
    Session,
    Workshop,
)

CLOSED = "Cette séance est clôturée\u00a0: rouvrez la séance pour la modifier."
ROLL_BEGUN = "Des présences sont déjà pointées\u00a0: retirez-les d’abord."
TICKED = "N’annulez pas une séance pointée\u00a0: clôturez-la, ou retirez d’abord les présences."


@dataclass(frozen=True)
class State:
    """Where a session stands, as a tag says it."""

    label: str
    tone: str
    icon: str = ""


def state_of(session: Session, at: datetime) -> State:
    """Return the state of a session at an instant."""
    if session.is_cancelled:
        return State(f"annulée\u00a0: {session.cancel_reason.label.lower()}", "red", "circle-x")
    if session.is_closed:
        return State("clôturée", "green", "check")
    if session.ends_at <= at:
        return State("à clôturer", "ochre", "clock")
    return State("en cours" if session.has_started(at) else "prévue", "blue")


def of_the_day(scope: Scope, at: datetime) -> list[Session]:
    """Return the sessions of today, which is each territory's own day."""
    day, around = at.date(), timedelta(days=1)
    rows = Session.objects.for_scope(scope, Action.VIEW_SESSIONS)
    near = rows.on_days(day - around, day + around).described()
    return [session for session in near if session.on == local_day(at, session.zone)]


def leaders_of(programme: Programme, on: date) -> models.QuerySet[User]:
    """Return the accounts that may tick presences in a programme on a day."""
    team = [role for role, actions in ROLE_ACTIONS.items() if Action.TICK_ATTENDANCE in actions]
    return holders([programme], team, on=on)


@contextmanager
def writing(session: Session) -> Iterator[Session]:
    """Hold the session while it changes; raise ValidationError when it is closed.

    The row is locked: nobody closes it meanwhile. A session not saved yet holds nothing.
    """
    with transaction.atomic():
        held = Session.objects.select_for_update(of=("self",)).filter(pk=session.pk).first()
        if held and held.is_closed:
            raise ValidationError(CLOSED)
        yield held or session


def cancel(*, scope: Scope, session: Session, reason: ReferenceCode, on: date) -> None:
    """Note that the session does not take place; ValidationError once ticked or closed."""
    with writing(session) as held:
        if held.roll_begun_at:
            raise ValidationError(TICKED)
        held.cancelled_on, held.cancel_reason = held.cancelled_on or on, reason
        held.save()
        changed = ["cancelled_on", "cancel_reason"]
        record(scope, Verb.UPDATE, held, changed=changed, reason=reason.label)


def restore(*, scope: Scope, session: Session) -> None:
    """Plan a cancelled session again; nothing to do for another one."""
    with writing(session) as held:
        if held.is_cancelled:
            held.cancelled_on = held.cancel_reason = None
            held.save()
            record(scope, Verb.UPDATE, held, changed=["cancelled_on", "cancel_reason"])


def moved(workshops: list[Workshop], session: Session, day: date) -> list[Workshop]:
    """Return the workshops of a session, unsaved, at the same hours of another day.

    ValidationError when the clocks skip one of those hours.
    """
    for workshop in workshops:
        clocks = [
            at.astimezone(session.zone).time() for at in (workshop.starts_at, workshop.ends_at)
        ]
        try:
            workshop.starts_at, workshop.ends_at = (
                instant_at(day, clock, session.zone) for clock in clocks
            )
        except ValueError as error:
            raise ValidationError(
                f"Ce jour-là, l’heure de l’atelier «\u00a0{workshop}\u00a0» n’existe pas."
            ) from error
    return workshops


@transaction.atomic
def copy_workshops(*, scope: Scope, session: Session, workshops: list[Workshop]) -> None:
    """Create in the session a copy of each of these workshops, at the hours they have here."""
    for workshop in workshops:
        copy = Workshop(
            session=session,
            theme=workshop.theme,
            title=workshop.title,
            starts_at=workshop.starts_at,
            ends_at=workshop.ends_at,
            speaker_id=workshop.speaker_id,
        )
        copy.save(force_insert=True)
        record(scope, Verb.CREATE, copy)
