"""Agendas: the appointments of a stretch of days, those to write up, who is still to be seen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from autoprod.core.fields import display_phone
from autoprod.core.formatting import WEEKDAYS, day_and_month
from autoprod.core.periods import ONE_DAY, Period
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import InterviewState, Whose
from beneficiaries.models import Interview
from beneficiaries.models.interviews import InterviewQuerySet
from beneficiaries.services.caseloads import Followed, in_order, open_stays
from beneficiaries.services.rhythm import near

#: An appointment that nobody wrote up is recalled for so long.
RECALLED = timedelta(days=60)
#: Lines of a list beside the agenda, and on the page of the day.
MOST_BESIDE, MOST_TODAY = 12, 6
#: What became of an appointment, when it is not to come: words, tone, icon.
TOLD = {
    InterviewState.HELD: ("tenu", "green", "check"),
    InterviewState.MISSED: ("pas venue", "neutral", ""),
}


def interviews_of(scope: Scope, whose: Whose) -> InterviewQuerySet:
    """Return the interviews of the team, or those the user leads, by day and hour.

    One that nobody is said to lead is the referents'. Cancelled ones are left out.
    """
    rows = Interview.objects.for_scope(scope, Action.EDIT_PATHWAYS)
    rows = rows.exclude(state=InterviewState.CANCELLED)
    if whose != Whose.TEAM:
        key = int(scope.actor_key or 0)
        followed = Q(enrolment__referent=key) | Q(enrolment__co_referent=key)
        rows = rows.filter(Q(led_by=key) | Q(followed, led_by=None))
    rows = rows.select_related(
        "enrolment__person", "enrolment__programme", "led_by", "mode", "kind"
    )
    # Engines do not put an unknown hour on the same side.
    return rows.order_by("on", F("at").asc(nulls_first=True), "pk")


def to_write_up(scope: Scope, whose: Whose, today: date) -> InterviewQuerySet:
    """Return the appointments of the days before that nobody wrote up."""
    rows = interviews_of(scope, whose).filter(state=InterviewState.PLANNED)
    return rows.filter(on__lt=today, on__gte=today - RECALLED)


@dataclass
class Day:
    """One day of an agenda."""

    on: date
    rows: list[dict] = field(default_factory=list)

    @property
    def label(self) -> str:
        """Return « Lundi 23 novembre »: the top of the page says the year."""
        return f"{WEEKDAYS[self.on.weekday()]} {day_and_month(self.on)}".capitalize()


def days_of(scope: Scope, period: Period, whose: Whose, today: date) -> list[Day]:
    """Return the days of a period with something in them; a week shows its working days too."""
    found: dict[date, Day] = {}
    if period.days == 7:
        found = {on: Day(on) for on in (period.start + n * ONE_DAY for n in range(5))}
    for row in interviews_of(scope, whose).in_period(period):
        found.setdefault(row.on, Day(row.on)).rows.append(shown(row, today))
    return [found[on] for on in sorted(found)]


def shown(row: Interview, today: date) -> dict:
    """Return what a page draws of an interview, and what may be done with it."""
    is_planned = row.state == InterviewState.PLANNED
    words, tone, icon = TOLD.get(row.state, ("", "", ""))
    if is_planned and row.on < today:
        words, tone = "à noter", "blue"
    return {
        "row": row,
        "person": row.enrolment.person,
        "phone": display_phone(row.enrolment.person.phone),
        "words": words,
        "tone": tone,
        "icon": icon,
        "day": near(row.on, today),
        "notes": [str(part) for part in (row.kind, row.mode) if part],
        "can_hold": is_planned and row.on <= today,
        "can_move": is_planned and row.on >= today,
    }


def to_place(scope: Scope, whose: Whose, today: date) -> list[Followed]:
    """Return the stays whose interview of the month has no appointment, the longest wait first."""
    rows = open_stays(scope, today)
    if whose != Whose.TEAM:
        rows = rows.followed_by(scope.actor_key)
    return [one for one in in_order(scope, list(rows), today) if one.is_to_place]


def of_today(scope: Scope, objects: Sequence[models.Model]) -> dict:
    """Return the user's appointments of the day, and those of the days before to write up."""
    today = timezone.localdate()
    rows = interviews_of(scope, Whose.MINE).filter(on__lte=today, on__gte=today - RECALLED)
    told = Q(on=today) | Q(state=InterviewState.PLANNED)
    found = [shown(row, today) for row in rows.filter(told)]
    before = [line for line in found if line["row"].on < today]
    of_day = [line for line in found if line["row"].on == today]
    return {None: {"rows": of_day, "before": before}} if found else {}


def to_see(scope: Scope, objects: Sequence[models.Model]) -> dict:
    """Return whom the user is to see this month and has no appointment with, the first few."""
    today = timezone.localdate()
    found = to_place(scope, Whose.MINE, today)
    if not found:
        return {}
    rows = [waiting(one, today) for one in found[:MOST_TODAY]]
    return {None: {"rows": rows, "more": len(found) - len(rows)}}


def waiting(followed: Followed, today: date) -> dict:
    """Return what a page draws of somebody who is to be seen."""
    return {
        "person": followed.stay.person,
        "words": followed.due.words(today),
        "phone": display_phone(followed.stay.person.phone),
    }
