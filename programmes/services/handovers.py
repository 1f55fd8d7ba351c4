"""Handovers: a colleague leaves for good, another takes over everything in one act."""

from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from autoprod.accounts.models import User
from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core import handovers
from autoprod.core.scoping import Scope
from programmes.enums import Role
from programmes.models import Membership
from programmes.services.accounts import close_account, depends_only_on, is_actor
from programmes.services.memberships import (
    ONE_DAY,
    close,
    copy_of,
    holds,
    keeping_an_administrator,
    lasting,
    rights_in,
)


@dataclass(frozen=True)
class HandoverReport:
    """What a handover moved."""

    closed: int = 0
    opened: int = 0
    #: What the other floors moved: how many, by label.
    moved: dict[str, int] = field(default_factory=dict)
    #: The leaver can no longer log in.
    deactivated: bool = False
    #: The account keeps working: it has rights this administrator did not give.
    kept: bool = False


@transaction.atomic
def hand_over(
    *, scope: Scope, leaver: User, successor: User, on: date, reason: str
) -> HandoverReport:
    """Pass a leaver's rights and persons to a successor from `on`; return what moved.

    The leaver's last day is the day before `on`. The successor receives each right they lack, from
    `on` or from today when `on` is past. The account is closed when that day has come, unless it
    has rights outside the scope. All of it happens or nothing; a second run finds nothing to move.
    Raise ValidationError when the two people do not fit, or LastAdministratorError.
    """
    _check(scope, leaver, successor)
    list(User.objects.filter(pk__in=[leaver.pk, successor.pk]).order_by("pk").select_for_update())
    rights = list(lasting(rights_in(scope).of(leaver), since=on))
    administered = rights_in(scope).of(leaver).filter(role=Role.ADMINISTRATOR)
    with keeping_an_administrator(administered.values_list("territory_id", flat=True)):
        opened = _open(scope, rights, successor, on, reason)
        for right in rights:
            close(scope=scope, right=right, last_day=on - ONE_DAY, reason=reason)
        moved = handovers.move_all(
            handovers.Handover(scope=scope, leaver=leaver, successor=successor, on=on)
        )
        free = depends_only_on(scope, leaver, since=max(on, timezone.localdate()))
        leaves = on <= timezone.localdate() and leaver.is_active
        if leaves and free:
            close_account(scope=scope, user=leaver, reason=reason)
    return HandoverReport(
        closed=len(rights),
        opened=opened,
        moved=moved,
        deactivated=leaves and free,
        kept=leaves and not free,
    )


def preview_hand_over(
    *, scope: Scope, leaver: User, successor: User, on: date, reason: str
) -> HandoverReport:
    """Return what `hand_over` would move: it is run, then undone, so the two never differ."""
    with transaction.atomic():
        report = hand_over(scope=scope, leaver=leaver, successor=successor, on=on, reason=reason)
        transaction.set_rollback(True)
    leaver.refresh_from_db()
    return report


def _check(scope: Scope, leaver: User, successor: User) -> None:
    if leaver == successor:
        raise ValidationError("Choisissez une autre personne que celle qui part.")
    if is_actor(scope, leaver):
        raise ValidationError(
            "Vous ne pouvez pas fermer votre propre compte\u00a0: un autre administrateur le fera."
        )
    if not successor.is_active:
        raise ValidationError(
            f"Le compte de {successor} est désactivé\u00a0: réactivez-le d’abord."
        )


def _open(scope: Scope, rights: list[Membership], successor: User, on: date, reason: str) -> int:
    held, opened = list(rights_in(scope).of(successor)), 0
    for right in rights:
        wanted = copy_of(
            right,
            user=successor,
            starts_on=max(on, right.starts_on, timezone.localdate()),
            ends_on=right.ends_on,
        )
        if wanted.ends_on and wanted.ends_on < wanted.starts_on:
            continue
        wanted.replaces_id = right.replaces_id
        if not holds(held, wanted):
            wanted.save()
            record(scope, Verb.RIGHTS, wanted, reason=reason)
            opened += 1
    return opened
