"""The frame's entries in the menu, and the programmes and periods of the top bar."""

from collections.abc import Iterable
from datetime import timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from autoprod.accounts.demo import register_demo_labels
from autoprod.core.navigation import (
    Entry,
    Switcher,
    entry_of,
    kinds_of,
    register,
    register_switcher,
)
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from programmes.models import Edition, Programme
from programmes.services.accounts import demo_people


def _programmes(request: HttpRequest) -> list[Programme]:
    """Return the programmes of the scope, read once per request."""
    if not hasattr(request, "scope_programmes"):
        request.scope_programmes = list(
            Programme.objects.for_scope(request.scope, Action.VIEW_FRAME)
        )
    return request.scope_programmes


def current(request: HttpRequest) -> Programme | None:
    """Return the programme shown, otherwise the user's first one of the day."""
    if shown := getattr(request, "shown_programme", None):
        return next((p for p in _programmes(request) if p.pk == shown), None)
    if not hasattr(request, "programme_of_the_day"):
        request.programme_of_the_day = _of_the_day(request)
    return request.programme_of_the_day


def _of_the_day(request: HttpRequest) -> Programme | None:
    """Return, of the programmes not over, one with an edition today, then of most rights."""
    today = timezone.localdate()
    ongoing = [p for p in _programmes(request) if p.ended_on is None or p.ended_on >= today]
    if len(ongoing) < 2:
        return ongoing[0] if ongoing else None
    editions = Edition.objects.for_scope(request.scope, Action.VIEW_FRAME).covering(today)
    running = set(editions.values_list("programme_id", flat=True))

    def rank(programme: Programme) -> tuple:
        rights = sum(request.scope.opens(action, programme) for action in Action)
        return programme.pk not in running, -rights

    return min(ongoing, key=rank)


def choices(request: HttpRequest) -> list[dict]:
    """Return the programmes of the top bar; the one the menu leads to is marked."""
    chosen = current(request)
    return [
        {"label": p.name, "url": _same_page(request, p), "current": p == chosen}
        for p in _programmes(request)
    ]


def _same_page(request: HttpRequest, programme: Programme) -> str:
    """Return the page shown, for this programme; its own page where that one is not open."""
    match = request.resolver_match
    home = reverse("programmes:programme_detail", args=[programme.pk])
    if not match or not {"programme"} <= match.kwargs.keys() <= {"programme", "period"}:
        return home
    view = getattr(match.func, "view_class", match.func)
    entry = entry_of(match.view_name)
    if not request.scope.opens(view.action, programme):
        return home
    if entry and not entry.is_shown(request.scope, programme):
        return home
    return reverse(match.view_name, kwargs=match.kwargs | {"programme": programme.pk})


def periods(request: HttpRequest) -> dict | None:
    """Return what the period shown may become: before, after, and lists of named ones."""
    shown, programme = getattr(request, "shown_period", None), current(request)
    if shown is None or programme is None or not hasattr(request, "shown_programme"):
        return None
    taken = getattr(request, "shown_kinds", kinds_of(request.resolver_match.func))
    groups = [
        (label, [_choice(request, p, shown) for p in listed if p.kind in taken])
        for label, listed in _proposed(request, programme, shown, taken)
    ]
    return {
        "label": _capital(shown.label),
        "previous": _neighbour(request, shown.previous),
        "next": _neighbour(request, shown.next),
        "groups": [{"label": label, "choices": listed} for label, listed in groups if listed],
    }


def _proposed(
    request: HttpRequest, programme: Programme, shown: Period, taken: Iterable[Kind]
) -> list[tuple[str, list[Period]]]:
    """Return the lists of periods: years and stretches of the editions, quarters, months; weeks."""
    if shown.is_week and tuple(taken) == (Kind.CUSTOM,):
        return [("Semaines", _weeks_around(shown))]
    editions = Edition.objects.for_scope(request.scope, Action.VIEW_FRAME).of(programme)
    stretches = [Period(e.starts_on, e.ends_on) for e in editions]
    years = {shown.start.year, timezone.localdate().year}
    for stretch in stretches:
        years |= set(range(stretch.start.year, stretch.end.year + 1))
    year, listed = shown.start.year, sorted(years, reverse=True)
    if Kind.YEAR in taken or shown.kind == Kind.CUSTOM:
        by_year = [Period.year(y) for y in listed]
    else:
        by_year = [Period.containing(shown.start.replace(year=y), shown.kind) for y in listed]
    return [
        ("Années", by_year),
        ("Éditions", sorted({s for s in stretches if s.kind == Kind.CUSTOM}, reverse=True)),
        (f"Trimestres de {year}", [Period.quarter(year, n) for n in range(1, 5)]),
        (f"Mois de {year}", [Period.month(year, n) for n in range(1, 13)]),
    ]


def _weeks_around(shown: Period) -> list[Period]:
    """Return the week shown, four before and four after it, where the calendar has them."""
    days = (shown.start + timedelta(weeks=number) for number in range(-4, 5))
    return [week for week in map(Period.week_of, days) if week.has_address]


def _neighbour(request: HttpRequest, step) -> dict | None:
    """Return the period before or after; None where the calendar ends."""
    try:
        period = Period.parse(step().slug)
    except (OverflowError, ValueError):
        return None
    return _choice(request, period, None)


def _choice(request: HttpRequest, period: Period, shown: Period | None) -> dict:
    """Return a line of the list: the page shown, over this period."""
    match = request.resolver_match
    return {
        "label": _capital(period.label),
        "url": reverse(match.view_name, kwargs=match.kwargs | {"period": period}),
        "current": period == shown,
    }


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def register_all() -> None:
    """Register the entries; called once at start-up."""
    register_demo_labels(demo_people)
    register_switcher(Switcher(current=current, choices=choices, periods=periods))
    register(Entry("Au quotidien", "Aujourd’hui", "sun", "core:home", order=0, for_members=True))
    register(
        Entry(
            "Au quotidien",
            "Séances",
            "calendar-days",
            "programmes:session_list",
            Action.VIEW_SESSIONS,
            order=10,
            prefix=(
                "programmes:session_",
                "programmes:schedule_",
                "programmes:closed_period_",
                "programmes:calendar_feed",
            ),
            within="period",
        )
    )
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
    register(
        Entry(
            "Piloter",
            "Financements",
            "signature",
            "programmes:grant_list",
            Action.VIEW_BUDGET,
            order=2,
            prefix="programmes:grant_",
            within="period",
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
