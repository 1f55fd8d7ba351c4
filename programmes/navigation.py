"""The frame's entries in the menu, and the programmes of the top bar."""

from django.http import HttpRequest
from django.urls import reverse

from autoprod.accounts.demo import register_demo_labels
from autoprod.core.navigation import Entry, Switcher, register, register_switcher
from autoprod.core.scoping import Action
from programmes.models import Programme
from programmes.services.accounts import demo_people


def _programmes(request: HttpRequest) -> list[Programme]:
    """Return the programmes of the scope, read once per request."""
    if not hasattr(request, "scope_programmes"):
        request.scope_programmes = list(
            Programme.objects.for_scope(request.scope, Action.VIEW_FRAME)
        )
    return request.scope_programmes


def choices(request: HttpRequest) -> list[dict]:
    """Return the programmes of the top bar; the one shown is marked."""
    shown = getattr(request, "shown_programme", None)
    return [
        {
            "label": programme.name,
            "url": reverse("programmes:programme_detail", args=[programme.pk]),
            "current": programme.pk == shown,
        }
        for programme in _programmes(request)
    ]


def modules(request: HttpRequest) -> frozenset[str]:
    """Return the modules of the programmes of the scope."""
    return frozenset(module for p in _programmes(request) for module in p.modules)


def register_all() -> None:
    """Register the entries; called once at start-up."""
    register_demo_labels(demo_people)
    register_switcher(Switcher(choices=choices, modules=modules))
    register(Entry("Au quotidien", "Aujourd’hui", "sun", "core:home", order=0, for_members=True))
    for order, (label, icon, name, prefix) in enumerate(
        [
            ("Actions", "sprout", "programme_list", "programme_"),
            ("Sites", "map-pin", "site_list", "site_"),
            ("Partenaires", "handshake", "organisation_list", "organisation_"),
            ("Territoires", "map", "territory_list", "territory_"),
        ]
    ):
        register(
            Entry(
                "Piloter",
                label,
                icon,
                f"programmes:{name}",
                Action.VIEW_FRAME,
                order=order,
                prefix=f"programmes:{prefix}",
            )
        )
    register(
        Entry(
            "Piloter",
            "Budgets",
            "euro",
            "programmes:budget_list",
            Action.VIEW_BUDGET,
            order=2,
            prefix="programmes:budget_",
        )
    )
    for order, (label, icon, name, action, prefix) in enumerate(
        [
            ("Comptes", "users", "account_list", Action.MANAGE_ACCOUNTS, "account_"),
            ("Listes", "list", "reference_list", Action.EDIT_REFERENCES, "reference_"),
            ("Journal", "history", "journal", Action.VIEW_AUDIT, "journal"),
        ]
    ):
        register(
            Entry(
                "Administrer",
                label,
                icon,
                f"programmes:{name}",
                action,
                order=order,
                prefix=f"programmes:{prefix}",
            )
        )
