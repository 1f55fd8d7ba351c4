"""What the layout draws around every page."""

from django.http import HttpRequest
from django.urls import reverse

from autoprod.core import navigation
from autoprod.core.models import Installation
from autoprod.core.scoping import NOTHING


def layout(request: HttpRequest) -> dict:
    """Return the menu, the programmes of the top bar, the account and the installation."""
    scope = getattr(request, "scope", NOTHING)
    user = getattr(request, "user", None)
    known = bool(user and user.is_authenticated)
    return {
        "scope": scope,
        "installation": Installation.current() or Installation(is_demo=False),
        "organisation_name": scope.title if known else "",
        "navigation": navigation.sections(request) if known else [],
        "programme_choices": navigation.programme_choices(request) if known else [],
        "account_menu": _account_menu(user) if known else None,
        "footer_links": [],
    }


def _account_menu(user) -> dict:
    return {
        "initials": user.initials,
        "name": user.get_full_name(),
        "email": user.email,
        "entries": [
            {"label": "Mon compte", "url": reverse("accounts:profile"), "icon": "user-round"},
        ],
    }
