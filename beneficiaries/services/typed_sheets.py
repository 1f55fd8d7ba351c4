"""A paper sheet typed back: each line goes through the service of ticking, in one transaction.

The good lines are saved and the others told, each beside its line; the same sheet sent twice says
twice the same thing, which changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction

from autoprod.core.refusals import told
from autoprod.core.scoping import Scope
from beneficiaries.models import Enrolment, Statement
from beneficiaries.services import attendance
from beneficiaries.services.attendance import Tap, hold, hold_persons
from beneficiaries.services.rolls import Row
from programmes.models import Session

SIGNED = "Le mois de cette personne est signé\u00a0: rouvrez d’abord son état de présence."
SEVERAL = "Cette personne a changé de site\u00a0: corrigez ses heures sur la feuille de pointage."


@dataclass(frozen=True)
class Typed:
    """What a line of the paper says of an enrolment (its key); without a tap, nothing any more."""

    enrolment: int
    tap: Tap | None
    version: int


@dataclass
class Outcome:
    """What became of the lines: those saved (keys of enrolments), and why the others are not."""

    saved: list[int] = field(default_factory=list)
    faults: dict[int, str] = field(default_factory=dict)


@transaction.atomic
def type_in(*, scope: Scope, session: Session, lines: Sequence[Typed]) -> Outcome:
    """Save the lines of a sheet and return what became of each.

    ValidationError when the session cannot be ticked at all.
    """
    hold(session)
    keys = [line.enrolment for line in lines]
    # All of them at once, in the order of their keys: two sheets never block each other.
    hold_persons(
        session, list(Enrolment.objects.filter(programme=session.programme_id, pk__in=keys))
    )
    signed = signed_among(session, keys)
    outcome = Outcome()
    for line in lines:
        try:
            _save(scope, session, line, signed)
        except ValidationError as error:
            outcome.faults[line.enrolment] = " ".join(error.messages)
        else:
            outcome.saved.append(line.enrolment)
    return outcome


def _save(scope: Scope, session: Session, line: Typed, signed: set[int]) -> Row:
    if line.enrolment in signed:
        raise ValidationError(SIGNED, code="signed")
    who = {"scope": scope, "session": session, "enrolment": line.enrolment}
    # A line refused halfway leaves nothing behind, and the others stay.
    with told(), transaction.atomic():
        if line.tap is None:
            return attendance.untick_held(**who, version=line.version)
        return attendance.tick_held(**who, tap=line.tap)


def signed_among(session: Session, enrolments: Iterable[int]) -> set[int]:
    """Return the enrolments (keys) whose month is signed: their line stays as it is."""
    rows = Statement.objects.frozen().filter(enrolment__in=list(enrolments))
    rows = rows.filter(month__lte=session.on, last_day__gte=session.on)
    return set(rows.values_list("enrolment", flat=True))
