"""What the plain loops count: the presences, stays, interviews and persons, one by one."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from autoprod.core.periods import Period
from beneficiaries.models import Attendance, Enrolment, Interview, Person

Answer = tuple[object, dict[str, dict]]


def presences(programmes: set[int], period: Period) -> list[Attendance]:
    """Return the presences that count."""
    found = []
    for line in Attendance.objects.select_related("session", "enrolment__person"):
        session, enrolment = line.session, line.enrolment
        if line.status != "present" or session.programme_id not in programmes:
            continue
        if session.closed_at is None or not period.contains(session.on):
            continue
        if enrolment.part != "participant" or enrolment.entered_on is None:
            continue
        if enrolment.entered_on <= period.end:
            found.append(line)
    return found


def participants(programmes: set[int]) -> list[Enrolment]:
    """Return the enrolments of participants."""
    rows = Enrolment.objects.all()
    return [e for e in rows if e.programme_id in programmes and e.part == "participant"]


def stays(programmes: set[int], period: Period) -> list[Enrolment]:
    """Return the stays of participants that share a day with the period."""
    return [
        e
        for e in participants(programmes)
        if e.entered_on and period.overlaps(e.entered_on, e.left_on)
    ]


def interviews(programmes: set[int], period: Period) -> list[Interview]:
    """Return the interviews of participants held in the period."""
    return [
        row
        for row in Interview.objects.all()
        if row.enrolment.programme_id in programmes
        and row.enrolment.part == "participant"
        and row.state == "held"
        and period.contains(row.on)
    ]


def touched_stays(programmes: set[int], period: Period) -> list[Enrolment]:
    """Return the stays with a presence that counts, or an interview held."""
    came = {line.enrolment_id for line in presences(programmes, period)}
    met = {row.enrolment_id for row in interviews(programmes, period)}
    return [e for e in stays(programmes, period) if e.pk in came or e.pk in met]


def touched(programmes: set[int], period: Period) -> list[Person]:
    """Return the persons of the « file active »."""
    found: list[Person] = []
    for stay in touched_stays(programmes, period):
        if stay.person not in found:
            found.append(stay.person)
    return found


def counted(rows: Iterable, key: Callable, weight: Callable = lambda row: 1) -> dict:
    """Return {key: sum}."""
    found: dict = defaultdict(int)
    for row in rows:
        found[key(row)] += weight(row)
    return dict(found)
