"""Merging two files of one person, with what it takes to take them apart again.

One person fewer in the figures, and no hour lost but those counted twice.
"""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from autoprod.accounts.models import User
from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.periods import minutes_between
from autoprod.core.refusals import told
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import Presence
from beneficiaries.models import (
    Attendance,
    Enrolment,
    HouseholdMember,
    NamesakePair,
    Person,
    PersonMerge,
)
from beneficiaries.services.absorbing import absorb
from beneficiaries.services.reversible import ChangedSinceError, Changes, undo

ELSEWHERE = (
    "L’une des fiches est aussi suivie par une action qui ne vous est pas ouverte\u00a0: "
    "demandez à une personne qui suit les deux."
)
SAME = "Choisissez deux fiches différentes du même territoire."
MOVED = (
    "Une des fiches a changé depuis\u00a0: elles ne peuvent plus être séparées d’un geste. "
    "S’il y a eu une autre réunion entre-temps, défaites-la d’abord."
)
GONE = "Une de ces fiches n’existe plus\u00a0: elle vient peut-être d’être réunie."
UNDONE = "Ces fiches ont déjà été séparées."


@told()
@transaction.atomic
def merge(*, scope: Scope, kept: Person, absorbed: Person) -> PersonMerge:
    """Move all that is known of `absorbed` to `kept`, delete it, and return the trace.

    What both say stays as `kept` says it. Stays of one programme that share a day become one; of
    presences at the same time, the hours are counted once. ValidationError when one of the files
    is also followed out of the scope, or when it would change a month that is signed.
    """
    held = _hold(kept, absorbed)
    kept, absorbed = held[kept.pk], held[absorbed.pk]
    _check(scope, kept, absorbed)
    key, changes = absorbed.pk, Changes()
    record(scope, Verb.DELETE, absorbed, reason=f"réunion dans la fiche n° {kept.pk}")
    _count_hours_once(changes, kept, absorbed)
    _join_stays(changes, kept, absorbed)
    _drop_pairs(changes, absorbed)
    _move_home(changes, kept, absorbed)
    absorb(changes, kept, absorbed)
    trace = PersonMerge.objects.create(
        kept=kept,
        absorbed_key=key,
        merged_by=User.objects.get(pk=scope.actor_key),
        snapshot={"ops": changes.ops},
    )
    record(scope, Verb.UPDATE, kept, changed=["merge"], reason=f"réunion de la fiche n° {key}")
    return trace


@told()
@transaction.atomic
def unmerge(*, scope: Scope, trace: PersonMerge) -> Person:
    """Take the two files apart again and return the one that is back.

    ValidationError when something has moved since, or when one of the stays is out of the scope.
    """
    _hold(trace.kept)
    trace = PersonMerge.objects.select_for_update().get(pk=trace.pk)
    if trace.undone_at:
        raise ValidationError(UNDONE)
    if not _is_whole(scope, trace.kept):
        raise ValidationError(ELSEWHERE)
    try:
        with transaction.atomic():
            undo(trace.snapshot["ops"])
    except ChangedSinceError as error:
        raise ValidationError(MOVED) from error
    trace.undone_at = timezone.now()
    trace.save()
    told = f"séparation de la fiche n° {trace.absorbed_key}"
    record(scope, Verb.UPDATE, trace.kept, changed=["merge"], reason=told)
    return Person.objects.get(pk=trace.absorbed_key)


def _hold(*persons: Person) -> dict[int, Person]:
    """Lock the persons, always in one order, and return them as they are now.

    ValidationError when one of them is gone: somebody merged it first.
    """
    keys = {person.pk for person in persons}
    held = Person.objects.filter(pk__in=keys).order_by("pk").select_for_update()
    found = {person.pk: person for person in held}
    if len(found) < len(keys):
        raise ValidationError(GONE)
    return found


def _check(scope: Scope, kept: Person, absorbed: Person) -> None:
    if kept.pk == absorbed.pk or kept.territory_id != absorbed.territory_id:
        raise ValidationError(SAME)
    if not (_is_whole(scope, kept) and _is_whole(scope, absorbed)):
        raise ValidationError(ELSEWHERE)


def _is_whole(scope: Scope, person: Person) -> bool:
    """Tell whether every enrolment of the person is open to the scope."""
    rows = Enrolment.objects.filter(person=person)
    opened = rows.for_scope(scope, Action.EDIT_PERSONS)
    return not rows.exclude(pk__in=opened.order_by().values("pk")).exists()


# Presences.


def _count_hours_once(changes: Changes, kept: Person, absorbed: Person) -> None:
    """Leave out of the absorbed file's presences the time the kept one was there already."""
    ours = list(Attendance.objects.filter(enrolment__person=kept).order_by("starts_at"))
    theirs = list(Attendance.objects.filter(enrolment__person=absorbed).order_by("starts_at"))
    present = [(line.starts_at, line.ends_at) for line in ours if _is_present(line)]
    came = {line.session_id for line in theirs if _is_present(line)}
    told = {line.session_id for line in ours if _is_present(line) or line.session_id not in came}
    for line in ours:
        if not _is_present(line) and line.session_id in came:
            changes.delete(line)
    for line in theirs:
        if _is_present(line):
            _keep_the_rest(changes, line, present)
        elif line.session_id in told:
            changes.delete(line)


