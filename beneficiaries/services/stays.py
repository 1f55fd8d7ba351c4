"""What happens during a stay: another level from a day on, a pause, and the way back from both.

Written under a lock on the person, so that two colleagues at once never contradict each other.
"""

import calendar
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import day, day_range
from autoprod.core.periods import ONE_DAY, Period
from autoprod.core.scoping import Scope
from beneficiaries.models import Enrolment, LevelChange, Person, Suspension

NOT_ENTERED = "Cette personne n’est pas encore entrée dans l’action."
SAME_LEVEL = "C’est déjà l’accompagnement de cette personne."
MOVED = "Cette inscription vient d’être modifiée. Vérifiez ce qui est noté."

#: First and last day of a pause; without a last one, it lasts.
Days = tuple[date, date | None]


def months_after(on: date, months: int) -> date:
    """Return the same day so many months later (earlier when negative), or the month's last one."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))


def hold(enrolment: Enrolment) -> Enrolment:
    """Lock the person until the end of the transaction; return the enrolment as it is now."""
    list(Person.objects.filter(pk=enrolment.person_id).select_for_update())
    return Enrolment.objects.select_related("programme").get(pk=enrolment.pk)


def _within(stay: Enrolment, on: date) -> None:
    """Refuse a day that the stay does not cover."""
    if stay.entered_on is None:
        raise ValidationError(NOT_ENTERED, code="waiting")
    if on < stay.entered_on:
        raise ValidationError(
            f"Le séjour commence le {day(stay.entered_on)}\u00a0: choisissez ce jour ou un autre "
            "après.",
            code="before",
        )
    if stay.left_on and on > stay.left_on:
        raise ValidationError(
            f"La sortie est notée le {day(stay.left_on)}\u00a0: choisissez un jour d’avant.",
            code="after",
        )


# Levels.


@contextmanager
def changing_level(scope: Scope, change: LevelChange) -> Iterator[None]:
    """Hold the person while a change of level is written, then make it the enrolment's.

    Raise ValidationError when it is the level already, out of the stay, or not after the last one:
    the level of a day is the one of the last change before it, so they are written in order.
    """
    with transaction.atomic():
        stay = hold(change.enrolment)
        if stay.level == change.level:
            raise ValidationError(SAME_LEVEL, code="same")
        _within(stay, change.since)
        last = _last_change(stay)
        if last and last.since >= change.since:
            raise ValidationError(
                f"Un changement est déjà noté le {day(last.since)}\u00a0: choisissez un jour "
                "d’après, ou annulez-le d’abord.",
                code="order",
            )
        yield
        _set_level(scope, stay, change.level)


@transaction.atomic
def undo_level_change(*, scope: Scope, change: LevelChange) -> None:
    """Take back the last change of level; ValidationError when it is not the last any more."""
    stay = hold(change.enrolment)
    if _last_change(stay) != change:
        raise ValidationError(MOVED, code="moved")
    record(scope, Verb.DELETE, change)
    change.delete()
    _set_level(scope, stay, change.before)


def _last_change(stay: Enrolment) -> LevelChange | None:
    return LevelChange.objects.filter(enrolment=stay).order_by("since", "pk").last()


def _set_level(scope: Scope, stay: Enrolment, level: str) -> None:
    stay.level = level
    stay.save()
    record(scope, Verb.UPDATE, stay, changed=["level"])


# Pauses.


@contextmanager
def pausing(suspension: Suspension) -> Iterator[None]:
    """Hold the person while a pause is written.

    Raise ValidationError when it is out of the stay, or shares a day with another pause of it.
    """
    with transaction.atomic():
        stay = hold(suspension.enrolment)
        _within(stay, suspension.starts_on)
        if suspension.ends_on and stay.left_on:
            _within(stay, suspension.ends_on)
        _refuse_overlap(suspension)
        yield


def _refuse_overlap(suspension: Suspension) -> None:
    rows = Suspension.objects.filter(enrolment=suspension.enrolment_id).exclude(pk=suspension.pk)
    rows = rows.filter(Q(ends_on=None) | Q(ends_on__gte=suspension.starts_on))
    if suspension.ends_on:
        rows = rows.filter(starts_on__lte=suspension.ends_on)
    if other := rows.first():
        days = day_range(other.starts_on, other.ends_on)
        raise ValidationError(
            f"Une autre pause couvre ces jours ({days})\u00a0: corrigez l’une des dates.",
            code="overlap",
        )


@transaction.atomic
def resume(*, scope: Scope, suspension: Suspension) -> Suspension | None:
    """End a pause the day before, so that somebody is expected today; None when it began today.

    A pause of today is taken off whole. Raise ValidationError when it does not cover today.
    """
    hold(suspension.enrolment)
    today = timezone.localdate()
    row = Suspension.objects.in_force(today).filter(pk=suspension.pk).first()
    if row is None:
        raise ValidationError("Cette pause est déjà terminée.", code="over")
    if row.starts_on == today:
        record(scope, Verb.DELETE, row)
        row.delete()
        return None
    row.ends_on = today - ONE_DAY
    row.save()
    record(scope, Verb.UPDATE, row, changed=["ends_on"])
    return row


@transaction.atomic
def undo_resume(*, scope: Scope, suspension: Suspension, ends_on: date | None) -> None:
    """Give back to a pause the end it had; ValidationError when it was not ended today."""
    hold(suspension.enrolment)
    suspension.refresh_from_db()
    today = timezone.localdate()
    is_mine = suspension.ends_on == today - ONE_DAY and (ends_on is None or ends_on >= today)
    if not is_mine:
        raise ValidationError(MOVED, code="moved")
    suspension.ends_on = ends_on
    _refuse_overlap(suspension)
    suspension.save()
    record(scope, Verb.UPDATE, suspension, changed=["ends_on"])


def with_pauses(rows: QuerySet[Enrolment], on: date) -> QuerySet[Enrolment]:
    """Return the enrolments with the days of their pause of a day: `paused_since`, `paused_until`.

    The days alone: why is said elsewhere, to who may see pathways.
    """
    pauses = Suspension.objects.in_force(on).filter(enrolment=OuterRef("pk"))
    return rows.annotate(
        paused_since=Subquery(pauses.values("starts_on")[:1]),
        paused_until=Subquery(pauses.values("ends_on")[:1]),
    )


def pauses_of(enrolments: Iterable[int], period: Period) -> dict[int, list[Days]]:
    """Return {key of an enrolment: its pauses that share a day with a period}, in one query."""
    rows = Suspension.objects.filter(enrolment__in=list(enrolments), starts_on__lte=period.end)
    rows = rows.filter(Q(ends_on=None) | Q(ends_on__gte=period.start))
    pauses = defaultdict(list)
    for key, start, end in rows.values_list("enrolment", "starts_on", "ends_on"):
        pauses[key].append((start, end))
    return pauses


def is_paused(pauses: Iterable[Days], on: date) -> bool:
    """Tell whether one of the pauses covers a day, bounds included."""
    return any(start <= on and (end is None or on <= end) for start, end in pauses)


def pause_words(since: date | None, until: date | None = None) -> str:
    """Return « depuis le 3 novembre 2026, jusqu’au… »; empty without a pause."""
    if since is None:
        return ""
    end = f", jusqu’au {day(until)}" if until else ""
    return f"depuis le {day(since)}{end}"
