"""The demo's roll calls in the base, as far as the day of the demo, and who was in a workshop."""

import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, Subquery

from beneficiaries.enums import Presence
from beneficiaries.management.demo.enrolments import Stays
from beneficiaries.management.demo.lots import lot
from beneficiaries.management.demo.persons import codes
from beneficiaries.management.demo.roll import Mark, marks
from beneficiaries.models import Attendance, Enrolment, Statement, WorkshopParticipation
from programmes.management.demo.calendars import Half
from programmes.models import Programme, Session, Site, Workshop

_NAMESPACE = uuid.UUID("6f3a2b0e-6d0f-5c53-9f4e-0d2015000056")
#: Of those of the day's morning, how many are ticked when the visitor arrives.
_ALREADY_TICKED = 0.6
_BATCH = 200

#: A mark that is written down: its session, its enrolment.
Line = tuple[Mark, Session, Enrolment]


def load(
    *,
    programme: Programme,
    sessions: dict[datetime, Session],
    stays: Stays,
    years: list[int],
    on: date,
    until: datetime,
) -> None:
    """Create the missing lines of the half-days before `on`, and some of its morning's.

    On the day itself, nothing observed after `until`.
    """
    lines = [line for line in _lines(sessions, stays, years, on) if _observed_at(line[0]) <= until]
    _create_attendances(programme, lines)
    _begin_rolls(programme)
    _create_participations(programme, lines, on)


def _lines(
    sessions: dict[datetime, Session], stays: Stays, years: list[int], on: date
) -> Iterator[Line]:
    for mark in (mark for year in years for mark in marks(year)):
        if not _is_known(mark, on):
            continue
        session = sessions[mark.session.starts_at]
        enrolment = stays.get((mark.who.key, mark.who.stay_on(mark.session.day).known_on))
        if enrolment and not session.is_cancelled and _is_here(enrolment, mark.session.day):
            yield mark, session, enrolment


def _is_here(enrolment: Enrolment, day: date) -> bool:
    """Tell whether they are in that day: somebody may have changed it since."""
    entered, left = enrolment.entered_on, enrolment.left_on
    return entered is not None and entered <= day and (left is None or left >= day)


def _is_known(mark: Mark, on: date) -> bool:
    """Tell whether it is written down: the half-days before, and a part of this morning's."""
    session = mark.session
    if session.day != on:
        return session.is_over(on)
    is_there = mark.status == Presence.PRESENT and mark.starts_at == session.starts_at
    is_ticked = lot("ticked", session.starts_at, *mark.who.key) < _ALREADY_TICKED
    return session.half == Half.MORNING and is_there and is_ticked


def _create_attendances(programme: Programme, lines: list[Line]) -> None:
    rows = Attendance.objects.filter(session__programme=programme).order_by("pk")
    there = set(rows.values_list("session", "enrolment"))
    kept = _kept(programme)
    sites = {site.name: site for site in Site.objects.used_by(programme)}
    reasons = codes("absence_reasons")
    Attendance.objects.bulk_create(
        (
            Attendance(
                enrolment=enrolment,
                session=session,
                site=sites[mark.site],
                status=mark.status,
                reason=reasons.get(mark.reason),
                starts_at=mark.starts_at,
                ends_at=mark.ends_at,
                minutes=mark.minutes,
                on=mark.session.day,
                client_uuid=_uuid(mark),
                observed_at=_observed_at(mark),
            )
            for mark, session, enrolment in lines
            if (session.pk, enrolment.pk) not in there
            and (enrolment.pk, mark.session.day.replace(day=1)) not in kept
        ),
        batch_size=_BATCH,
    )


def _kept(programme: Programme) -> set[tuple[int, date]]:
    """Return the months (enrolment, first day) that stay as they are: somebody signed for them."""
    rows = Statement.objects.frozen().filter(enrolment__programme=programme)
    return set(rows.values_list("enrolment", "month"))


def _begin_rolls(programme: Programme) -> None:
    """Tell each session since when somebody is on its roll."""
    lines = Attendance.objects.filter(session=OuterRef("pk")).order_by("observed_at")
    silent = Session.objects.filter(programme=programme, roll_begun_at=None)
    silent.update(roll_begun_at=Subquery(lines.values("observed_at")[:1]))


def _uuid(mark: Mark) -> uuid.UUID:
    year, number = mark.who.key
    return uuid.uuid5(_NAMESPACE, f"{mark.session.starts_at.isoformat()} {year}-{number}")


def _observed_at(mark: Mark) -> datetime:
    """Return when it was ticked: on arrival, before for who sent word, a little later if absent."""
    delay = int(lot("observed", mark.session.starts_at, *mark.who.key) * 12)
    start = {Presence.EXCUSED: -30, Presence.ABSENT: 20, Presence.PRESENT: 0}[mark.status]
    return mark.starts_at + timedelta(minutes=start + delay)


def _create_participations(programme: Programme, lines: list[Line], on: date) -> None:
    """Write down who was there from the start to the end of each workshop that is over."""
    inside = defaultdict(list)
    for workshop in Workshop.objects.filter(session__programme=programme).order_by("pk"):
        inside[workshop.session_id].append(workshop)
    rows = WorkshopParticipation.objects.filter(workshop__session__programme=programme)
    there = set(rows.order_by("pk").values_list("workshop", "enrolment"))
    WorkshopParticipation.objects.bulk_create(
        (
            WorkshopParticipation(workshop=workshop, enrolment=enrolment)
            for mark, session, enrolment in lines
            if mark.status == Presence.PRESENT and mark.session.is_over(on)
            for workshop in inside[session.pk]
            if mark.starts_at <= workshop.starts_at and workshop.ends_at <= mark.ends_at
            if (workshop.pk, enrolment.pk) not in there
        ),
        batch_size=_BATCH,
    )
