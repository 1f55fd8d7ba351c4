"""Who took part in a workshop: people present at its session."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.scoping import Scope
from beneficiaries.models import Attendance, WorkshopParticipation
from beneficiaries.services.attendance import hold
from programmes.models import Workshop

ABSENT = "Seules les personnes présentes à la séance prennent part à l’atelier."


@transaction.atomic
def set_participants(
    *,
    scope: Scope,
    workshop: Workshop,
    enrolments: Iterable[int],
    seen: Iterable[int] | None = None,
) -> int:
    """Make these enrolments (keys) the participants of a workshop and return how many changed.

    `seen` are those it had on the page: who was added or taken off elsewhere since stays so.
    ValidationError when one is not present at the session, or when the session cannot be ticked.
    """
    hold(workshop.session)
    wanted = set(enrolments)
    rows = Attendance.objects.present().filter(session=workshop.session)
    present = set(rows.values_list("enrolment", flat=True))
    if wanted - present:
        raise ValidationError(ABSENT, code="absent")
    kept = WorkshopParticipation.objects.filter(workshop=workshop)
    stored = set(kept.values_list("enrolment", flat=True))
    if seen is not None:
        seen = set(seen)
        wanted = ((stored | (wanted - seen)) - (seen - wanted)) & present
    kept.exclude(enrolment__in=wanted).delete()
    WorkshopParticipation.objects.bulk_create(
        WorkshopParticipation(workshop=workshop, enrolment_id=key) for key in wanted - stored
    )
    changed = len(wanted ^ stored)
    if changed:
        record(scope, Verb.UPDATE, workshop, changed=["participations"])
    return changed
