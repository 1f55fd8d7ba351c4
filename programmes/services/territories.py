"""Opening a territory: its row and the right of whoever opens it."""

from django.db import transaction
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.scoping import Scope
from programmes.enums import Role
from programmes.models import Membership, Territory


@transaction.atomic
def give_to_its_creator(*, scope: Scope, territory: Territory) -> Membership:
    """Make the scope's user administrator of a territory just created, and return the right.

    Without it nobody could read the new territory: a scope opens what a membership names.
    """
    membership = Membership.objects.create(
        user_id=int(scope.actor_key),
        role=Role.ADMINISTRATOR,
        territory=territory,
        starts_on=timezone.localdate(),
    )
    record(scope, Verb.RIGHTS, membership, reason="ouverture du territoire")
    return membership
