"""Closing a month: what is still missing, in the order it is done, programme by programme.

Source: fiche d’expérience « Les jardins du cœur », états de présence signés et bilans mensuels.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef
from django.utils import timezone

from autoprod.core.panels import shown
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import StatementState
from beneficiaries.models import Attendance, Enrolment, Statement, StatementObjection
from beneficiaries.models.interviews import is_due, was_met
from beneficiaries.services.statements import stale_among
from programmes.models import Edition, Programme, Session

A = Action.TICK_ATTENDANCE
#: From this day of a month, and up to that one of the next, its closing stands on the day's page.
FIRST, LAST = 25, 5
#: What higher floors still miss of a month (the words of its bilan), and where it leads once ready.
MISSING_SLOT, READY_SLOT = "month_missing", "month_ready"


@dataclass
class MonthEnd:
    """One programme's month: what is missing of it, nothing that the reader may not see."""

    programme: Programme
    period: Period
    sessions: list[Session] = field(default_factory=list)
    to_prepare: list[Enrolment] = field(default_factory=list)
    to_sign: list[Statement] = field(default_factory=list)
    contested: list[StatementObjection] = field(default_factory=list)
    to_lock: list[Statement] = field(default_factory=list)
    unmet: list[Enrolment] = field(default_factory=list)
    sees_pathways: bool = False
    #: Sessions of the month still to be held.
    to_come: int = 0
    #: What higher floors miss, and where they lead.
    others: list[dict] = field(default_factory=list)
    links: list[dict] = field(default_factory=list)

    @property
    def pk(self) -> int:
        """Return the key of the programme: panels tell months apart by it."""
        return self.programme.pk

    @property
    def missing(self) -> int:
        """Return how many things are left to do."""
        own = (self.sessions, self.to_prepare, self.to_sign, self.contested, self.to_lock)
        return sum(map(len, (*own, self.unmet, self.others)))

    @property
    def is_ready(self) -> bool:
        """Tell whether nothing is missing, and the month is over."""
        return not self.missing and not self.to_come


def month_to_close(today: date) -> Period | None:
    """Return the month whose closing is of these days; None from the 6th to the 24th."""
    month = Period.containing(today, Kind.MONTH)
    if today.day >= FIRST:
        return month
    return month.previous() if today.day <= LAST else None


def ends_of(scope: Scope, programmes: Sequence[Programme], month: Period) -> list[MonthEnd]:
    """Return the month of each programme, in constant queries however many they are."""
    found = {one.pk: MonthEnd(one, month) for one in programmes}
    _read_sessions(scope, found, month)
    _read_statements(scope, found, month)
    _read_interviews(scope, found, month)
    ends = list(found.values())
    for slot, name in ((MISSING_SLOT, "others"), (READY_SLOT, "links")):
        pieces = shown(slot, scope, ends) if ends else {}
        for end in ends:
            setattr(end, name, pieces[end.pk])
    return ends


def _read_sessions(scope: Scope, found: Mapping[int, MonthEnd], month: Period) -> None:
    rows = Session.objects.for_scope(scope, A).filter(programme__in=found).in_period(month)
    rows = rows.open_to_ticking().select_related("kind", "programme__territory")
    now = timezone.now()
    for row in rows.order_by("starts_at", "pk"):
        end = found[row.programme_id]
        if row.ends_at <= now:
            end.sessions.append(row)
        else:
            end.to_come += 1


def _read_statements(scope: Scope, found: Mapping[int, MonthEnd], month: Period) -> None:
    rows = Statement.objects.for_scope(scope, A).in_force().of_month(month)
    rows = list(
        rows.filter(enrolment__programme__in=found)
        .select_related("enrolment__person")
        .order_by("enrolment__person__sort_key", "pk")
    )
    contested = _read_objections(scope, found, month)
    stale = stale_among(rows, month)
    for row in rows:
        end = found[row.enrolment.programme_id]
        if row.pk in stale:
            end.to_prepare.append(row.enrolment)
        elif row.enrolment_id in contested:
            continue
        elif row.state == StatementState.TO_SIGN:
            end.to_sign.append(row)
        elif row.state == StatementState.SIGNED:
            end.to_lock.append(row)
    _read_unprepared(scope, found, month)


def _read_objections(scope: Scope, found: Mapping[int, MonthEnd], month: Period) -> set[int]:
    """Add what is contested and not settled, whatever the version; return the enrolments (keys)."""
    rows = StatementObjection.objects.for_scope(scope, A).filter(
        statement__month=month.start,
        statement__enrolment__programme__in=found,
        settled_on=None,
    )
    rows = rows.select_related("statement__enrolment__person")
    contested = set()
    for row in rows.order_by("statement__enrolment__person__sort_key", "on", "pk"):
        found[row.statement.enrolment.programme_id].contested.append(row)
        contested.add(row.statement.enrolment_id)
    return contested


def _read_unprepared(scope: Scope, found: Mapping[int, MonthEnd], month: Period) -> None:
    """Add the participants who came, and whose statement nobody has prepared."""
    came = Attendance.objects.counted().in_period(month).filter(enrolment=OuterRef("pk"))
    prepared = Statement.objects.in_force().of_month(month).filter(enrolment=OuterRef("pk"))
    rows = Enrolment.objects.for_scope(scope, A).filter(programme__in=found).participants()
    rows = rows.filter(Exists(came), ~Exists(prepared)).select_related("person")
    _share(rows, found, "to_prepare")


def _read_interviews(scope: Scope, found: Mapping[int, MonthEnd], month: Period) -> None:
    """Add who is accompanied and was not met in the month, for who reads pathways."""
    if month.start > timezone.localdate():
        return
    rows = Enrolment.objects.for_scope(scope, Action.VIEW_PATHWAYS).participants().during(month)
    rows = rows.filter(is_due(month), ~was_met(month), programme__in=found)
    _share(rows.select_related("person"), found, "unmet")
    for end in found.values():
        end.sees_pathways = scope.opens(Action.VIEW_PATHWAYS, end.programme)


def _share(rows: Iterable[Enrolment], found: Mapping[int, MonthEnd], name: str) -> None:
    """Give each programme its rows, by name."""
    shared = defaultdict(list)
    for row in rows.order_by("person__sort_key", "pk"):
        shared[row.programme_id].append(row)
    for key, listed in shared.items():
        getattr(found[key], name).extend(listed)


def of_today(scope: Scope, objects: Sequence) -> dict:
    """Return, from the 25th to the 5th, how far the closing of each programme's month is."""
    month = month_to_close(timezone.localdate())
    if month is None:
        return {}
    running = Edition.objects.for_scope(scope, Action.EDIT_PATHWAYS)
    running = running.overlapping(month.start, month.end).order_by().values("programme")
    rows = Programme.objects.for_scope(scope, Action.EDIT_PATHWAYS).filter(pk__in=running)
    ends = ends_of(scope, list(rows.select_related("territory")), month)
    return {None: {"ends": ends, "month": month}} if ends else {}
