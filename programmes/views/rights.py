"""How rights are shown, and the page where the role is chosen first."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from autoprod.accounts.models import User
from autoprod.core.formatting import day
from autoprod.core.scoping import Scope
from autoprod.core.tables import Column, table
from programmes.enums import Role
from programmes.forms.memberships import ROLE_HELP
from programmes.models import Membership
from programmes.services.memberships import lasting, rights_in


def place(right: Membership) -> str:
    """Return « tout le territoire : Valenciennes », « Jardins du cœur »…"""
    if right.territory_id:
        return f"tout le territoire\u00a0: {right.territory}"
    if right.organisation_id:
        return f"actions de l’organisation\u00a0: {right.organisation}"
    return str(right.programme)


def replaced(right: Membership) -> str:
    """Return who is replaced, and when."""
    return str(right.replaces.user) if right.replaces_id else ""


def _links(right: Membership) -> SafeString:
    link = '<a href="{}">{}</a>'
    update = format_html(link, reverse("programmes:membership_update", args=[right.pk]), "Corriger")
    if right.ends_on and right.ends_on < timezone.localdate():
        return update
    if right.starts_on > timezone.localdate():
        name, label = "withdraw", "Annuler"
    else:
        name, label = "end", "Mettre fin"
    end = format_html(link, reverse(f"programmes:membership_{name}", args=[right.pk]), label)
    return format_html("{} · {}", update, end)


RIGHTS = (
    Column("Rôle", lambda row: row.get_role_display()),
    Column("Pour", place),
    Column("Du", lambda row: row.starts_on, day),
    Column("Au", lambda row: row.ends_on, day),
    Column("Remplace", replaced),
    Column("", lambda row: row, _links),
)


def rights_tables(scope: Scope, user: User) -> list[dict]:
    """Return the user's rights in the scope: now, later, before; empty groups are left out."""
    today, groups = timezone.localdate(), {"now": [], "later": [], "before": []}
    for right in rights_in(scope).of(user):
        groups[_moment(right, today)].append(right)
    titles = {"now": "Droits en cours", "later": "Droits à venir", "before": "Droits passés"}
    empty = {
        "icon": "key-round",
        "title": "Aucun droit en cours",
        "text": "Sans droit, la personne se connecte mais ne voit rien.",
    }
    return [
        {
            "title": title,
            "table": table(RIGHTS, groups[name], caption=title, empty_state=empty),
        }
        for name, title in titles.items()
        if groups[name] or name == "now"
    ]


def _moment(right: Membership, today: date) -> str:
    if right.starts_on > today:
        return "later"
    return "before" if right.ends_on and right.ends_on < today else "now"


def replacements_of(scope: Scope, user: User) -> list[dict]:
    """Return the replacements not over, where the user replaces or is replaced: one line each."""
    today, pairs = timezone.localdate(), {}
    rows = lasting(rights_in(scope).exclude(replaces=None), since=today)
    for right in rows.filter(user=user.pk) | rows.filter(replaces__user=user.pk):
        pairs.setdefault((right.replaces.user, right.user), []).append(right)
    return [
        {
            "absent": absent,
            "substitute": substitute,
            "starts_on": min(right.starts_on for right in rights),
            "ends_on": max((right.ends_on for right in rights if right.ends_on), default=None),
            "url": reverse("programmes:replacement_end", args=[absent.pk, substitute.pk]),
        }
        for (absent, substitute), rights in pairs.items()
    ]


class RoleFirstMixin:
    """Ask for the role on a first page; the form then offers the places that fit it."""

    role = ""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Read the role of the address; an unknown one is asked again."""
        asked = request.GET.get("role", "")
        self.role = asked if asked in Role.values else ""
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Show the roles, or the form once one is chosen."""
        if self.role:
            return super().get(request, *args, **kwargs)
        return self._ask_role(request)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Save; without a role there is nothing to save yet."""
        return super().post(request, *args, **kwargs) if self.role else self._ask_role(request)

    def _ask_role(self, request: HttpRequest) -> HttpResponse:
        self.object = None
        context = {
            "title": self.get_title(),
            "subtitle": "Quel est son rôle\u00a0?",
            "breadcrumbs": [{"label": name, "url": url} for name, url in self.get_breadcrumbs()],
            "roles": [
                {"label": role.label, "help": ROLE_HELP[role], "url": f"?role={role.value}"}
                for role in Role
            ],
        }
        return TemplateResponse(request, "programmes/memberships/roles.html", context)
