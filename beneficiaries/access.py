"""Who may follow persons: the accounts a programme's enrolments may name."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from autoprod.accounts.models import User
from programmes.access import holders
from programmes.enums import Role
from programmes.models import Programme

#: Those who follow persons, as their rights say.
FOLLOWING = (Role.SOCIAL_WORKER, Role.PROGRAMME_MANAGER)


def may_follow(
    programmes: Iterable[Programme], *, on: date, kept: int | None = None
) -> QuerySet[User]:
    """Return the open accounts with a right to follow persons in one of the programmes on a day.

    `kept` is the key of who is already named: they stay on offer.
    """
    able = holders(programmes, FOLLOWING, on=on)
    return User.objects.filter(Q(pk__in=able.values("pk")) | Q(pk=kept or 0))


def named_in(programme: Programme) -> QuerySet[User]:
    """Return the accounts that some enrolment of the programme names, gone or not."""
    first, second = Q(enrolments__programme=programme), Q(shared_enrolments__programme=programme)
    return User.objects.filter(first | second).distinct()
