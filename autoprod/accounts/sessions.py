"""Open sessions: one row per device, a life that ends, and the ways to close them."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from autoprod.accounts.enums import SessionEnd
from autoprod.accounts.journal import actor_of, note
from autoprod.accounts.models import Device, User, UserSession, UserSessionQuerySet
from autoprod.audit.enums import Verb
from autoprod.core.devices import SESSION_KEY
from autoprod.core.scoping import Scope

#: How often `last_seen_at` is written, at most.
SEEN_EVERY = timedelta(minutes=1)

# The first name found wins: every browser also calls itself Chrome, Safari or both.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def device_label(user_agent: str) -> str:
    """Return « Firefox sur Android »; empty when nothing is recognised."""
    browser = next((label for mark, label in _BROWSERS if mark in user_agent), "")
    system = next((label for mark, label in _SYSTEMS if mark in user_agent), "")
    return " sur ".join(filter(None, (browser or (system and "navigateur inconnu"), system)))


def open_session(request: HttpRequest, user: User) -> UserSession:
    """Write the row of the session just opened and return it."""
    if request.session.session_key is None:
        request.session.create()
    row, _ = UserSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user_id": user.pk,
            "device": device_label(request.headers.get("User-Agent", "")),
            "opened_with_id": request.session.get(SESSION_KEY),
            "last_seen_at": timezone.now(),
        },
    )
    return row


def renew_key(request: HttpRequest) -> None:
    """Give the session another key, as what it opens has grown; its row follows."""
    old = request.session.session_key
    request.session.cycle_key()
    follow_key(request, old)


def follow_key(request: HttpRequest, old: str) -> None:
    """Put the session's present key on the row that had `old`."""
    UserSession.objects.filter(session_key=old).update(session_key=request.session.session_key)


def ending_of(row: UserSession, now: datetime) -> SessionEnd | None:
    """Return why a session is over at `now`, None while it lives."""
    if now - row.created_at >= timedelta(seconds=settings.SESSION_COOKIE_AGE):
        return SessionEnd.LONG
    if now - row.last_seen_at >= timedelta(seconds=settings.SESSION_IDLE_SECONDS):
        return SessionEnd.IDLE
    return None


def end_if_over(request: HttpRequest) -> SessionEnd | None:
    """Log out a session that is over and say why; otherwise note that it is in use.

    One read per request; one write per minute.
    """
    user = request.user
    if not user.is_authenticated:
        return SessionEnd.CLOSED if _names_a_closed_session(request) else None
    now = timezone.now()
    rows = UserSession.objects.of(user).filter(session_key=request.session.session_key)
    row = rows.first()
    if row is None:
        # Closing deletes the stored session, so a session that still answers was not closed: it
        # was opened elsewhere than on the login page.
        open_session(request, user)
        return None
    if ending := ending_of(row, now):
        note(actor_of(user), Verb.LOGOUT, user, reason=f"fin de session : {ending.name.lower()}")
        row.delete()
        auth.logout(request)
    elif now - row.last_seen_at >= SEEN_EVERY:
        rows.update(last_seen_at=now)
    return ending


def _names_a_closed_session(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.is_empty()


def close_current(request: HttpRequest) -> None:
    """Log out the request's session and delete its row."""
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    auth.logout(request)


@transaction.atomic
def revoke(
    user: User,
    *,
    keep: str | None = None,
    keep_device: Device | None = None,
    scope: Scope | None = None,
) -> int:
    """Close the user's sessions but the one whose key is `keep`; return how many rows went.

    Their enrolled devices go too, but `keep_device`: a code must not open again what was closed.
    With a scope, the journal says who closed them.
    """
    devices = Device.objects.of(user).filter(revoked_at=None)
    if keep_device:
        devices = devices.exclude(pk=keep_device.pk)
    # Devices before sessions: one being unlocked now holds its row, and its session is seen after.
    gone = devices.update(revoked_at=timezone.now())
    if gone and scope is not None:
        note(scope, Verb.ACCOUNT, user, reason=f"appareils à code retirés : {gone}")
    return _close(user, UserSession.objects.of(user).exclude(session_key=keep or ""), scope)


def close_of_device(device: Device) -> int:
    """Close the sessions that the code of a device opened; return how many rows went."""
    return _close(device.user, UserSession.objects.filter(opened_with=device.pk), None)


def revoke_one(user: User, key: int, *, scope: Scope) -> bool:
    """Close one session of the user, by the key of its row; tell whether it was theirs."""
    return bool(_close(user, UserSession.objects.of(user).filter(pk=key), scope))


@transaction.atomic
def _close(user: User, rows: UserSessionQuerySet, scope: Scope | None) -> int:
    # The store's own rows go too (SESSION_ENGINE is the database): a closed session is not asked
    # to close itself.
    Session.objects.filter(
        session_key__in=list(rows.values_list("session_key", flat=True))
    ).delete()
    closed, _ = rows.delete()
    if closed and scope is not None:
        note(scope, Verb.ACCOUNT, user, reason=f"sessions fermées : {closed}")
    return closed


def purge_sessions() -> int:
    """Delete the sessions that no longer answer, and their rows; return how many rows went."""
    Session.objects.filter(expire_date__lte=timezone.now()).delete()
    alive = UserSession.objects.alive()
    return UserSession.objects.exclude(pk__in=alive.values("pk")).delete()[0]
