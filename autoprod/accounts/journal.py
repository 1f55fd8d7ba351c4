"""Journal lines about accounts.

A user belongs to no territory on this floor: the line goes to the actor's, when they have one.
"""

from collections.abc import Iterable

from autoprod.accounts.models import User
from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent, record
from autoprod.core.scoping import Scope


def actor_of(user: User) -> Scope:
    """Return the user as an actor, where no request has computed their scope."""
    return Scope(actor_key=str(user.pk), actor_label=user.email)


def territory_of(scope: Scope) -> str:
    """Return the key of the one territory the scope opens, empty when it opens none or several."""
    keys = set().union(*scope.territories.values())
    return str(keys.pop()) if len(keys) == 1 else ""


def note(
    scope: Scope,
    verb: Verb,
    user: User | None = None,
    *,
    changed: Iterable[str] = (),
    reason: str = "",
) -> AuditEvent:
    """Add a line about « Compte n° 3 » (nobody when the account is unknown) and return it."""
    return record(scope, verb, user, changed=changed, reason=reason, territory=territory_of(scope))
