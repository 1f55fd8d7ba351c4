"""Accounts as an administrator manages them: who they see, what they may do to whom."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.text import capfirst
from django_otp.plugins.otp_totp.models import TOTPDevice

from autoprod.accounts import lockout, second_factor, sessions
from autoprod.accounts.enums import LinkKind
from autoprod.accounts.journal import note
from autoprod.accounts.links import make_link
from autoprod.accounts.models import AccessLink, User, UserSession
from autoprod.audit.enums import Verb
from autoprod.core.scoping import Action, Scope
from programmes.enums import Role
from programmes.models import Membership
from programmes.services.memberships import keeping_an_administrator, lasting, rights_in

SHARED = (
    "Ce compte ne dépend pas que de vous\u00a0: vous pouvez mettre fin aux droits que vous voyez, "
    "mais pas agir sur le compte lui-même. Adressez-vous à qui exploite la plateforme."
)
ONESELF = (
    "C’est votre propre compte\u00a0: passez par «\u00a0Mon compte\u00a0», ou demandez à un autre "
    "administrateur."
)

#: In the words used for any address, so that none is told to have an account.
UNUSABLE = "Cette adresse ne peut pas être employée. Choisissez-en une autre."


class RefusedError(ValidationError):
    """The account is not this administrator's to act on; the message says what to do."""


@dataclass(frozen=True)
class AccountRow:
    """An account in a list: its rights in force in the scope, and whether it can log in."""

    user: User
    rights: tuple[Membership, ...]
    has_second_factor: bool

    @property
    def roles(self) -> str:
        """Return « Chef de projet, administrateur »."""
        labels = dict.fromkeys(right.get_role_display().lower() for right in self.rights)
        return capfirst(", ".join(labels))

    @property
    def state(self) -> str:
        """Return the state in words."""
        if not self.user.is_active:
            return "désactivé"
        if not self.rights:
            return "sans droit aujourd’hui"
        return "actif" if self.user.last_login else "jamais connecté"


def accounts_in(scope: Scope) -> models.QuerySet:
    """Return the users who have, had or will have a right this administrator sees."""
    rights = Membership.objects.for_scope(scope, Action.MANAGE_ACCOUNTS)
    return User.objects.filter(pk__in=rights.order_by().values("user"))


def described(scope: Scope, users: list[User]) -> list[AccountRow]:
    """Return the users with their rights in force, in two queries whatever their number."""
    today = timezone.localdate()
    rights = {user.pk: [] for user in users}
    for right in rights_in(scope).active(today).filter(user__in=rights):
        rights[right.user_id].append(right)
    devices = TOTPDevice.objects.filter(user__in=list(rights), confirmed=True)
    protected = set(devices.values_list("user", flat=True))
    return [AccountRow(user, tuple(rights[user.pk]), user.pk in protected) for user in users]


def open_sessions(user: User) -> int:
    """Return on how many devices the user is logged in."""
    return UserSession.objects.of(user).alive().count()


def pending_link(user: User) -> AccessLink | None:
    """Return the one-time link the user may still open."""
    return AccessLink.objects.usable().filter(user=user.pk).first()


def is_email_taken(email: str, *, but_by: User) -> bool:
    """Tell whether another account logs in with the e-mail (in lower case)."""
    return User.objects.filter(email=email).exclude(pk=but_by.pk).exists()


def is_actor(scope: Scope, user: User) -> bool:
    """Tell whether the account is the one acting."""
    return scope.actor_key == str(user.pk)


def depends_only_on(scope: Scope, user: User, *, since: date) -> bool:
    """Tell whether every right the user has from a day on is one this administrator sees.

    Otherwise a new password, say, would open the neighbour's files to whoever asked for it.
    """
    ours = Membership.objects.for_scope(scope, Action.MANAGE_ACCOUNTS).order_by().values("pk")
    others = Membership.objects.filter(user=user.pk).exclude(pk__in=ours)
    return not lasting(others, since=since).exists()


def refusal(scope: Scope, user: User) -> str:
    """Return why the administrator may not act on the account itself, empty when they may."""
    if is_actor(scope, user):
        return ONESELF
    return "" if depends_only_on(scope, user, since=timezone.localdate()) else SHARED


def _check(scope: Scope, user: User) -> None:
    if message := refusal(scope, user):
        raise RefusedError(message)


