"""Rights of several people at once: the last administrator, replacements, rights taken back."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from autoprod.accounts.models import User
from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import day
from autoprod.core.scoping import Action, Scope
from programmes.enums import Role
from programmes.models import Membership, Territory

ONE_DAY = timedelta(days=1)
ANCHORS = ("territory", "programme", "organisation")


class LastAdministratorError(ValidationError):
    """The change would leave a territory without anybody to open accounts."""


def rights_in(scope: Scope) -> models.QuerySet:
    """Return the rights this administrator sees, with what their names need."""
    return Membership.objects.for_scope(scope, Action.MANAGE_ACCOUNTS).select_related(
        "user", "territory", "programme__territory", "organisation__territory", "replaces__user"
    )


def lasting(rows: models.QuerySet, *, since: date, until: date | None = None) -> models.QuerySet:
    """Return the rights in force on at least one day from `since` (to `until`, both included)."""
    rows = rows.filter(Q(ends_on=None) | Q(ends_on__gte=since))
    return rows.filter(starts_on__lte=until) if until else rows


def first_day_without_administrator(territory: int, *, since: date) -> date | None:
    """Return the first day from `since` when nobody administers the territory (its key), or None.

    Nobody stops administering but on the day after a right's end: only those days are looked at.
    """
    spans = Membership.objects.filter(
        role=Role.ADMINISTRATOR, territory=territory, user__is_active=True
    ).values_list("starts_on", "ends_on")
    spans = list(spans)
    days = {since} | {end + ONE_DAY for _, end in spans if end and end >= since}
    empty = [
        on for on in days if not any(start <= on and (not end or end >= on) for start, end in spans)
    ]
    return min(empty, default=None)


@contextmanager
def keeping_an_administrator(territories: Iterable[int]) -> Iterator[None]:
    """Run the block in a transaction; LastAdministratorError undoes it if it empties a territory.

    The territories (keys) are locked first: two administrators who each remove the other at the
    same moment are served one after the other. A gap that was there before is not held against it.
    """
    keys, today = sorted(set(territories)), timezone.localdate()
    with transaction.atomic():
        locked = list(Territory.objects.filter(pk__in=keys).order_by("pk").select_for_update())
        before = {row: first_day_without_administrator(row.pk, since=today) for row in locked}
        yield
        for row, known in before.items():
            empty = first_day_without_administrator(row.pk, since=today)
            if empty and (known is None or empty < known):
                raise LastAdministratorError(
                    f"{row.name} n’aurait plus d’administrateur à partir du {day(empty)}. "
                    "Donnez d’abord ce droit à quelqu’un d’autre."
                )


def holds(rights: Iterable[Membership], wanted: Membership) -> bool:
    """Tell whether one of the rights gives as much as the wanted one, on all its days."""
    return any(
        right.role == wanted.role
        and all(getattr(right, f"{name}_id") == getattr(wanted, f"{name}_id") for name in ANCHORS)
        and right.starts_on <= wanted.starts_on
        and (right.ends_on is None or (wanted.ends_on and right.ends_on >= wanted.ends_on))
        for right in rights
    )


def copy_of(right: Membership, *, user: User, starts_on: date, ends_on: date | None) -> Membership:
    """Return an unsaved right of the same role and place for somebody else."""
    anchors = {f"{name}_id": getattr(right, f"{name}_id") for name in ANCHORS}
    return Membership(user=user, role=right.role, starts_on=starts_on, ends_on=ends_on, **anchors)


def earliest(*days: date | None) -> date | None:
    """Return the earliest of the ends; None is an end that never comes."""
    return min((on for on in days if on), default=None)


@transaction.atomic
def replace(
    *,
    scope: Scope,
    absent: User,
    substitute: User,
    starts_on: date,
    ends_on: date,
    reason: str,
) -> list[Membership]:
    """Give the substitute the absent colleague's rights between two days; return those opened.

    Only the rights of the scope's territories are copied, each cut to the days it covers; a right
    the substitute already has is not doubled. They end by themselves. Raise ValidationError when
    there is nothing to copy.
    """
    if absent == substitute:
        raise ValidationError("Choisissez une autre personne que celle qui s’absente.")
    if ends_on < starts_on:
        raise ValidationError({"ends_on": "Le remplacement finit avant d’avoir commencé."})
    list(User.objects.filter(pk=substitute.pk).select_for_update())
    copied = list(lasting(rights_in(scope).of(absent), since=starts_on, until=ends_on))
    if not copied:
        raise ValidationError(
            f"{absent} n’a aucun droit entre ces deux dates\u00a0: il n’y a rien à confier."
        )
    held, opened = list(rights_in(scope).of(substitute)), []
    for right in copied:
        wanted = copy_of(
            right,
            user=substitute,
            starts_on=max(right.starts_on, starts_on),
            ends_on=earliest(right.ends_on, ends_on),
        )
        wanted.replaces = right
        if not holds(held, wanted):
            wanted.save()
            record(scope, Verb.RIGHTS, wanted, changed=["replaces"], reason=reason)
            opened.append(wanted)
    return opened


@transaction.atomic
def cut_short(
    *, scope: Scope, absent: User, substitute: User, last_day: date, reason: str = ""
) -> list[Membership]:
    """End a replacement earlier than planned; return the rights that changed.

    A right that would only start after the last day is taken away: it was never used.
    """
    rows = rights_in(scope).of(substitute).filter(replaces__user=absent)
    rows = list(lasting(rows, since=last_day + ONE_DAY))
    with keeping_an_administrator(_administered(rows)):
        for right in rows:
            close(scope=scope, right=right, last_day=last_day, reason=reason)
    return rows


@transaction.atomic
def withdraw(*, scope: Scope, right: Membership) -> None:
    """Take away a right that has not started: nobody ever used it."""
    if right.starts_on <= timezone.localdate():
        raise ValidationError("Ce droit a déjà servi\u00a0: donnez-lui plutôt une date de fin.")
    with keeping_an_administrator(_administered([right])):
        record(scope, Verb.DELETE, right)
        right.delete()


def close(*, scope: Scope, right: Membership, last_day: date, reason: str) -> None:
    """Make `last_day` the right's last; one that had not started by then is taken away.

    The caller holds the transaction, and the lock when the right is an administrator's.
    """
    if right.starts_on > last_day and right.starts_on >= timezone.localdate():
        record(scope, Verb.DELETE, right, reason=reason)
        right.delete()
        return
    right.ends_on = max(last_day, right.starts_on)
    right.save()
    record(scope, Verb.RIGHTS, right, changed=["ends_on"], reason=reason)


def _administered(rights: Iterable[Membership]) -> set[int]:
    return {right.territory_id for right in rights if right.role == Role.ADMINISTRATOR}
