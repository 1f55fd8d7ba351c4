"""The lock on an account after repeated refusals; counted in the database by django-axes."""

from collections.abc import Mapping
from datetime import datetime

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp import devices_for_user

from autoprod.accounts.journal import note
from autoprod.accounts.models import User
from autoprod.audit.enums import Verb
from autoprod.core.scoping import Scope


def key_of(email: str) -> str:
    """Return under which key the refusals of an address are counted: never the address itself."""
    email = User.objects.normalize_email(email)
    return salted_hmac("autoprod.accounts.lockout", email, algorithm="sha256").hexdigest()


def attempt_key(request: HttpRequest, credentials: Mapping | None) -> str:
    """Return the key of the address being tried (AXES_USERNAME_CALLABLE)."""
    field = settings.AXES_USERNAME_FORM_FIELD
    return key_of((credentials or request.POST).get(field) or "")


def locked_page(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Mapping | None = None
) -> HttpResponse:
    """Return the page of a locked account, known or not (AXES_LOCKOUT_CALLABLE)."""
    minutes = round(get_cool_off().total_seconds() / 60)
    return render(request, "accounts/locked.html", {"minutes": minutes}, status=429)


def was_counted(request: HttpRequest) -> bool:
    """Tell whether this refusal was weighed: once locked, tries are turned away unread."""
    return getattr(request, "axes_failures_since_start", None) is not None


def is_locked(user: User) -> bool:
    """Tell whether the account is locked now."""
    recent = AccessAttempt.objects.filter(
        username=key_of(user.email), attempt_time__gte=timezone.now() - get_cool_off()
    )
    failures = recent.aggregate(total=Sum("failures_since_start"))["total"] or 0
    return failures >= settings.AXES_FAILURE_LIMIT


def forget_attempts(user: User) -> int:
    """Forget the refusals of an account, second factor included; return the rows deleted."""
    deleted, _ = AccessAttempt.objects.filter(username=key_of(user.email)).delete()
    for device in devices_for_user(user):
        device.throttle_reset()
    return deleted


def unlock(user: User, *, scope: Scope) -> None:
    """Open a locked account at once, on behalf of an administrator."""
    forget_attempts(user)
    note(scope, Verb.ACCOUNT, user, reason="déblocage")


def purge_attempts(*, before: datetime | None = None) -> int:
    """Delete the refusals older than `before` (the lock's length by default); return how many.

    They hold a network address: nothing needs it once the lock is over.
    """
    before = before or timezone.now() - get_cool_off()
    return AccessAttempt.objects.filter(attempt_time__lt=before).delete()[0]
