"""The frame's pieces of the home page."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import models
from django.utils import timezone

from autoprod.core.panels import Panel, register
from autoprod.core.scoping import Action, Scope
from programmes.models import Edition, Programme

#: How far ahead « à faire avant échéance » looks.
HORIZON = timedelta(days=90)


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


def register_all() -> None:
    """Register the panels; called once at start-up."""
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
