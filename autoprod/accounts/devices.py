"""Enrolled devices: a browser that holds a secret, and a code of six digits that opens it.

CNIL, délibération 2022-100, § 3.2: a short code is enough together with a device one holds, when
few tries are allowed. Five wrong ones in a row take the device away.
"""

from datetime import datetime, timedelta
from itertools import pairwise

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from autoprod.accounts import sessions
from autoprod.accounts.journal import actor_of, note
from autoprod.accounts.models import Device, User
from autoprod.audit.enums import Verb
from autoprod.core.devices import SESSION_KEY
from autoprod.core.scoping import NOTHING, Scope

TRIES = 5
CODE_LENGTH = 6
#: How long a device that opens nothing any more stays in the base.
KEPT = timedelta(days=30)
_BACKEND = "django.contrib.auth.backends.ModelBackend"
_DIFFERENT = 3


class WrongCodeError(Exception):
    """The code is not the device's; `left` tries remain."""

    def __init__(self, left: int) -> None:
        """Keep how many tries are left."""
        super().__init__(left)
        self.left = left


class ClosedDeviceError(Exception):
    """The device opens nothing: unknown, taken away, unused for long, or its account closed."""


def is_weak(code: str) -> bool:
    """Tell whether a code is among the first one tries: 111111, 123456, 121212, 123123…"""
    digits = [int(char) for char in code]
    steps = {(after - before) % 10 for before, after in pairwise(digits)}
    repeats = any(code == code[:size] * (len(code) // size) for size in (1, 2, 3))
    return len(steps) == 1 or len(set(digits)) < _DIFFERENT or repeats


def token_of(request: HttpRequest) -> str:
    """Return the secret the browser holds, empty when it has none."""
    return request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")


def find(request: HttpRequest) -> Device | None:
    """Return the living device whose secret the browser holds, its user read with it.

    None as well when the password has changed since, by whatever way.
    """
    token = token_of(request)
    if not token:
        return None
    device = Device.objects.living().matching(token).select_related("user").first()
    if device and constant_time_compare(device.password_mark, mark_of(device.user)):
        return device
    return None


def shown_to(request: HttpRequest) -> Device | None:
    """Return the browser's device for its own user, or for who is not logged in yet."""
    device = find(request)
    user = request.user
    return device if device and (not user.is_authenticated or user.pk == device.user_id) else None


def mark_of(user: User) -> str:
    """Return what changes with the user's password, and tells nothing of it."""
    return user.get_session_auth_hash()


def _secret(token: str, code: str) -> str:
    # With what the browser alone knows: six digits are too few to resist whoever has the base.
    return f"{token}:{code}"


@transaction.atomic
def enrol(request: HttpRequest, *, label: str, code: str) -> tuple[Device, str]:
    """Enrol the request's browser for its user; return the device and the secret to hand over.

    The device this browser was before, its user's or somebody else's, is taken away: its secret is
    about to be replaced.
    """
    if former := find(request):
        revoke(former, scope=request.scope, reason="remplacé")
    token = Device.new_token()
    device = Device.objects.create(
        user_id=request.user.pk,
        label=label,
        digest=Device.digest_of(token),
        code=make_password(_secret(token, code)),
        password_mark=mark_of(request.user),
    )
    _journal(request.scope, Verb.ACCOUNT, device, "enrôlé")
    return device, token


def remember(response: HttpResponse, token: str) -> None:
    """Leave the secret in the browser, for as long as a device may stay unused."""
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        token,
        max_age=Device.UNUSED,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse) -> None:
    """Take the secret away from the browser."""
    response.delete_cookie(settings.DEVICE_COOKIE_NAME, samesite="Lax")


def unlock(request: HttpRequest, code: str) -> Device:
    """Open a session of the device's user, restricted to the pages open to devices.

    Raise WrongCodeError, or ClosedDeviceError. A try is counted before it is weighed, by an UPDATE
    that checks what is left: of ten tries sent at once, five at most are weighed.
    """
    device = find(request)
    if device is None:
        raise ClosedDeviceError
    if not _take_a_try(device):
        _end(device, "trop de codes refusés")
        raise ClosedDeviceError
    if not check_password(_secret(token_of(request), code), device.code):
        _refuse(device)
    _open(request, device)
    return device


def _take_a_try(device: Device) -> bool:
    rows = Device.objects.living().filter(pk=device.pk, failures__lt=TRIES)
    return bool(rows.update(failures=F("failures") + 1))


def _refuse(device: Device) -> None:
    _journal(NOTHING, Verb.REFUSED, device, "code refusé")
    left = TRIES - Device.objects.values_list("failures", flat=True).get(pk=device.pk)
    if left <= 0:
        _end(device, "trop de codes refusés")
        raise ClosedDeviceError
    raise WrongCodeError(left)


@transaction.atomic
def _open(request: HttpRequest, device: Device) -> None:
    # The row first: whoever takes the device away meanwhile waits, then closes this session too.
    rows = Device.objects.living().filter(pk=device.pk)
    if not rows.update(failures=0, last_used_at=timezone.now()):
        raise ClosedDeviceError
    auth.login(request, device.user, backend=_BACKEND)
    request.session[SESSION_KEY] = device.pk
    sessions.open_session(request, device.user)
    _journal(request.scope, Verb.LOGIN, device, "ouvert par son code")


@transaction.atomic
def revoke(device: Device, *, scope: Scope, reason: str = "") -> None:
    """Take a device away and close the sessions its code opened."""
    now = timezone.now()
    if Device.objects.filter(pk=device.pk, revoked_at=None).update(revoked_at=now):
        sessions.close_of_device(device)
        _journal(scope, Verb.ACCOUNT, device, f"retiré, {reason}" if reason else "retiré")


def _end(device: Device, reason: str) -> None:
    revoke(device, scope=actor_of(device.user), reason=reason)


def _journal(scope: Scope, verb: Verb, device: Device, words: str) -> None:
    # Its number, not its label: somebody may have put a name in it.
    note(scope, verb, device.user, reason=f"appareil n° {device.pk} : {words}")


def purge_devices(*, now: datetime | None = None) -> int:
    """Delete the devices that have opened nothing for a month; return how many."""
    gone = Device.objects.ended(before=(now or timezone.now()) - KEPT)
    return gone.delete()[0]
