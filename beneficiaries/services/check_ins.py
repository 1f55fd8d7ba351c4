"""Who has not been seen for a while, so that somebody asks how they are: never a reproach.

Three absences in a row, or three weeks without a presence nor an interview. Excused absences break
nothing and count nothing: whoever is excused has given news to the team, but has not come back.
Days when the programme is closed are not counted. A presence, an interview (a telephone call is
one) or a pause is enough to be left alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.utils import timezone

from autoprod.core.fields import display_phone
from autoprod.core.formatting import counted
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import InterviewState, Part, Presence
from beneficiaries.models import Attendance, Enrolment, Interview, Suspension
from beneficiaries.services.person_files import PathwayFile
from beneficiaries.services.rhythm import near
from programmes.models import ClosedPeriod

#: How many absences in a row, how many days without a sign.
ABSENCES, SILENCE = 3, 21
#: Lines on the page of the day.
MOST_TODAY = 6

#: First and last day when a programme holds nothing.
Days = tuple[date, date]


@dataclass(frozen=True)
class Signs:
    """What is known of a stay: when somebody last gave a sign, and the absences since."""

    entered_on: date
    came_on: date | None
    met_on: date | None
    #: The last day of the last pause that is over.
    paused_until: date | None
    absences: Sequence[date]

    @property
    def since(self) -> date:
        """Return the last day of which something is known; the entry at first."""
        known = (self.came_on, self.met_on, self.paused_until)
        return max([self.entered_on, *filter(None, known)])

    @property
    def is_new(self) -> bool:
        """Tell whether nothing is known since the entry."""
        return not (self.came_on or self.met_on or self.paused_until)

    @property
    def missed(self) -> list[date]:
        """Return the days of the absences since, a half-day each; those before a meeting go."""
        met = max(filter(None, (self.met_on, self.paused_until)), default=date.min)
        return [on for on in self.absences if on > met]


@dataclass(frozen=True)
class CheckIn:
    """Somebody to ask how they are, and why."""

    since: date
    is_new: bool
    missed: Sequence[date]

    def words(self, today: date) -> str:
        """Return « 3 absences de suite depuis le 5 novembre », « sans nouvelles depuis le… »."""
        if len(self.missed) >= ABSENCES:
            number = counted(len(self.missed), "absence", "absences")
            return f"{number} de suite depuis le {near(min(self.missed), today)}"
        if self.is_new:
            return f"pas encore de nouvelles depuis l’entrée, le {near(self.since, today)}"
        return f"sans nouvelles depuis le {near(self.since, today)}"


def check_in_of(signs: Signs, closed: Iterable[Days], today: date) -> CheckIn | None:
    """Return why somebody is asked how they are; None while nothing calls for it."""
    missed, since = signs.missed, signs.since
    silent = (today - since).days - _closed_days(closed, since, today)
    if len(missed) < ABSENCES and silent < SILENCE:
        return None
    return CheckIn(since, signs.is_new, missed)


def _closed_days(closed: Iterable[Days], since: date, today: date) -> int:
    """Return how many of the days after one, up to another, are closed; shared ones once."""
    days: set[int] = set()
    for start, end in closed:
        first, last = max(start.toordinal(), since.toordinal() + 1), min(end, today).toordinal()
        days.update(range(first, last + 1))
    return len(days)


def of_scope(scope: Scope, today: date) -> list[tuple[Enrolment, CheckIn]]:
    """Return the stays whose people are to be asked how they are, the user's own first.

    In three queries, however many people. Whoever takes the roll sees who it is: the interviews
    and the pauses that settle it are looked at here, and nothing of them is told.
    """
    stays = list(_stays(scope, today))
    absences = _absences([stay.pk for stay in stays], today)
    closed = defaultdict(list)
    periods = ClosedPeriod.objects.filter(programme__in={stay.programme_id for stay in stays})
    for programme, start, end in periods.values_list("programme", "starts_on", "ends_on"):
        closed[programme].append((start, end))
    found = []
    for stay in stays:
        signs = Signs(
            stay.entered_on, stay.came_on, stay.met_on, stay.paused_until, absences[stay.pk]
        )
        if one := check_in_of(signs, closed[stay.programme_id], today):
            found.append((stay, one))
    return sorted(found, key=lambda pair: _rank(pair[0], pair[1], scope.actor_key))


def _rank(stay: Enrolment, one: CheckIn, key: str) -> tuple:
    referents = {str(stay.referent_id or ""), str(stay.co_referent_id or "")}
    is_mine = bool(key) and key in referents
    return (not is_mine, stay.referent_id is not None, one.since, stay.person.sort_key, stay.pk)


def _stays(scope: Scope, today: date) -> models.QuerySet[Enrolment]:
    """Return the participants of the day whose stay is not on a pause, with their last signs."""
    rows = Enrolment.objects.for_scope(scope, Action.VIEW_PERSONS).participants().ongoing(today)
    rows = rows.filter(Q(left_on=None) | Q(left_on__gt=today))
    pauses = Suspension.objects.filter(enrolment=OuterRef("pk"))
    met = Interview.objects.held().filter(enrolment=OuterRef("pk"), on__lte=today)
    came = Attendance.objects.present().filter(enrolment=OuterRef("pk"))
    rows = rows.annotate(
        came_on=_last(came, "on"),
        met_on=_last(met, "on"),
        paused_until=_last(pauses.filter(ends_on__lt=today), "ends_on"),
    )
    rows = rows.exclude(Exists(pauses.in_force(today)))
    return rows.select_related("person", "programme", "referent")


def _last(rows: models.QuerySet, name: str) -> Subquery:
    return Subquery(rows.order_by().values("enrolment").annotate(last=Max(name)).values("last"))


def _absences(stays: Iterable[int], today: date) -> dict[int, list[date]]:
    """Return {stay: the days of the absences since the last presence}, in one query."""
    later = Attendance.objects.present().filter(
        enrolment=OuterRef("enrolment"), starts_at__gte=OuterRef("starts_at")
    )
    rows = Attendance.objects.filter(
        _is_settled(today), enrolment__in=list(stays), status=Presence.ABSENT
    )
    found = defaultdict(list)
    for stay, on in rows.exclude(Exists(later)).order_by("on").values_list("enrolment", "on"):
        found[stay].append(on)
    return found


def _is_settled(today: date) -> Q:
    """Return what is no longer a first tick: a roll is corrected until its session is closed."""
    return Q(on__lte=today) & (Q(session__closed_at__isnull=False) | Q(on__lt=today))


def of_file(file: PathwayFile) -> list[CheckIn]:
    """Return the same for the stays of somebody's file, from what it holds: no query."""
    found = []
    for stay in file.stays.values():
        if not _is_expected(file, stay):
            continue
        closed = [
            (p.starts_on, p.ends_on) for p in file.closed if p.programme_id == stay.programme_id
        ]
        if one := check_in_of(_signs(file, stay), closed, file.today):
            found.append(one)
    return found