def _is_present(line: Attendance) -> bool:
    return line.status == Presence.PRESENT


def _keep_the_rest(
    changes: Changes, line: Attendance, taken: Iterable[tuple[datetime, datetime]]
) -> None:
    pieces = [(line.starts_at, line.ends_at)]
    for start, end in taken:
        pieces = [piece for whole in pieces for piece in _without(whole, start, end)]
    pieces = [piece for piece in pieces if minutes_between(*piece)]
    if not pieces:
        changes.delete(line)
        return
    (start, end), *others = pieces
    changes.update(line, starts_at=start, ends_at=end, minutes=minutes_between(start, end))
    for start, end in others:
        changes.create(
            Attendance(
                enrolment=line.enrolment,
                session=line.session,
                site=line.site,
                status=line.status,
                on=line.on,
                observed_at=line.observed_at,
                starts_at=start,
                ends_at=end,
                minutes=minutes_between(start, end),
            )
        )


def _without(
    whole: tuple[datetime, datetime], start: datetime, end: datetime
) -> list[tuple[datetime, datetime]]:
    first, last = whole
    if end <= first or start >= last:
        return [whole]
    return [(a, b) for a, b in ((first, start), (end, last)) if a < b]


# Stays.


def _join_stays(changes: Changes, kept: Person, absorbed: Person) -> None:
    """Make one of the stays of one programme and part that share a day."""
    for stay in Enrolment.objects.filter(person=absorbed).order_by("entered_on", "pk"):
        # As long as the stay that grows meets another one.
        current = stay
        while other := _met(kept, current):
            _widen(changes, other, current)
            absorb(changes, other, current)
            current = other


def _met(kept: Person, stay: Enrolment) -> Enrolment | None:
    rows = Enrolment.objects.filter(person=kept, programme=stay.programme_id, part=stay.part)
    met = [row for row in rows.exclude(pk=stay.pk).order_by("pk") if _share_a_day(row, stay)]
    # The open one first: a stay that was over may only open again once that one is closed.
    return min(met, key=lambda row: row.left_on is not None, default=None)


def _share_a_day(one: Enrolment, other: Enrolment) -> bool:
    """Tell whether two stays share a day, or are both open: a request has no end of its own."""
    if one.left_on is None and other.left_on is None:
        return True
    if one.entered_on is None or other.entered_on is None:
        return False
    first, second = sorted((one, other), key=lambda row: row.entered_on)
    return first.left_on is None or first.left_on >= second.entered_on


def _widen(changes: Changes, kept: Enrolment, gone: Enrolment) -> None:
    """Give a stay the first dates and the last end of two; the other referent stays as second."""
    dates = {
        name: min(filter(None, (getattr(kept, name), getattr(gone, name))), default=None)
        for name in ("referred_on", "accepted_on", "entered_on")
    }
    later = gone if _ends(gone) > _ends(kept) else kept
    ends = ("left_on", "exit_motive", "exit_reason", "exit_outcome")
    dates |= {name: getattr(later, name) for name in ends}
    referents = [r for r in (kept.referent, gone.referent, kept.co_referent, gone.co_referent) if r]
    first, second, *_ = [*dict.fromkeys(referents), None, None]
    # The order of the dates is a rule of the base: an accord later than the entry says nothing.
    if dates["accepted_on"] and dates["entered_on"] and dates["accepted_on"] > dates["entered_on"]:
        dates["accepted_on"] = None
    # Freed first: two open stays of one person and programme are refused by the base.
    changes.update(gone, left_on=gone.left_on or gone.entered_on or timezone.localdate())
    changes.update(kept, **dates, referent=first, co_referent=second)


def _ends(stay: Enrolment) -> tuple:
    return (stay.left_on is None, stay.left_on or timezone.localdate())


# The rest, whatever hangs on a file.


def _drop_pairs(changes: Changes, absorbed: Person) -> None:
    for pair in NamesakePair.objects.filter(Q(first=absorbed) | Q(second=absorbed)):
        changes.delete(pair)


def _move_home(changes: Changes, kept: Person, absorbed: Person) -> None:
    """Bring the absorbed file's home into the kept one's, when both have one today."""
    now = HouseholdMember.objects.filter(left_on=None).select_related("household")
    ours, theirs = now.filter(person=kept).first(), now.filter(person=absorbed).first()
    if not (ours and theirs):
        return
    home = theirs.household
    absorb(changes, ours, theirs)
    others = HouseholdMember.objects.filter(household=home)
    if home != ours.household and not others.filter(person__isnull=False).exists():
        for member in others:
            changes.update(member, household=ours.household)
        changes.delete(home)
