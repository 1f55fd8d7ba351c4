"""The journal as an administrator may read it: the events of their territories."""

from zoneinfo import ZoneInfo

from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils import timezone

from autoprod.accounts.models import User
from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent, AuditEventQuerySet
from autoprod.core.periods import Period, month_bounds_utc
from autoprod.core.scoping import Action, Scope
from programmes.models import Membership

#: Events about the account itself: written below the floor that knows territories.
PERSONAL = (Verb.LOGIN, Verb.LOGOUT, Verb.REFUSED, Verb.ACCOUNT)


def events_in(scope: Scope) -> AuditEventQuerySet:
    """Return the events filed under the scope's territories, and its users' logins.

    A login names no territory: it is shown to who administers a territory of that user.
    """
    if scope.is_unlimited:
        return AuditEvent.objects.all()
    ours = AuditEvent.objects.for_territories(scope.keys("territory", Action.VIEW_AUDIT))
    users = Membership.objects.for_scope(scope, Action.VIEW_AUDIT).order_by()
    keys = users.annotate(key=Cast("user_id", CharField())).values("key")
    logins = AuditEvent.objects.filter(territory_key="", actor_key__in=keys, verb__in=PERSONAL)
    return ours | logins


def events_of_month(scope: Scope, period: Period) -> AuditEventQuerySet:
    """Return the scope's events of a month, of the days the reader's clock shows."""
    zone = ZoneInfo(timezone.get_current_timezone_name())
    return events_in(scope).between(*month_bounds_utc(period, zone))


def events_about(scope: Scope, user: User) -> AuditEventQuerySet:
    """Return the scope's events about an account and its rights, whoever did them."""
    rights = Membership.objects.for_scope(scope, Action.VIEW_AUDIT).of(user).order_by()
    keys = rights.annotate(key=Cast("pk", CharField())).values("key")
    events = events_in(scope)
    account = events.filter(object_kind=User._meta.label_lower, object_key=str(user.pk))
    logins = events.filter(territory_key="", actor_key=str(user.pk))
    given = events.filter(object_kind=Membership._meta.label_lower, object_key__in=keys)
    return account | logins | given