@transaction.atomic
def open_account(
    *, scope: Scope, email: str, first_name: str, last_name: str
) -> tuple[User, LinkKind | None]:
    """Return the account of an e-mail, made if need be, and the kind of link it needs (or None).

    A known account keeps its name and its password: nothing is said of what it opens elsewhere. A
    closed account that depends on nobody else is opened again.
    """
    user = User.objects.select_for_update().filter(email=email.strip().lower()).first()
    if user is None:
        user = User.objects.create_user(email, first_name=first_name, last_name=last_name)
        note(scope, Verb.CREATE, user)
        return user, LinkKind.INVITATION
    if refusal(scope, user):
        return user, None
    if not user.is_active:
        _set_active(scope, user, active=True, reason="nouvelle invitation")
        return user, LinkKind.RESET
    return user, None if user.last_login else LinkKind.INVITATION


@transaction.atomic
def new_link(*, scope: Scope, user: User, reason: str = "") -> tuple[str, LinkKind]:
    """Return the path of a new one-time link and its kind; raise RefusedError.

    An invitation for who never came, a new password for the others.
    """
    _check(scope, user)
    if not user.is_active:
        raise RefusedError("Ce compte est désactivé\u00a0: réactivez-le d’abord.")
    kind = LinkKind.RESET if user.last_login else LinkKind.INVITATION
    if reason:
        note(scope, Verb.ACCOUNT, user, reason=reason)
    return make_link(user, kind, scope=scope), kind


@transaction.atomic
def deactivate(*, scope: Scope, user: User, reason: str) -> None:
    """Close the account; raise RefusedError, or LastAdministratorError."""
    _check(scope, user)
    administered = rights_in(scope).of(user).filter(role=Role.ADMINISTRATOR)
    with keeping_an_administrator(administered.values_list("territory_id", flat=True)):
        close_account(scope=scope, user=user, reason=reason)


def close_account(*, scope: Scope, user: User, reason: str) -> None:
    """Refuse logins, close sessions and one-time links; the caller checks and holds the lock."""
    _set_active(scope, user, active=False, reason=reason)
    _close_links(user)
    sessions.revoke(user, scope=scope)


def _close_links(user: User) -> None:
    now = timezone.now()
    AccessLink.objects.filter(user=user.pk, used_at=None, expires_at__gt=now).update(expires_at=now)


@transaction.atomic
def reactivate(*, scope: Scope, user: User, reason: str) -> None:
    """Let the account log in again; raise RefusedError."""
    _check(scope, user)
    _set_active(scope, user, active=True, reason=reason)


@transaction.atomic
def close_sessions(*, scope: Scope, user: User, reason: str = "") -> int:
    """Log the account out everywhere and return how many sessions were open; RefusedError."""
    _check(scope, user)
    if reason:
        note(scope, Verb.ACCOUNT, user, reason=reason)
    return sessions.revoke(user, scope=scope)


@transaction.atomic
def reset_second_factor(*, scope: Scope, user: User, reason: str) -> bool:
    """Take the second factor away, close the sessions; tell whether there was one; RefusedError.

    The person sets a new one at their next login when their role asks for it.
    """
    _check(scope, user)
    note(scope, Verb.ACCOUNT, user, changed=["second_factor"], reason=reason)
    had = second_factor.remove(user, scope=scope)
    sessions.revoke(user, scope=scope)
    return had


@transaction.atomic
def correct_identity(*, scope: Scope, user: User, values: dict[str, str], reason: str = "") -> None:
    """Correct the names or the e-mail of an account; raise RefusedError.

    `values` gives `first_name`, `last_name` and `email`, already valid; a new e-mail is the one to
    log in with from now on, and a link sent to the former one, somebody else's perhaps, is closed.
    """
    _check(scope, user)
    changed = [name for name, value in values.items() if getattr(user, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(user, name, values[name])
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        # Somebody took the address since the form was checked.
        raise RefusedError(UNUSABLE) from error
    if "email" in changed:
        _close_links(user)
    note(scope, Verb.ACCOUNT, user, changed=changed, reason=reason)


@transaction.atomic
def unlock(*, scope: Scope, user: User, reason: str = "") -> None:
    """Open at once an account locked by wrong passwords; raise RefusedError."""
    _check(scope, user)
    if reason:
        note(scope, Verb.ACCOUNT, user, reason=reason)
    lockout.unlock(user, scope=scope)


def _set_active(scope: Scope, user: User, *, active: bool, reason: str) -> None:
    if user.is_active == active:
        return
    user.is_active = active
    user.save(update_fields=["is_active"])
    note(scope, Verb.ACCOUNT, user, changed=["is_active"], reason=reason)


def demo_people() -> list[tuple[User, str]]:
    """Return the users with a right today and its role's label, for « Entrer comme… »."""
    rights = Membership.objects.active(timezone.localdate()).select_related("user")
    roles = {right.user: right.get_role_display() for right in rights.order_by("pk")}
    return list(roles.items())
