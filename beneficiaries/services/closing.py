"""Closing a session: from then on its hours count, and its lines no longer change."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import counted
from autoprod.core.refusals import told
from autoprod.core.scoping import Scope
from beneficiaries.models import Attendance, WorkshopParticipation
from beneficiaries.services.attendance import hold
from beneficiaries.services.batches import mark_absent
from beneficiaries.services.rolls import roll_of
from programmes.models import Session

WAITING = "Il reste {people} à pointer\u00a0: revenez à la feuille, ou cochez cette case."
SIGNED = (
    "Quelqu’un a signé son état de présence pour cette séance\u00a0: rouvrez d’abord son mois, "
    "avec un motif."
)


@transaction.atomic
def close(*, scope: Scope, session: Session, absent: bool = False) -> Session:
    """Close the session and return it; `absent` notes as absent who is still to be ticked.

    ValidationError when somebody is still to be ticked, or when the session cannot be.
    """
    hold(session)
    waiting = roll_of(session).tally.waiting
    if waiting and not absent:
        people = counted(waiting, "personne", "personnes")
        raise ValidationError({"absent": WAITING.format(people=people)})
    if waiting:
        mark_absent(scope=scope, session=session)
    _leave_out_of_workshops(session)
    session.closed_at = timezone.now()
    session.save(update_fields=["closed_at", "version"])
    record(scope, Verb.UPDATE, session, changed=["closed_at"])
    return session


def _leave_out_of_workshops(session: Session) -> None:
    """Who did not come took part in none of the session's workshops."""
    present = Attendance.objects.present().filter(session=session).values("enrolment")
    taken = WorkshopParticipation.objects.filter(workshop__session=session)
    taken.exclude(enrolment__in=present).delete()


@told()
@transaction.atomic
def reopen(*, scope: Scope, session: Session, reason: str) -> Session:
    """Open a closed session again and return it; the reason goes to the journal.

    ValidationError when somebody signed for it.
    """
    held = Session.objects.select_for_update(of=("self",)).select_related("programme")
    held = held.get(pk=session.pk)
    if held.held_on:
        raise ValidationError(SIGNED, code="signed")
    if held.closed_at:
        held.closed_at = None
        held.save(update_fields=["closed_at", "version"])
        record(scope, Verb.UPDATE, held, changed=["closed_at"], reason=reason)
    return held
