"""Caseloads: the open stays somebody follows, what each waits for, and what its line says.

Source: DOMAIN definition T2 (tableau de bord de suivi individuel): last contact, next step, open
barriers, hours of the month and in all; closed stays leave the list.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

from django.db import models
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from autoprod.core.fields import display_phone
from autoprod.core.formatting import clock
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action, Scope, ScopedQuerySet
from beneficiaries.enums import Level, Part, Rhythm, Whose
from beneficiaries.exports.caseloads import Told
from beneficiaries.models import Attendance, Barrier, Enrolment, Interview, Step, Suspension
from beneficiaries.models.enrolments import EnrolmentQuerySet
from beneficiaries.services import completeness
from beneficiaries.services.rhythm import Due, due_of, near

#: What has waited longest draws the eye, never in red.
TONES = {Rhythm.UNSEEN: "ochre", Rhythm.TO_SEE: "blue"}


def open_stays(scope: Scope, on: date) -> EnrolmentQuerySet:
    """Return the stays not over on a day, waiting ones included, of those the scope accompanies.

    Volunteers and customers count once somebody is named to follow them. Each comes with the day of
    its next appointment (`next_on`), its person, its programme and its referent.
    """
    rows = Enrolment.objects.for_scope(scope, Action.EDIT_PATHWAYS)
    to_follow = Q(part=Part.PARTICIPANT) | Q(referent__isnull=False)
    rows = rows.filter(to_follow, Q(left_on=None) | Q(left_on__gt=on))
    planned = _of_stay(Interview.objects.for_scope(scope, Action.VIEW_PATHWAYS).to_come(on))
    rows = rows.annotate(next_on=Subquery(planned.values("on")[:1]))
    return rows.select_related("person", "programme", "referent").order_by("person__sort_key", "pk")


def of_whom(stays: Iterable[Enrolment], whose: Whose, user_key: str) -> list[Enrolment]:
    """Return the stays of one tab: those the user follows, those nobody does, all of them."""
    key = int(user_key or 0)
    match Whose(whose):
        case Whose.MINE:
            return [stay for stay in stays if key in (stay.referent_id, stay.co_referent_id)]
        case Whose.NOBODY:
            return [stay for stay in stays if stay.referent_id is None]
    return list(stays)


@dataclass(frozen=True)
class Followed:
    """An open stay, and the interview it waits for (None: none is due)."""

    stay: Enrolment
    month: Period
    due: Due | None = None

    @property
    def is_expected(self) -> bool:
        """Tell whether the next interview is still to be held."""
        return self.due is not None and self.due.state != Rhythm.DONE

    @property
    def is_to_place(self) -> bool:
        """Tell whether an interview is due this month and no appointment is taken in time."""
        if not self.is_expected or self.due.by > self.month.end:
            return False
        return self.stay.next_on is None or self.stay.next_on > self.due.by

    @property
    def rank(self) -> tuple:
        """Return the key of the list: to place, then appointments, then the others by name."""
        name = (self.stay.person.sort_key, self.stay.pk)
        if self.is_to_place:
            is_recent = self.due.state != Rhythm.UNSEEN
            return (0, is_recent, self.due.by, self.due.since or self.due.begun, *name)
        if not self.is_expected:
            return (2, *name)
        return (1, self.stay.next_on or self.due.by, *name)


def in_order(scope: Scope, stays: Sequence[Enrolment], today: date) -> list[Followed]:
    """Return open stays, what is due first, in three queries whatever their number.

    The order is made here, the rule being in `rhythm`: it is the same on both engines.
    """
    month, dues = Period.containing(today, Kind.MONTH), due_of(scope, stays, today)
    found = (Followed(stay, month, dues.get(stay.pk)) for stay in stays)
    return sorted(found, key=lambda followed: followed.rank)


@dataclass(frozen=True)
class Line:
    """One line of a caseload: what the referent looks at; minutes are those that count."""

    followed: Followed
    next_key: int | None
    next_at: time | None
    last_on: date | None
    is_paused: bool
    paused_until: date | None
    steps: int
    next_step: str
    barriers: int
    minutes_of_month: int
    minutes: int

    def words(self, today: date) -> str:
        """Return what is waited for, or why nothing is, in kind words; empty for a volunteer."""
        stay, due = self.followed.stay, self.followed.due
        if due:
            return due.words(today)
        if self.is_paused:
            until = f" jusqu’au {near(self.paused_until, today)}" if self.paused_until else ""
            return f"en pause{until}"
        if stay.entered_on is None:
            return "en attente d’une place"
        if stay.entered_on > today:
            return f"commence le {near(stay.entered_on, today)}"
        return "" if stay.level == Level.PATHWAY else "participation simple"

    def shown(self, today: date) -> dict:
        """Return what a page draws; a tone only for who is to be seen."""
        stay = self.followed.stay
        return {
            "line": self,
            "stay": stay,
            "words": self.words(today),
            "tone": TONES[self.followed.due.state] if self.followed.is_expected else "",
            # The words say it already: a phone does not repeat it.
            "is_told": bool(self.followed.due) and self.followed.due.since == self.last_on,
            "last": near(self.last_on, today) if self.last_on else "",
            "next": when(stay.next_on, self.next_at, today) if stay.next_on else "",
            "phone": display_phone(stay.person.phone),
            # The appointment of the day, to be written up.
            "hold": self.next_key if stay.next_on == today else None,
        }


def when(on: date, at: time | None, today: date) -> str:
    """Return the day of an appointment, and its hour if it has one."""
    return f"{near(on, today)}, {clock(at)}" if at else near(on, today)


def lines(scope: Scope, followed: Sequence[Followed], today: date) -> list[Line]:
    """Return the lines of some stays, in their order, in one query."""
    keys = [one.stay.pk for one in followed]
    rows = Enrolment.objects.for_scope(scope, Action.EDIT_PATHWAYS).filter(pk__in=keys).order_by()
    facts = {row.pop("pk"): row for row in rows.values("pk").annotate(**_facts(scope, today))}
    return [Line(followed=one, **facts[one.stay.pk]) for one in followed]


def files_of(scope: Scope, keys: Iterable[int]) -> dict[int, int]:
    """Return, by key of open stay, how many things are still to ask of its person.

    Absent: who is no participant. Read apart from the lines, which a page shows at once.
    """
    stays = Enrolment.objects.for_scope(scope, Action.EDIT_PATHWAYS).filter(pk__in=list(keys))
    counted = completeness.of_enrolments(scope, stays)
    return {key: total - done for key, (done, total) in counted.items()}


def told(scope: Scope, stays: Sequence[Enrolment], today: date) -> dict[int, Told]:
    """Return, by key of enrolment, what the export says of each stay."""
    missing = files_of(scope, [stay.pk for stay in stays])
    return {
        line.followed.stay.pk: Told(
            missing=missing.get(line.followed.stay.pk),
            due=line.words(today),
            next_on=line.followed.stay.next_on,
            last_on=line.last_on,
            steps=line.steps,
            barriers=line.barriers,
            minutes_of_month=line.minutes_of_month,
            minutes=line.minutes,
        )
        for line in lines(scope, in_order(scope, stays, today), today)
    }


def _facts(scope: Scope, today: date) -> dict[str, models.expressions.BaseExpression]:
    """Return what a line says of an enrolment, each table read under its own right."""
    month, seen = Period.containing(today, Kind.MONTH), Action.VIEW_PATHWAYS
    planned = _of_stay(Interview.objects.for_scope(scope, seen).to_come(today))
    held = _of_stay(Interview.objects.for_scope(scope, seen).held().filter(on__lte=today))
    pauses = _of_stay(Suspension.objects.for_scope(scope, seen).in_force(today))
    steps = _of_stay(Step.objects.for_scope(scope, seen).unfinished())
    # To launch first, then by date; those without a date come last on both engines.
    steps = steps.annotate(name=Coalesce("kind__label", "label")).order_by(
        F("started_on").asc(nulls_first=True), F("planned_on").asc(nulls_last=True), "pk"
    )
    barriers = _of_stay(Barrier.objects.for_scope(scope, seen))
    there = _of_stay(Attendance.objects.for_scope(scope, Action.VIEW_PERSONS).counted())
    return {
        "next_key": Subquery(planned.values("pk")[:1]),
        "next_at": Subquery(planned.values("at")[:1]),
        "last_on": _folded(held, Max("on")),
        "is_paused": Exists(pauses),
        "paused_until": Subquery(pauses.order_by("pk").values("ends_on")[:1]),
        "steps": Coalesce(_folded(steps, Count("pk")), 0),
        "next_step": Coalesce(Subquery(steps.values("name")[:1]), Value("")),
        "barriers": Coalesce(
            _folded(barriers.filter(Q(lifted_on=None) | Q(lifted_on__gt=today)), Count("pk")), 0
        ),
        "minutes_of_month": Coalesce(_folded(there.in_period(month), Sum("minutes")), 0),
        "minutes": Coalesce(_folded(there, Sum("minutes")), 0),
    }


def _of_stay(rows: ScopedQuerySet) -> ScopedQuerySet:
    return rows.filter(enrolment=OuterRef("pk"))


def _folded(rows: ScopedQuerySet, measure: models.Aggregate) -> Subquery:
    """Return one number, or one day, of the rows of an enrolment; NULL without any."""
    grouped = rows.order_by().values("enrolment").annotate(folded=measure)
    return Subquery(grouped.values("folded"))
