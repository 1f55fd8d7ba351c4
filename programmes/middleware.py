"""Puts the scope on the request, and stops those who owe a second factor."""

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from autoprod.core import devices
from autoprod.core.models import Installation
from autoprod.core.scoping import Scope
from programmes.access import scope_of

#: What somebody may open while their second factor is not given yet.
_BEFORE_SECOND_FACTOR = frozenset(
    {
        "accounts:second_factor",
        "accounts:second_factor_setup",
        "accounts:logout",
        "operating:health",
    }
)


class ScopeMiddleware:
    """`request.scope` and `request.installation`: read once per request, if anything asks.

    `request.scope_on(day)` is what the user could do that day, for what was made then.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the scope; it is computed when something asks for it."""
        request.scope = SimpleLazyObject(lambda: _scope_of(request))
        request.scope_on = lambda on: _scope_of(request, on)
        request.installation = SimpleLazyObject(Installation.current_or_new)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        """Send to the second factor whoever must have one and has not given it."""
        if not (request.user.is_authenticated and settings.SECOND_FACTOR_REQUIRED):
            return None
        if request.resolver_match.view_name in _BEFORE_SECOND_FACTOR or request.user.is_verified():
            return None
        # The device itself is one factor, its code the other.
        if devices.is_restricted(request) or not request.scope.second_factor_required:
            return None
        if request.installation.is_demo:
            return None
        return redirect("accounts:second_factor")


def _scope_of(request: HttpRequest, on: date | None = None) -> Scope:
    scope = scope_of(request.user, on=on)
    return devices.narrowed(scope) if devices.is_restricted(request) else scope
