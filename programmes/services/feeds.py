"""Calendar feeds: the address of somebody's feed, made, changed, taken back, and what it gives.

The address is the whole key: who has it reads the sessions of one programme, never a person. The
base keeps its digest only, so it is shown once; the rights of whoever asked for it are computed
again each time it is read.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from autoprod.accounts.models import User
from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.scoping import Action, Scope
from programmes.access import scope_of
from programmes.models import CalendarFeed, Programme, Session
from programmes.models.sessions import SessionQuerySet

#: What a calendar holds: three months behind, a year ahead.
BEHIND, AHEAD = timedelta(days=92), timedelta(days=366)


@dataclass(frozen=True)
class Reading:
    """A feed that answers, and what whoever asked for it may see today."""

    feed: CalendarFeed
    scope: Scope


def digest_of(secret: str) -> str:
    """Return what the base keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def feed_of(scope: Scope, programme: Programme) -> CalendarFeed | None:
    """Return the user's own feed of a programme, None without an address that answers."""
    rows = CalendarFeed.objects.for_scope(scope, Action.VIEW_SESSIONS).of(programme)
    return rows.open().first()


@transaction.atomic
def make(*, scope: Scope, programme: Programme) -> str:
    """Return the secret of a new feed; the one before answers no more."""
    # Two windows at once: the second one waits, then changes the address of the first.
    user = User.objects.select_for_update().get(pk=scope.actor_key)
    revoke(scope=scope, programme=programme)
    secret = secrets.token_urlsafe(32)
    feed = CalendarFeed(user=user, programme=programme, digest=digest_of(secret))
    feed.save(force_insert=True)
    record(scope, Verb.CREATE, feed)
    return secret


@transaction.atomic
def revoke(*, scope: Scope, programme: Programme) -> bool:
    """Take back the user's address of a programme; tell whether there was one."""
    feed = feed_of(scope, programme)
    if feed is None:
        return False
    feed.revoked_at = timezone.now()
    feed.save(update_fields=["revoked_at"])
    record(scope, Verb.UPDATE, feed, changed=["revoked_at"])
    return True


def read(*, secret: str) -> Reading | None:
    """Return the feed of a secret; None for any other, and once its owner lost the right."""
    rows = CalendarFeed.objects.open().filter(digest=digest_of(secret), user__is_active=True)
    feed = rows.select_related("user", "programme__territory").first()
    scope = scope_of(feed.user) if feed else None
    if scope is None or not scope.opens(Action.VIEW_SESSIONS, feed.programme):
        return None
    return Reading(feed, scope)


def note_reading(*, feed: CalendarFeed, on: date) -> None:
    """Keep the day a feed was last read; a calendar asks many times a day, one is written."""
    before = Q(read_on=None) | Q(read_on__lt=on)
    if feed.read_on is None or feed.read_on < on:
        CalendarFeed.objects.filter(before, pk=feed.pk).update(read_on=on)


def sessions_of(reading: Reading, *, on: date) -> SessionQuerySet:
    """Return the sessions a feed gives on a day, by hour, cancelled ones too."""
    rows = Session.objects.for_scope(reading.scope, Action.VIEW_SESSIONS)
    rows = rows.of(reading.feed.programme).on_days(on - BEHIND, on + AHEAD)
    return (
        rows.select_related("kind", "theme").prefetch_related("sites").order_by("starts_at", "pk")
    )
