"""Schedules: saved with their sessions, changed, deleted; under the locks of both."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import counted
from autoprod.core.scoping import Scope
from programmes.models import Programme, Schedule, ScheduleSlot, Session, Site
from programmes.services.plans import Stretch, Week
from programmes.services.replanning import (
    Review,
    Values,
    is_used,
    review_change,
    review_new,
    sessions_of,
    stored_of,
    values_of,
)

CHANGED_MEANWHILE = (
    "Le planning a changé pendant votre relecture. Relisez ce qui sera fait, puis confirmez."
)
NOTHING = "Aucune séance ne serait créée. Demandez celles qui sont déjà prises, ou corrigez."
#: The code of what sends back to the review.
TO_REVIEW = "to_review"
STILL_USED = (
    "Une séance de ce créneau a déjà servi (appel, atelier, note, annulation)\u00a0: il reste au "
    "planning. Pour l’arrêter, changez plutôt son dernier jour."
)


@dataclass(frozen=True)
class Asked:
    """What whoever reviewed a schedule confirmed: what they saw, and the exceptions they took."""

    mark: str
    with_clashes: bool = False
    with_missing: bool = False


def hold(programme: Programme) -> None:
    """Lock the programme: two schedules are never reviewed and saved at once."""
    list(Programme.objects.select_for_update().filter(pk=programme.pk).values_list("pk"))


@transaction.atomic
def create(*, scope: Scope, schedule: Schedule, week: Week, values: Values, asked: Asked) -> Review:
    """Save a new schedule with its sessions; ValidationError when the review is out of date."""
    hold(schedule.programme)
    review = review_new(programme=schedule.programme, week=week, values=values)
    _check(review, asked)
    wanted = _all_of(review, asked)
    if not wanted:
        raise ValidationError(NOTHING, code=TO_REVIEW)
    schedule.save()
    _write_week(schedule, week, values)
    created = _create(schedule, wanted, values)
    record(scope, Verb.CREATE, schedule, reason=counted(created, "séance créée", "séances créées"))
    return review


@transaction.atomic
def change(*, scope: Scope, schedule: Schedule, week: Week, values: Values, asked: Asked) -> Review:
    """Save a schedule and take its sessions along; ValidationError as `create` does.

    The sessions to come that nobody touched follow; the others stay as they are.
    """
    hold(schedule.programme)
    before = values_of(stored_of(schedule))
    review = review_change(schedule=schedule, week=week, values=values, lock=True)
    _check(review, asked)
    schedule.save()
    _write_week(schedule, week, values)
    _follow(review, before, values)
    delete_all(review.removed)
    created = _create(schedule, _all_of(review, asked), values)
    told = f"créées {created}, changées {len(review.followed)}, retirées {len(review.removed)}"
    record(scope, Verb.UPDATE, schedule, reason=f"Séances\u00a0: {told}")
    return review


@transaction.atomic
def delete(*, scope: Scope, schedule: Schedule) -> int:
    """Delete a schedule and its sessions, return how many; ValidationError once one was used."""
    hold(schedule.programme)
    rows = sessions_of(schedule, lock=True)
    if any(
        is_used(row) or row.roll_begun_at or row.is_closed or row.is_cancelled or row.held_on
        for row in rows
    ):
        raise ValidationError(STILL_USED)
    delete_all(rows)
    told = counted(len(rows), "séance supprimée", "séances supprimées")
    record(scope, Verb.DELETE, schedule, reason=told)
    schedule.delete()
    return len(rows)


def _check(review: Review, asked: Asked) -> None:
    if review.mark != asked.mark:
        raise ValidationError(CHANGED_MEANWHILE, code=TO_REVIEW)


def _all_of(review: Review, asked: Asked) -> list[Stretch]:
    clashes = [clash.stretch for clash in review.clashes] if asked.with_clashes else []
    return sorted([*review.created, *clashes, *(review.missing if asked.with_missing else [])])


def _write_week(schedule: Schedule, week: Week, values: Values) -> None:
    """Write the slots and the sites of a schedule."""
    ScheduleSlot.objects.filter(schedule=schedule).delete()
    ScheduleSlot.objects.bulk_create(
        ScheduleSlot(schedule=schedule, weekday=half.weekday, starts=half.starts, ends=half.ends)
        for half in week.half_days
    )
    schedule.sites.set(values.sites)


def _create(schedule: Schedule, stretches: list[Stretch], values: Values) -> int:
    """Create the sessions of a schedule and return how many."""
    rows = [
        Session(
            programme=schedule.programme,
            schedule=schedule,
            starts_at=stretch.starts_at,
            ends_at=stretch.ends_at,
            **values.given(),
        )
        for stretch in stretches
    ]
    for row in rows:
        row.measure()
    Session.objects.bulk_create(rows, batch_size=200)
    _link([(row, site) for row in rows for site in values.sites])
    return len(rows)


def _link(pairs: list[tuple[Session, Site]]) -> None:
    link = Session.sites.through
    link.objects.bulk_create([link(session=row, site=site) for row, site in pairs], batch_size=300)


def _follow(review: Review, before: Values, after: Values) -> None:
    """Write the new values of the sessions that follow; what one has of its own stays."""
    old, new, linked = before.given(), after.given(), []
    for row, to in review.followed:
        row.starts_at, row.ends_at = to.starts_at, to.ends_at
        row.measure()
        for name, value in new.items():
            if getattr(row, name) == old[name]:
                setattr(row, name, value)
        row.version += 1
        if after.sites != before.sites and frozenset(row.places) == before.sites:
            linked.append(row)
    rows = [row for row, _ in review.followed]
    names = [*new, "starts_at", "ends_at", "on", "minutes", "version"]
    Session.objects.bulk_update(rows, names, batch_size=50)
    Session.sites.through.objects.filter(session__in=linked).delete()
    _link([(row, site) for row in linked for site in after.sites])


def delete_all(rows: list[Session]) -> None:
    """Delete sessions that nothing hangs on."""
    Session.objects.filter(pk__in=[row.pk for row in rows]).delete()
