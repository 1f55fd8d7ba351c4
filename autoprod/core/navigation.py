"""Navigation: each app registers the pages it has; a page that does not exist has no entry."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.http import HttpRequest
from django.urls import resolve, reverse
from django.utils import timezone

from autoprod.core import devices
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action, Scope

SECTIONS = ("Au quotidien", "Piloter", "Administrer")
#: The period a section's pages open on: the day's work is by month, what is steered by year.
_DEFAULT_KINDS = {"Piloter": Kind.YEAR}
#: The menu under the user's initials.
ACCOUNT = "Mon compte"


@dataclass(frozen=True)
class Entry:
    """One line of the menu.

    `within` says what its page is of, hence the arguments of its URL: "" for a page of its own;
    "programme" for `[programme]`; "period" for `[programme, period]`. The programme is the one
    shown, otherwise the user's first of the day; the period is the one shown, otherwise today's
    month (year under « Piloter », `kind` when given). An entry within a programme is shown where
    its `action` is open on that programme; any entry with a `module`, where that programme has it.

        Entry("Au quotidien", "Séances", "calendar-days", "programmes:session_list",
              Action.VIEW_SESSIONS, within="period", prefix="programmes:session_")
    """

    section: str
    label: str
    icon: str
    url_name: str
    action: Action | None = None
    module: str = ""
    order: int = 50
    #: URL names under this prefix, or one of these, mark the entry as current; its own name always.
    prefix: str | tuple[str, ...] = ""
    #: Shown only to whoever has at least one right.
    for_members: bool = False
    within: str = ""
    kind: Kind | None = None
    #: Shown in a session opened by the code of a device, and only there.
    on_devices: bool = False

    def is_open(self, request: HttpRequest) -> bool:
        """Tell whether this session opens the entry's page: a device's code opens few."""
        if devices.is_restricted(request):
            return devices.is_open_to_devices(self.url_name)
        return not self.on_devices

    def is_shown(self, scope: Scope, programme: models.Model | None) -> bool:
        """Tell whether the entry has a place in this user's menu, beside this programme."""
        if self.for_members and scope.is_empty:
            return False
        if (self.within or self.module) and programme is None:
            return False
        if self.module and self.module not in programme.modules:
            return False
        if self.action is None:
            return True
        return scope.opens(self.action, programme) if self.within else scope.allows(self.action)

    def is_current(self, view_name: str) -> bool:
        """Tell whether the page shown belongs to the entry."""
        return view_name == self.url_name or bool(self.prefix and view_name.startswith(self.prefix))

    def url(self, programme: models.Model | None = None, shown: Period | None = None) -> str:
        """Return where the entry leads, beside the programme and the period shown if any."""
        if not self.within:
            return reverse(self.url_name)
        if self.within == "programme":
            return reverse(self.url_name, args=[programme.pk])
        if shown is not None:
            url = reverse(self.url_name, args=[programme.pk, shown])
            if shown.kind in kinds_of(resolve(url).func):
                return url
        return reverse(self.url_name, args=[programme.pk, self.default_period(shown)])

    def default_period(self, shown: Period | None) -> Period:
        """Return the entry's period around today, or in the one shown when today is not in it."""
        day = timezone.localdate()
        if shown is not None and not shown.contains(day):
            day = shown.start
        kind = self.kind or _DEFAULT_KINDS.get(self.section, Kind.MONTH)
        return Period.containing(day, kind)


@dataclass(frozen=True)
class Switcher:
    """What the app that knows programmes gives to the menu and to the top bar.

    `current` is the programme the menu leads to (a row with `pk` and `modules`), None without one;
    `choices` lists the programmes; `periods` what the page's period may become, None elsewhere.
    """

    current: Callable[[HttpRequest], models.Model | None]
    choices: Callable[[HttpRequest], list[dict]]
    periods: Callable[[HttpRequest], dict | None]


_entries: list[Entry] = []
_switchers: list[Switcher] = []


def register(entry: Entry) -> None:
    """Add an entry to the menu; called from an app's `navigation` at start-up."""
    if entry.section not in {*SECTIONS, ACCOUNT}:
        raise ValueError(f"unknown section: {entry.section}")
    if entry.within not in {"", "programme", "period"}:
        raise ValueError(f"a page is of a programme or of a period, not of {entry.within}")
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


def kinds_of(view: Callable) -> tuple[Kind, ...]:
    """Return the kinds of periods a view takes: all of them unless its class says less."""
    return getattr(getattr(view, "view_class", view), "period_kinds", tuple(Kind))


def entry_of(view_name: str) -> Entry | None:
    """Return the entry a page belongs to, None when it has none."""
    return next((entry for entry in entries() if entry.is_current(view_name)), None)


def current_programme(request: HttpRequest) -> models.Model | None:
    """Return the programme the menu leads to, None for who has none."""
    return next((switcher.current(request) for switcher in _switchers), None)


def sections(request: HttpRequest) -> list[dict]:
    """Return the menu of this request: sections with at least one entry, in order."""
    programme = current_programme(request)
    period = getattr(request, "shown_period", None)
    view_name = request.resolver_match.view_name if request.resolver_match else ""
    menu = []
    for label in SECTIONS:
        shown = [
            {
                "label": e.label,
                "icon": e.icon,
                "url": e.url(programme, period),
                "current": e.is_current(view_name),
            }
            for e in entries()
            if e.section == label and e.is_open(request) and e.is_shown(request.scope, programme)
        ]
        if shown:
            menu.append({"label": label, "entries": shown})
    return menu


def account_entries(request: HttpRequest) -> list[dict]:
    """Return what stands under the user's initials."""
    return [
        {"label": e.label, "icon": e.icon, "url": e.url()}
        for e in entries()
        if e.section == ACCOUNT and e.is_open(request) and e.is_shown(request.scope, None)
    ]


def programme_choices(request: HttpRequest) -> list[dict]:
    """Return the programmes of the top bar's switcher."""
    choices = [choice for switcher in _switchers for choice in switcher.choices(request)]
    if devices.is_restricted(request):
        return [choice for choice in choices if devices.leads_to_open(choice["url"])]
    return choices


def period_choices(request: HttpRequest) -> dict | None:
    """Return the periods of the top bar's switcher, None on a page that has no period."""
    return next((switcher.periods(request) for switcher in _switchers), None)
