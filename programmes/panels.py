"""The frame's pieces of the home page."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import models
from django.urls import reverse
from django.utils import timezone

from autoprod.core.formatting import counted
from autoprod.core.panels import Panel, register, shown
from autoprod.core.periods import Period
from autoprod.core.scoping import Action, Scope
from programmes.columns import SOON, countdown
from programmes.models import Edition, Grant, Programme, Session
from programmes.services import days, sessions

#: How far ahead « à faire avant échéance » looks.
HORIZON = timedelta(days=90)


def sessions_of_the_day(scope: Scope, objects: Sequence[models.Model]) -> dict:
    """Return today's sessions, each with what higher floors add; otherwise the next one."""
    now = timezone.now()
    rows = sessions.of_the_day(scope, now)
    programmes = scope.keys("programme", Action.VIEW_SESSIONS)
    held = [row for row in rows if not row.is_cancelled]
    pieces = shown("session_row", scope, rows) if rows else {}
    panel = {
        "hint": counted(len(held), "séance", "séances") if rows else "",
        "lines": [
            {"session": row, "state": sessions.state_of(row, now), "pieces": pieces[row.pk]}
            for row in rows
        ],
        "several_programmes": len(programmes) > 1,
    }
    if not rows:
        to_come = Session.objects.for_scope(scope, Action.VIEW_SESSIONS).to_come(now)
        panel["next"] = to_come.select_related("kind", "programme__territory").first()
        panel["plan_url"] = _plan_url(scope)
    return {None: panel}


def _plan_url(scope: Scope) -> str:
    """Return where a session is added, empty unless one programme only is this user's to plan."""
    keys = scope.keys("programme", Action.EDIT_SESSIONS)
    return reverse("programmes:session_create", args=[*keys]) if len(keys) == 1 else ""


def programmes_of_the_day(scope: Scope, objects: Sequence[models.Model]) -> dict:
    """Return the programmes running today, each with its edition of the day."""
    today = timezone.localdate()
    editions: dict[int, Edition] = {}
    running = Edition.objects.for_scope(scope, Action.VIEW_FRAME).covering(today)
    for edition in running.order_by("starts_on", "pk"):
        editions[edition.programme_id] = edition
    programmes = Programme.objects.for_scope(scope, Action.VIEW_FRAME).ongoing(today)
    rows = [
        {
            "programme": programme,
            "edition": editions.get(programme.pk),
            "can_edit": scope.opens(Action.EDIT_PROGRAMME, programme),
        }
        for programme in programmes.select_related("territory")
    ]
    return {None: {"rows": rows}} if rows else {}


def deadlines(scope: Scope, objects: Sequence[models.Model]) -> dict:
    """Return the editions that end within three months, the nearest first."""
    today = timezone.localdate()
    ending = Edition.objects.for_scope(scope, Action.VIEW_FRAME).ending(today, today + HORIZON)
    rows = [
        {"edition": edition, **_due(edition, today)}
        for edition in ending.select_related("programme").order_by("ends_on", "pk")
    ]
    return {None: {"rows": rows}} if rows else {}


def _due(edition: Edition, today: date) -> dict:
    days = (edition.ends_on - today).days
    return {
        "when": f"J-{days}" if days else "aujourd’hui",
        "tone": "ochre" if days <= 30 else "blue",
    }


def reports_due(scope: Scope, objects: Sequence[models.Model]) -> dict:
    """Return the accounts owed to funders soon, or late, the nearest first."""
    until = timezone.localdate() + timedelta(days=SOON)
    grants = Grant.objects.for_scope(scope, Action.VIEW_BUDGET).report_due(until)
    rows = []
    for grant in grants.with_amounts().select_related("funder"):
        when, tone = countdown(grant.report_due_on)
        rows.append({"grant": grant, "when": when, "tone": tone})
    return {None: {"rows": rows}} if rows else {}


def grants_of_editions(scope: Scope, objects: Sequence[models.Model]) -> dict:
    """Return the grants of each edition; an edition without any asks for its first one."""
    found: dict[int, list[Grant]] = {edition.pk: [] for edition in objects}
    grants = Grant.objects.for_scope(scope, Action.VIEW_BUDGET).filter(edition__in=objects)
    for grant in grants.with_amounts().select_related("funder"):
        found[grant.edition_id].append(grant)
    readable = [e for e in objects if scope.opens(Action.VIEW_BUDGET, e.programme)]
    return {
        edition.pk: {
            "edition": edition,
            "period": Period(edition.starts_on, edition.ends_on),
            "grants": found[edition.pk],
            "can_edit": scope.opens(Action.EDIT_BUDGET, edition.programme),
        }
        for edition in readable
    }


def register_all() -> None:
    """Register the panels; called once at start-up."""
    day = "programmes/days/_panel.html"
    register(Panel("session_detail", day, days.of_sessions, Action.VIEW_SESSIONS, 5))
    register(
        Panel(
            slot="today",
            template="programmes/sessions/_today.html",
            context=sessions_of_the_day,
            action=Action.VIEW_SESSIONS,
            order=10,
        )
    )
    register(
        Panel(
            slot="today",
            template="programmes/programmes/_today.html",
            context=programmes_of_the_day,
            action=Action.VIEW_FRAME,
            order=80,
        )
    )
    register(
        Panel(
            slot="today_side",
            template="programmes/editions/_deadlines.html",
            context=deadlines,
            action=Action.VIEW_FRAME,
            order=50,
        )
    )
    register(
        Panel(
            slot="today_side",
            template="programmes/grants/_reports.html",
            context=reports_due,
            action=Action.VIEW_BUDGET,
            order=40,
        )
    )
    register(
        Panel(
            slot="edition_detail",
            template="programmes/grants/_edition.html",
            context=grants_of_editions,
            action=Action.VIEW_BUDGET,
            order=20,
        )
    )
