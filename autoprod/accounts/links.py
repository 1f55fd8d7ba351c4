"""One-time links: somebody chooses a password without knowing the former one.

Handed over (printed, dictated, any messenger) or sent by e-mail; only a hash of them is stored.
"""

from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from autoprod.accounts import sessions
from autoprod.accounts.enums import LinkKind
from autoprod.accounts.journal import actor_of, note
from autoprod.accounts.lockout import forget_attempts
from autoprod.accounts.models import AccessLink, User
from autoprod.audit.enums import Verb
from autoprod.core.scoping import Scope

_SUBJECTS = {
    LinkKind.INVITATION: "Votre accès à Autoprod",
    LinkKind.RESET: "Choisir un nouveau mot de passe pour Autoprod",
}


@transaction.atomic
def make_link(user: User, kind: LinkKind, *, scope: Scope) -> str:
    """Return the path of a new link for the user, `/lien/…/`; their former links are closed.

    It opens 7 days for an invitation, 1 day for a new password, and once. The path is shown or
    sent now: it cannot be found again.
    """
    User.objects.select_for_update().get(pk=user.pk)  # one maker at a time
    now = timezone.now()
    AccessLink.objects.of(user).filter(used_at=None, expires_at__gt=now).update(expires_at=now)
    token = AccessLink.new_token()
    AccessLink.objects.create(
        user_id=user.pk,
        kind=kind,
        token_hash=AccessLink.hash_of(token),
        created_by_key=scope.actor_key,
        expires_at=now + AccessLink.lifetime(kind),
    )
    note(scope, Verb.ACCOUNT, user, reason=f"lien créé : {LinkKind(kind).label}")
    return reverse("accounts:link", args=[token])


def whole_address(path: str) -> str:
    """Return the address of a path as far as the settings know it: commands have no request."""
    origin = next(iter(settings.CSRF_TRUSTED_ORIGINS), "http://127.0.0.1:8000")
    return f"{origin.rstrip('/')}{path}"


def open_link(token: str) -> AccessLink | None:
    """Return the link of a token if it can still be used."""
    return AccessLink.objects.matching(token).usable().select_related("user").first()


def find_link(token_hash: str) -> AccessLink | None:
    """Return the link of a token's hash if it can still be used."""
    return AccessLink.objects.filter(token_hash=token_hash).usable().select_related("user").first()


@transaction.atomic
def use_link(link: AccessLink, password: str) -> bool:
    """Set the password of the link's user; tell whether the link was still good.

    Of two simultaneous requests one wins: the UPDATE checks and takes the link at once, and its
    condition is on the row alone, so that the engine checks it again after waiting for the lock.
    The user's other sessions are closed and their refusals forgotten; the second factor stays.
    """
    now = timezone.now()
    taken = AccessLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=now)
    if not taken.update(used_at=now):
        return False
    user = link.user
    user.set_password(password)
    user.save(update_fields=["password"])
    forget_attempts(user)
    sessions.revoke(user)
    reason = f"lien utilisé : {link.get_kind_display()}"
    note(actor_of(user), Verb.ACCOUNT, user, changed=["password"], reason=reason)
    return True


def send_link(user: User, kind: LinkKind, url: str) -> bool:
    """Send the link's whole address to the user; False when it must be handed over instead.

    That is when the installation has no e-mail, or when the server refuses the message.
    """
    if not settings.EMAIL_ENABLED:
        return False
    body = render_to_string(
        f"accounts/emails/{LinkKind(kind).value}.txt", {"user": user, "url": url}
    )
    message = EmailMessage(subject=_SUBJECTS[LinkKind(kind)], body=body, to=[user.email])
    try:
        return bool(message.send())
    except (SMTPException, OSError):
        return False


def is_recent(user: User, *, minutes: int = 5) -> bool:
    """Tell whether a new-password link was made for the user in the last minutes."""
    since = timezone.now() - timedelta(minutes=minutes)
    return AccessLink.objects.of(user).filter(kind=LinkKind.RESET, created_at__gt=since).exists()
