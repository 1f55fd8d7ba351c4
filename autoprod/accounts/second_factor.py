"""The second factor: an application's six digits (TOTP), or one of ten recovery codes."""

import base64
import math
from binascii import unhexlify

import segno
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django_otp import login as remember_device
from django_otp import verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from autoprod.accounts import sessions
from autoprod.accounts.journal import note
from autoprod.accounts.models import User
from autoprod.audit.enums import Verb
from autoprod.core.scoping import Scope

RECOVERY_CODES = 10
_DIGITS = 6
_OWED = "second_factor_owed"


class TooSoonError(Exception):
    """A code is refused unread: the wait after a wrong one is not over."""

    def __init__(self, seconds: int) -> None:
        """Keep how many seconds are left."""
        super().__init__(seconds)
        self.seconds = seconds


def device_of(user: User) -> TOTPDevice | None:
    """Return the application that gives the user's codes, None without second factor."""
    return TOTPDevice.objects.devices_for_user(user, confirmed=True).first()


def codes_left(user: User) -> int:
    """Return how many recovery codes are still good."""
    return StaticToken.objects.filter(device__user=user.pk, device__confirmed=True).count()


def new_key() -> str:
    """Return 160 random bits in hexadecimal, the secret an application will hold (RFC 4226)."""
    return random_hex(20)


def setup_url(user: User, key: str) -> str:
    """Return the otpauth: address that adds the account to an application."""
    return TOTPDevice(user=user, key=key).config_url


def qr_code(user: User, key: str) -> SafeString:
    """Return the SVG an application scans; no style, no script: the CSP lets it through."""
    drawing = segno.make(setup_url(user, key), error="m", micro=False)
    title = "Code QR à lire avec votre application"
    svg = drawing.svg_inline(scale=4, border=4, light="#ffffff", title=title, svgclass="qr-code")
    return mark_safe(svg)  # noqa: S308 (drawn by segno; the address is encoded in the modules)


def key_in_groups(key: str) -> list[str]:
    """Return the secret as an application wants it typed: base 32, by groups of four."""
    text = base64.b32encode(unhexlify(key)).decode()
    return [text[start : start + 4] for start in range(0, len(text), 4)]


def expect_code(request: HttpRequest, user: User) -> bool:
    """At login: the session opens nothing before a code, when the user has a second factor."""
    owed = device_of(user) is not None
    if owed:
        request.session[_OWED] = True
    return owed


def is_owed(request: HttpRequest) -> bool:
    """Tell whether the session still waits for its code."""
    return bool(request.session.get(_OWED)) and not request.user.is_verified()


def accept(request: HttpRequest, device: Device) -> None:
    """Mark the session as verified by this device; its key changes, as it opens more."""
    remember_device(request, device)
    request.session.pop(_OWED, None)
    sessions.renew_key(request)


def excuse(request: HttpRequest) -> None:
    """Stop waiting for a code: the user's second factor was removed meanwhile."""
    request.session.pop(_OWED, None)


def verify(user: User, code: str) -> Device | None:
    """Return the device a code is good for, None when it is wrong or used.

    Six digits are the application's; anything else is a recovery code, good once. Raise
    TooSoonError while the wait after a wrong code lasts (1, 2, 4, 8… seconds, by device).
    """
    code = "".join(char for char in code.lower() if char.isascii() and char.isalnum())
    is_digits = len(code) == _DIGITS and code.isdigit()
    model = TOTPDevice if is_digits else StaticDevice
    device = model.objects.devices_for_user(user, confirmed=True).first()
    if device is None:
        return None
    _check_wait(device)
    return verify_token(user, device.persistent_id, code)


def _check_wait(device: Device) -> None:
    allowed, why = device.verify_is_allowed()
    if not allowed:
        seconds = (why["locked_until"] - timezone.now()).total_seconds()
        raise TooSoonError(max(1, math.ceil(seconds)))


@transaction.atomic
def confirm(user: User, key: str, code: str, *, scope: Scope) -> TOTPDevice | None:
    """Give the user this second factor if the code proves that their application holds the key.

    It replaces the one they had. Return None, and change nothing, when the code is wrong.
    """
    User.objects.select_for_update().get(pk=user.pk)
    device = TOTPDevice.objects.create(
        user_id=user.pk, name="application", key=key, confirmed=False
    )
    if not device.verify_token(code):
        device.delete()
        return None
    TOTPDevice.objects.filter(user=user.pk).exclude(pk=device.pk).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    note(scope, Verb.ACCOUNT, user, changed=["second_factor"], reason="double vérification activée")
    return device


@transaction.atomic
def make_recovery_codes(user: User, *, scope: Scope) -> list[str]:
    """Make ten codes, good once each, and return them: the former ones are dead."""
    User.objects.select_for_update().get(pk=user.pk)
    device, _ = StaticDevice.objects.get_or_create(
        user_id=user.pk, name="codes de secours", confirmed=True
    )
    device.token_set.all().delete()
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    note(scope, Verb.ACCOUNT, user, changed=["recovery_codes"], reason="codes de secours")
    return [f"{code[:4]}-{code[4:]}" for code in codes]


@transaction.atomic
def remove(user: User, *, scope: Scope) -> bool:
    """Take the user's second factor and recovery codes away; tell whether they had one.

    For the user, or for an administrator when somebody lost both phone and codes. Sessions stay:
    an administrator closes them with `sessions.revoke`.
    """
    devices = TOTPDevice.objects.filter(user=user.pk)
    had = devices.exists()
    devices.delete()
    StaticDevice.objects.filter(user=user.pk).delete()
    if had:
        note(
            scope,
            Verb.ACCOUNT,
            user,
            changed=["second_factor"],
            reason="double vérification retirée",
        )
    return had
