"""What stands between a request and any page: a living session, a second factor, a login."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme

from autoprod.accounts import devices as enrolled
from autoprod.accounts import second_factor
from autoprod.accounts.enums import SessionEnd
from autoprod.accounts.sessions import end_if_over
from autoprod.core import devices

#: What stays open to somebody whose password is right and whose code is not given yet.
_BEFORE_CODE = frozenset({"accounts:second_factor", "accounts:logout", "operating:health"})


class SessionLifeMiddleware:
    """Ends the sessions that are over; keeps what a session shows out of every cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve under a living session; the browser's « Précédent » shows nothing once closed."""
        request.session_end = end_if_over(request)
        known = request.user.is_authenticated
        response = self.get_response(request)
        if known:
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        """Say why the session is over; ask for the code of whoever has a second factor."""
        closed = request.session_end == SessionEnd.CLOSED
        if request.session_end and not (closed and not getattr(view, "login_required", True)):
            messages.info(request, f"{request.session_end.label} Reconnectez-vous.")
        if not request.user.is_authenticated or not second_factor.is_owed(request):
            return None
        if request.resolver_match.view_name in _BEFORE_CODE:
            return None
        following = {"next": request.get_full_path()} if request.method == "GET" else {}
        return redirect(f"{reverse('accounts:second_factor')}?{urlencode(following)}".rstrip("?"))


class LoginWallMiddleware(LoginRequiredMiddleware):
    """Django's wall, with an answer that a part of a page and a sent form can follow."""

    def handle_no_permission(self, request: HttpRequest, view_func) -> HttpResponse:
        """Send to the login page, or to the code of an enrolled device where that is enough."""
        login = resolve_url(self.get_login_url(view_func))
        if devices.leads_to_open(_wanted(request)) and request.device:
            login = reverse("accounts:device_unlock")
        return _sent_to(request, login)


class DeviceMiddleware:
    """`request.device`, this browser's enrolled device; and the pages its code does not open.

    The device is read when something asks for it, and only where the browser says it is one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the device."""
        request.device = SimpleLazyObject(lambda: enrolled.shown_to(request))
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        """Ask for the password on a page that was not said to be open to devices."""
        if not (request.user.is_authenticated and devices.is_restricted(request)):
            return None
        if devices.is_open_to_devices(request.resolver_match.view_name):
            return None
        messages.info(request, "Cette page demande votre mot de passe.")
        return _sent_to(request, reverse("accounts:login"))


def _sent_to(request: HttpRequest, login: str) -> HttpResponse:
    """Send to `login`, then back to the page in view, never to where a form was sent."""
    answer = redirect_to_login(_wanted(request), login)
    if not getattr(request, "htmx", None):
        return answer
    return HttpResponse(status=204, headers={"HX-Redirect": answer.url})


def _wanted(request: HttpRequest) -> str:
    """Return where to come back: the page asked for, or the one a form or a tap was sent from."""
    if request.method in {"GET", "HEAD"} and not getattr(request, "htmx", None):
        return request.get_full_path()
    return _page_in_view(request)


def _page_in_view(request: HttpRequest) -> str:
    """Return the path of the page the request was made from, the home page when unknown."""
    seen = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(seen, {request.get_host()}, request.is_secure()):
        return "/"
    parts = urlsplit(seen)
    return parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
