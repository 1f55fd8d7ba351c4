"""Page of the hours of a programme: by person, by stretch of days, by site."""

from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from autoprod.core.formatting import day, hours
from autoprod.core.periods import Period
from autoprod.core.scoping import Action
from autoprod.core.views import PageMixin, ScopedMixin
from beneficiaries.services import hours as services
from beneficiaries.services.hours import Group, Hours, Line, Spent
from beneficiaries.services.statement_months import TONES
from programmes.models import Programme, Session, Site
from programmes.views.periods import InPeriod

#: In a cell, so that the eye goes to the others.
NONE = "–"


def url_of(programme: Programme, period: Period) -> str:
    """Return the page of the hours of a period."""
    return reverse("beneficiaries:hours_detail", args=[programme.pk, period])


class HoursDetail(InPeriod, ScopedMixin, PageMixin, TemplateView):
    """Who spent how long, signed or not, and where; a leader sees it too: it is presence."""

    action = Action.VIEW_PERSONS
    template_name = "beneficiaries/hours/detail.html"
    title = "Heures"

    def get_subtitle(self) -> str:
        """Return the programme and the period."""
        return f"{self.parent} · {self.period.label}"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the sessions of the period."""
        return [("Présences", self.get_sessions_url())]

    def get_sessions_url(self) -> str:
        """Return the page of the sessions whose hours they are."""
        return reverse("beneficiaries:attendance_list", args=[self.parent.pk, self.period])

    def get_context_data(self, **kwargs) -> dict:
        """Add the tables, and how many sessions of the period do not count yet.

        What the URL names comes as keywords too: the page has it already.
        """
        found = services.of_programme(self.scope, self.parent, self.period)
        sessions = Session.objects.for_scope(self.scope, Action.VIEW_SESSIONS).of(self.parent)
        to_close = sessions.in_period(self.period).to_close(timezone.now()).count()
        return super().get_context_data(
            total=found.participants.total,
            tables=[
                table_of_persons("Par personne", found.participants, found),
                table_of_stretches(self.parent, self.period, found),
                table_of_persons("À un autre titre", found.others, found),
            ],
            sites=by_site(found),
            to_close=to_close,
            sessions_url=self.get_sessions_url(),
        )


def by_site(found: Hours) -> list[tuple[str, int]]:
    """Return what the participants spent on each site."""
    spent = found.participants.total.sites
    return [(site.name, spent[site.pk]) for site in found.sites if spent[site.pk]]


def table_of_persons(title: str, group: Group, found: Hours) -> dict:
    """Return the table of a group, its total last."""
    return _table(title, "Personne", group.lines, found) | {
        "total": _cells(group.total, found.sites),
        "shows_states": found.has_statements and group is found.participants,
    }


def table_of_stretches(programme: Programme, period: Period, found: Hours) -> dict:
    """Return the table of days, weeks or months; each leads to its own page."""
    lines = found.stretches if found.stretches and found.stretches[0].days != period else []
    table = _table(_title(period), "Jours", lines, found)
    for row in table["rows"]:
        row["url"] = url_of(programme, row["line"].days)
    return table | {"total": _cells(found.participants.total, found.sites)}


def _title(period: Period) -> str:
    longest = services.stretch_of(period.start, period)
    if period.days <= services.WEEK:
        return "Par jour"
    return "Par mois" if longest.days > services.WEEK else "Par semaine"


def _table(title: str, heading: str, lines: list[Line], found: Hours) -> dict:
    return {
        "title": title,
        "heading": heading,
        "sites": found.sites if len(found.sites) > 1 else [],
        "rows": [_row(line, found.sites) for line in lines],
    }


def _row(line: Line, sites: list[Site]) -> dict:
    statement = line.statement
    person = line.person
    return {
        "line": line,
        "label": str(person) if person else _days(line.days),
        "url": reverse("beneficiaries:person_attendance", args=[person.pk]) if person else "",
        "cells": _cells(line.spent, sites),
        "state": statement.get_state_display() if statement else "",
        "tone": TONES[statement.state] if statement else "",
    }


def _days(days: Period) -> str:
    label = day(days.start) if days.days == 1 else days.label
    return label[:1].upper() + label[1:]


def _cells(spent: Spent, sites: list[Site]) -> list[str]:
    """Return declared, signed, not signed, then each site when there are several."""
    each = [spent.sites[site.pk] for site in sites] if len(sites) > 1 else []
    told = (spent.declared, spent.signed, spent.unsigned, *each)
    return [hours(minutes) if minutes else NONE for minutes in told]
