"""Sessions opened by the code of an enrolled device: the pages they may see, and only those.

The floors above name their pages here when they start; a page that nobody named is closed.
"""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from autoprod.core.scoping import Action, Scope

#: Where such a session keeps the key of its device; no other session has it.
SESSION_KEY = "device"
#: What it may do at most, whatever its user may: to take the roll, to tell the day, to weigh.
ACTIONS = frozenset(
    {
        Action.VIEW_FRAME,
        Action.VIEW_SESSIONS,
        Action.EDIT_SESSIONS,
        Action.TICK_ATTENDANCE,
        Action.VIEW_PERSONS,
        Action.VIEW_GARDENS,
        Action.EDIT_GARDENS,
    }
)

Landing = Callable[[HttpRequest], str]

_open: set[str] = set()
_landings: list[Landing] = []


def open_to_devices(*names: str) -> None:
    """Say that these URL names are open to a session opened by a device's code."""
    _open.update(names)


def is_open_to_devices(name: str) -> bool:
    """Tell whether a URL name is open to a session opened by a device's code."""
    return name in _open


def opened() -> frozenset[str]:
    """Return every URL name said to be open."""
    return frozenset(_open)


def register_landing(landing: Landing) -> None:
    """Say where such a session starts; the function returns "" for who has nothing to do there."""
    _landings[:] = [landing]


def landing_of(request: HttpRequest) -> str:
    """Return where such a session starts, empty when nothing is open to its user."""
    return next((landing(request) for landing in _landings), "")


def is_restricted(request: HttpRequest) -> bool:
    """Tell whether the session was opened by the code of a device; no query of its own."""
    session = getattr(request, "session", None)
    return session is not None and SESSION_KEY in session


def leads_to_open(url: str) -> bool:
    """Tell whether a path of ours is that of a page open to such a session."""
    try:
        return resolve(urlsplit(url).path).view_name in _open
    except Resolver404:
        return False


def narrowed(scope: Scope) -> Scope:
    """Return what is left of a scope in such a session: a page that was opened shows no more."""
    programmes = {a: keys for a, keys in scope.programmes.items() if a in ACTIONS}
    territories = {a: keys for a, keys in scope.territories.items() if a in ACTIONS}
    return replace(scope, programmes=programmes, territories=territories)
