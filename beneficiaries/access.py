"""Who may follow persons: the accounts a programme's enrolments may name."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from autoprod.accounts.models import User
from programmes.enums import PartnerRole, Role
from programmes.models import Membership, Partnership, Programme

#: Those who follow persons, as their rights say.
FOLLOWING = (Role.SOCIAL_WORKER, Role.PROGRAMME_MANAGER)


def may_follow(
    programmes: Iterable[Programme], *, on: date, kept: int | None = None
) -> QuerySet[User]:
    """Return the open accounts with a right to follow persons in one of the programmes on a day.

    The right may be on the programme, on its territory or on an organisation that runs it, as
    for scopes. `kept` is the key of who is already named: they stay on offer.
    """
    programmes = list(programmes)
    runners = Partnership.objects.filter(programme__in=programmes, role=PartnerRole.OPERATOR)
    anchored = (
        Q(programme__in=programmes)
        | Q(territory__in={programme.territory_id for programme in programmes})
        | Q(organisation__in=runners.active(on).order_by().values("organisation"))
    )
    rights = Membership.objects.filter(anchored, role__in=FOLLOWING).active(on)
    able = Q(is_active=True, pk__in=rights.order_by().values("user"))
    return User.objects.filter(able | Q(pk=kept or 0))


def named_in(programme: Programme) -> QuerySet[User]:
    """Return the accounts that some enrolment of the programme names, gone or not."""
    return User.objects.filter(enrolments__programme=programme).distinct()
