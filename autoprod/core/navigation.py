"""Navigation: each app registers the pages it has; a page that does not exist has no entry."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from autoprod.core.scoping import Action, Scope

SECTIONS = ("Au quotidien", "Piloter", "Administrer")
#: The menu under the user's initials.
ACCOUNT = "Mon compte"


@dataclass(frozen=True)
class Entry:
    """One line of the menu; `module` shows it only where a programme has that module."""

    section: str
    label: str
    icon: str
    url_name: str
    action: Action | None = None
    module: str = ""
    order: int = 50
    #: URL names under this prefix mark the entry as current; the entry's own name by default.
    prefix: str = ""
    #: Shown only to whoever has at least one right.
    for_members: bool = False

    def is_shown(self, scope: Scope, modules: frozenset[str]) -> bool:
        """Tell whether the entry has a place in this user's menu."""
        allowed = self.action is None or scope.allows(self.action)
        if self.for_members and scope.is_empty:
            return False
        return allowed and (not self.module or self.module in modules)

    def is_current(self, view_name: str) -> bool:
        """Tell whether the page shown belongs to the entry."""
        return view_name == self.url_name or bool(self.prefix and view_name.startswith(self.prefix))


@dataclass(frozen=True)
class Switcher:
    """What the app that knows programmes gives to the top bar."""

    choices: Callable[[HttpRequest], list[dict]]
    modules: Callable[[HttpRequest], frozenset[str]]


_entries: list[Entry] = []
_switchers: list[Switcher] = []


def register(entry: Entry) -> None:
    """Add an entry to the menu; called from an app's `navigation` at start-up."""
    if entry.section not in {*SECTIONS, ACCOUNT}:
        raise ValueError(f"unknown section: {entry.section}")
    if entry not in _entries:
        _entries.append(entry)


def register_switcher(switcher: Switcher) -> None:
    """Say who lists the programmes of the top bar; one app does."""
    if switcher not in _switchers:
        _switchers.append(switcher)


def entries() -> list[Entry]:
    """Return the registered entries, in menu order."""
    sections = (*SECTIONS, ACCOUNT)
    return sorted(_entries, key=lambda e: (sections.index(e.section), e.order, e.label))


def sections(request: HttpRequest) -> list[dict]:
    """Return the menu of this request: sections with at least one entry, in order."""
    modules = frozenset().union(*(s.modules(request) for s in _switchers))
    view_name = request.resolver_match.view_name if request.resolver_match else ""
    menu = []
    for label in SECTIONS:
        shown = [
            {
                "label": e.label,
                "icon": e.icon,
                "url": reverse(e.url_name),
                "current": e.is_current(view_name),
            }
            for e in entries()
            if e.section == label and e.is_shown(request.scope, modules)
        ]
        if shown:
            menu.append({"label": label, "entries": shown})
    return menu


def account_entries(request: HttpRequest) -> list[dict]:
    """Return what stands under the user's initials."""
    return [
        {"label": e.label, "icon": e.icon, "url": reverse(e.url_name)}
        for e in entries()
        if e.section == ACCOUNT and e.is_shown(request.scope, frozenset())
    ]


def programme_choices(request: HttpRequest) -> list[dict]:
    """Return the programmes of the top bar's switcher."""
    return [choice for switcher in _switchers for choice in switcher.choices(request)]
