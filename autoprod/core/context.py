"""What the layout draws around every page."""

from django.http import HttpRequest

from autoprod.core import devices, navigation, panels
from autoprod.core.models import Installation
from autoprod.core.scoping import NOTHING, Scope


def layout(request: HttpRequest) -> dict:
    """Return the menu, the top bar's choices and search, the account and the installation."""
    scope = getattr(request, "scope", NOTHING)
    user = getattr(request, "user", None)
    known = bool(user and user.is_authenticated)
    return {
        "scope": scope,
        "installation": getattr(request, "installation", None) or Installation.current_or_new(),
        "organisation_name": scope.title if known else "",
        "navigation": navigation.sections(request) if known else [],
        "programme_choices": navigation.programme_choices(request) if known else [],
        "period_choices": navigation.period_choices(request) if known else None,
        "search_panels": _search_panels(request, scope) if known else [],
        "account_menu": _account_menu(request) if known else None,
        "footer_links": [],
    }


def _search_panels(request: HttpRequest, scope: Scope) -> list[dict]:
    """Return what searches; a device's code opens no search."""
    return [] if devices.is_restricted(request) else panels.shown("search", scope, [])[None]


def _account_menu(request: HttpRequest) -> dict:
    user = request.user
    return {
        "initials": user.initials,
        "name": user.get_full_name(),
        "email": user.email,
        "entries": navigation.account_entries(request),
    }