def _is_expected(file: PathwayFile, stay: Enrolment) -> bool:
    today = file.today
    if stay.part != Part.PARTICIPANT or stay.entered_on is None or stay.entered_on > today:
        return False
    paused = any(
        row.enrolment_id == stay.pk
        and row.starts_on <= today
        and (row.ends_on is None or row.ends_on >= today)
        for row in file.pauses
    )
    return not paused and (stay.left_on is None or stay.left_on > today)


def _signs(file: PathwayFile, stay: Enrolment) -> Signs:
    today, lines = file.today, [row for row in file.attendances if row.enrolment_id == stay.pk]
    came = [row for row in lines if row.status == Presence.PRESENT]
    last: datetime | None = max((row.starts_at for row in came), default=None)
    met = [
        row.on
        for row in file.interviews
        if row.enrolment_id == stay.pk and row.state == InterviewState.HELD and row.on <= today
    ]
    pauses = [
        row.ends_on
        for row in file.pauses
        if row.enrolment_id == stay.pk and row.ends_on and row.ends_on < today
    ]
    absences = [
        row.on
        for row in lines
        if row.status == Presence.ABSENT
        and (last is None or row.starts_at > last)
        and row.on <= today
        and (row.session.closed_at or row.on < today)
    ]
    return Signs(
        entered_on=stay.entered_on,
        came_on=max((row.on for row in came), default=None),
        met_on=max(met, default=None),
        paused_until=max(pauses, default=None),
        absences=sorted(absences),
    )


def lines(scope: Scope, today: date) -> list[dict]:
    """Return what a page draws of each; why is told to who follows pathways, not to a leader."""
    return [
        {
            "person": stay.person,
            "phone": display_phone(stay.person.phone),
            "words": one.words(today) if scope.opens(Action.VIEW_PATHWAYS, stay.programme) else "",
            "can_note": scope.opens(Action.EDIT_PATHWAYS, stay.programme),
            "programme": stay.programme,
            "referent": stay.referent,
        }
        for stay, one in of_scope(scope, today)
    ]


def of_today(scope: Scope, objects: Sequence[models.Model]) -> dict:
    """Return, for the page of the day, who is to be asked how they are, the first few."""
    found = lines(scope, timezone.localdate())
    if not found:
        return {}
    return {None: {"rows": found[:MOST_TODAY], "more": max(len(found) - MOST_TODAY, 0)}}
