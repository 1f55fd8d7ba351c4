"""Enrolments: somebody comes in, leaves, comes back, or passes to another referent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import day, day_range
from autoprod.core.handovers import Handover
from autoprod.core.periods import Period
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import Whereabouts
from beneficiaries.models import (
    Attendance,
    Enrolment,
    Person,
    PersonIdentity,
    Referral,
    Situation,
)
from programmes.models import ReferenceCode

#: How long an entry is news.
RECENT = timedelta(days=14)
#: What an exit says.
EXIT = ("left_on", "exit_motive", "exit_reason", "exit_outcome")
#: Lines of a list on the page of the day.
MOST_SHOWN = 6


@transaction.atomic
def enrol(
    *,
    scope: Scope,
    enrolment: Enrolment,
    identity: PersonIdentity | None = None,
    situation: Situation | None = None,
    referral: Referral | None = None,
    chosen: Mapping[str, Iterable[ReferenceCode]] | None = None,
) -> Person:
    """Write a new person with their enrolment, and what is already known; return the person.

    The rows come unsaved, tied to one another by their person: none exists without an enrolment.
    `chosen` gives the codes of a situation (`minimum_incomes`) and of a referral (`strands`).
    """
    for row in (enrolment.person, enrolment, identity, situation, referral):
        if row is not None:
            row.save()
            record(scope, Verb.CREATE, row)
    codes = chosen or {}
    if situation is not None:
        situation.minimum_incomes.set(codes.get("minimum_incomes", ()))
    if referral is not None:
        referral.strands.set(codes.get("strands", ()))
    return enrolment.person


@contextmanager
def writing(enrolment: Enrolment) -> Iterator[None]:
    """Hold the person while an enrolment is written, its stay having been compared with others.

    Two colleagues enrol the same person at once: the second one waits, then is told. Raise
    ValidationError when the stay shares a day with another in the same programme and part, or
    leaves out a day the person was there.
    """
    with transaction.atomic():
        _lock(enrolment)
        if other := _overlapping(enrolment):
            days = day_range(other.entered_on, other.left_on)
            raise ValidationError(
                f"Un autre séjour dans cette action couvre ces jours ({days})\u00a0: "
                "corrigez l’une des dates."
            )
        if there := _left_out(enrolment):
            raise ValidationError(
                f"Une présence est notée le {day(there.on)}\u00a0: le séjour doit couvrir ce jour."
            )
        yield


def _lock(enrolment: Enrolment) -> None:
    list(Person.objects.filter(pk=enrolment.person_id).select_for_update())


def _overlapping(enrolment: Enrolment) -> Enrolment | None:
    """Return a stay sharing a day with this one; the day of exit is a day of stay."""
    if enrolment.entered_on is None:
        return None
    same = Enrolment.objects.filter(
        person=enrolment.person_id, programme=enrolment.programme_id, part=enrolment.part
    )
    rows = same.exclude(pk=enrolment.pk).filter(
        Q(left_on=None) | Q(left_on__gte=enrolment.entered_on), entered_on__isnull=False
    )
    if enrolment.left_on:
        rows = rows.filter(entered_on__lte=enrolment.left_on)
    return rows.first()


def _left_out(enrolment: Enrolment) -> Attendance | None:
    """Return a presence of this enrolment on a day its stay does not cover."""
    lines = Attendance.objects.present().filter(enrolment=enrolment.pk)
    if enrolment.pk is None or enrolment.entered_on is None:
        return lines.first() if enrolment.pk else None
    outside = Q(on__lt=enrolment.entered_on)
    if enrolment.left_on:
        outside |= Q(on__gt=enrolment.left_on)
    return lines.filter(outside).first()


@transaction.atomic
def undo_exit(*, scope: Scope, enrolment: Enrolment) -> None:
    """Take the exit away, and what it says; ValidationError when another stay is open."""
    _lock(enrolment)
    enrolment.refresh_from_db()
    for name in EXIT:
        setattr(enrolment, name, None)
    with writing(enrolment):
        try:
            with transaction.atomic():
                enrolment.save()
        except IntegrityError as error:
            raise ValidationError(
                "Cette personne a été inscrite de nouveau depuis\u00a0: la sortie reste notée."
            ) from error
        record(scope, Verb.UPDATE, enrolment, changed=list(EXIT))


@transaction.atomic
def delete(*, scope: Scope, enrolment: Enrolment) -> None:
    """Delete an enrolment written by mistake; ValidationError when it is the only one.

    A person is never left without an enrolment: nobody would find the file again. ProtectedError
    when a presence, a step or an outcome depends on it.
    """
    _lock(enrolment)
    others = Enrolment.objects.filter(person=enrolment.person_id).exclude(pk=enrolment.pk)
    if not others.exists():
        raise ValidationError(
            "C’est la seule inscription de cette personne\u00a0: supprimez plutôt sa fiche."
        )
    record(scope, Verb.DELETE, enrolment)
    enrolment.delete()


def pass_on(handover: Handover) -> dict[str, int]:
    """Name the successor referent of whoever the leaver follows; return how many persons.

    First or second referent, the successor takes the leaver's place; who already followed the
    person with the leaver goes on alone. Whoever decides a handover manages accounts and sees no
    person: what they open as such is moved. Stays that ended before the handover keep the names of
    who followed them.
    """
    rows = Enrolment.objects.for_scope(handover.scope, Action.MANAGE_ACCOUNTS)
    rows = rows.filter(Q(left_on=None) | Q(left_on__gte=handover.on))
    moved = set()
    followed = rows.followed_by(handover.leaver.pk).select_related("programme")
    for enrolment in followed.select_for_update(of=("self",)):
        changed = _replace(enrolment, handover.leaver, handover.successor)
        enrolment.save()
        record(handover.scope, Verb.UPDATE, enrolment, changed=changed)
        moved.add(enrolment.person_id)
    return {"personnes suivies": len(moved)}


def _replace(enrolment: Enrolment, leaver: models.Model, successor: models.Model) -> list[str]:
    """Put the successor in the leaver's place; return the names of the fields that change."""
    before = (enrolment.referent_id, enrolment.co_referent_id)
    kept = [key for key in before if key not in {None, leaver.pk, successor.pk}]
    if enrolment.referent_id == leaver.pk:
        after = (successor.pk, *kept, None)[:2]
    else:
        after = (*kept, successor.pk, None)[:2]
    enrolment.referent_id, enrolment.co_referent_id = after
    names = ("referent", "co_referent")
    return [n for n, old, new in zip(names, before, after, strict=True) if old != new]


