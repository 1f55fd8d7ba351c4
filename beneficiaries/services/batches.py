"""Several people ticked at once, « tous présents » and « comme hier », and taken back."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.periods import ONE_DAY
from autoprod.core.refusals import told
from autoprod.core.scoping import Scope
from beneficiaries.enums import Presence
from beneficiaries.models import Attendance, Statement
from beneficiaries.services.attendance import (
    Tap,
    begin_roll,
    check_overlap,
    end_roll,
    hold,
    hold_persons,
    line_for,
)
from beneficiaries.services.rolls import Row, roll_of
from programmes.models import Session, Site

SIGNED = "Son mois est signé\u00a0: rouvrez son état de présence pour l’ajouter."
NO_LAST = "Aucune séance de cette action n’a encore été pointée avant celle-ci."


@dataclass(frozen=True)
class Batch:
    """What was ticked at once: the keys of the lines, which undoing needs, and who was refused."""

    lines: tuple[int, ...]
    refused: tuple[tuple[Row, str], ...] = ()


@transaction.atomic
def tick_all(*, scope: Scope, session: Session) -> Batch:
    """Tick as present everybody on the roll who is still to be ticked."""
    hold(session)
    waiting = [row for row in roll_of(session).rows if not row.lines]
    return _tick_rows(scope, session, [(row, row.site) for row in waiting])


@transaction.atomic
def like_last(*, scope: Scope, session: Session) -> Batch:
    """Tick as present, at the same site, who was present at the programme's session before.

    Those already ticked are left as they are. ValidationError when there is no session before.
    """
    hold(session)
    last = last_ticked_before(session)
    if last is None:
        raise ValidationError(NO_LAST, code="no_last")
    rows = Attendance.objects.present().filter(session=last).select_related("site")
    sites = {line.enrolment_id: line.site for line in rows.order_by("-starts_at")}
    roll = roll_of(session)
    came = [
        (row, sites[row.enrolment.pk] if sites[row.enrolment.pk] in roll.sites else row.site)
        for row in (*roll.rows, *roll.others)
        if row.enrolment.pk in sites and not row.lines
    ]
    return _tick_rows(scope, session, came)


@transaction.atomic
def mark_absent(*, scope: Scope, session: Session) -> Batch:
    """Note as absent everybody on the roll who is still to be ticked."""
    hold(session)
    waiting = [row for row in roll_of(session).rows if not row.lines]
    return _tick_rows(scope, session, [(row, row.site) for row in waiting], Presence.ABSENT)


@told()
@transaction.atomic
def undo(*, scope: Scope, session: Session, lines: Sequence[int]) -> int:
    """Take back the lines of a batch, and return how many; those changed since are kept."""
    hold(session)
    untouched = Attendance.objects.filter(session=session, pk__in=lines, version=1)
    count, _ = untouched.delete()
    if count:
        end_roll(session)
        record(scope, Verb.UPDATE, session, changed=["attendances"], reason="pointage annulé")
    return count


def last_ticked_before(session: Session) -> Session | None:
    """Return the programme's last session before this one where somebody was present."""
    present = Attendance.objects.present().values("session")
    earlier = Session.objects.filter(
        programme=session.programme_id, starts_at__lt=session.starts_at, cancelled_on=None
    )
    return earlier.filter(pk__in=present).order_by("-starts_at", "-pk").first()


def _tick_rows(
    scope: Scope,
    session: Session,
    rows: Sequence[tuple[Row, Site | None]],
    status: str = Presence.PRESENT,
) -> Batch:
    """Write a line for each row, leaving out who is somewhere else; the session is held."""
    still_in = hold_persons(session, [row.enrolment for row, _ in rows])
    rows = [(row, site) for row, site in rows if row.enrolment.pk in still_in]
    elsewhere = _presences_around(session, [row for row, _ in rows])
    signed = _signed_among(session, [row for row, _ in rows])
    lines, refused = [], [(row, SIGNED) for row, _ in rows if row.enrolment.pk in signed]
    for row, site in rows:
        if row.enrolment.pk in signed:
            continue
        try:
            line = line_for(session, row.enrolment, Tap(status=status, site=site))
            if status == Presence.PRESENT:
                check_overlap(scope, line, elsewhere[row.enrolment.person_id])
        except ValidationError as error:
            refused.append((row, " ".join(error.messages)))
        else:
            lines.append(line)
            # Somebody enrolled twice, as a participant and a volunteer, is there once.
            elsewhere[row.enrolment.person_id].append(line)
    made = Attendance.objects.bulk_create(lines)
    if made:
        begin_roll(session)
        record(scope, Verb.UPDATE, session, changed=["attendances"])
    return Batch(tuple(line.pk for line in made), tuple(refused))


def _signed_among(session: Session, rows: Sequence[Row]) -> set[int]:
    """Return the enrolments (keys) whose month is signed or closed: the base takes no line."""
    held = Statement.objects.frozen().filter(month__lte=session.on, last_day__gte=session.on)
    held = held.filter(enrolment__in=[row.enrolment.pk for row in rows])
    return set(held.values_list("enrolment", flat=True))


def _presences_around(session: Session, rows: Sequence[Row]) -> dict[int, list[Attendance]]:
    """Return {person: their presences of the same hours}, in one query."""
    people = {row.enrolment.person_id for row in rows}
    around = (session.on - 2 * ONE_DAY, session.on + 2 * ONE_DAY)
    found = defaultdict(list)
    presences = Attendance.objects.overlapping(session.starts_at, session.ends_at)
    for line in presences.filter(enrolment__person__in=people, on__range=around).select_related(
        "session__programme__territory", "session__kind", "enrolment"
    ):
        found[line.enrolment.person_id].append(line)
    return found