def seen_over(period: Period, rows: QuerySet, state: Whereabouts | None = None) -> QuerySet:
    """Return the enrolments of a state over a period, of any when none is said."""
    conditions = _whereabouts(period)
    chosen = [conditions[state]] if state else conditions.values()
    return rows.filter(Q(*chosen, _connector=Q.OR))


def counted_over(period: Period, rows: QuerySet) -> dict[Whereabouts, int]:
    """Return how many enrolments are in each state over a period, in one query."""
    conditions = _whereabouts(period)
    counts = {state.value: Count("pk", filter=rule) for state, rule in conditions.items()}
    numbers = rows.order_by().aggregate(**counts)
    return {state: numbers[state.value] for state in conditions}


def _whereabouts(period: Period) -> dict[Whereabouts, Q]:
    """Return what the enrolments are in each state over a period; each is in one at most.

    Who waits is told whatever the period: a request has no end of its own.
    """
    stays = Q(entered_on__lte=period.end)
    left = Q(left_on__gte=period.start, left_on__lte=period.end)
    return {
        Whereabouts.PRESENT: stays & (Q(left_on=None) | Q(left_on__gt=period.end)),
        Whereabouts.WAITING: Q(entered_on=None, left_on=None),
        Whereabouts.LEFT: left & (stays | Q(entered_on=None)),
    }


def to_welcome(scope: Scope, objects: Sequence[models.Model]) -> dict:
    """Return who waits for a place, the longest first, and who entered in the last two weeks."""
    today = timezone.localdate()
    rows = Enrolment.objects.for_scope(scope, Action.EDIT_PERSONS)
    rows = rows.select_related("person", "programme")
    waiting = sorted(rows.waiting(), key=waiting_since, reverse=True)
    recent = rows.filter(entered_on__gt=today - RECENT, entered_on__lte=today, left_on=None)
    entered = list(recent.order_by("-entered_on", "person__sort_key")[:MOST_SHOWN])
    if not (waiting or entered):
        return {}
    shown = [{"row": row, "days": waiting_since(row)} for row in waiting[:MOST_SHOWN]]
    return {
        None: {
            "waiting": shown,
            "more": len(waiting) - len(shown),
            "entered": entered,
            "has_several": len(scope.keys("programme", Action.EDIT_PERSONS)) > 1,
        }
    }


def waiting_since(enrolment: Enrolment) -> int:
    """Return for how many days somebody has been waiting; `person` must be at hand."""
    known = enrolment.referred_on or enrolment.accepted_on
    since = known or timezone.localdate(enrolment.person.created_at)
    return max((timezone.localdate() - since).days, 0)
