"""Export of an agenda as iCalendar (RFC 5545): appointments without a name, hours in UTC."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from autoprod.core.periods import ONE_DAY
from beneficiaries.models import Interview

CALENDAR_TYPE = "text/calendar; charset=utf-8"
#: How long an appointment takes when nobody said.
USUAL_MINUTES = 60
#: A line of the format holds so many octets.
LONGEST_LINE = 75


def calendar(interviews: Iterable[Interview], *, made_at: datetime) -> bytes:
    """Return the appointments as a calendar; each comes with its programme's territory at hand.

    A telephone and its maker keep a calendar: an event says the number of the file, never who.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Autoprod//Agenda//FR"]
    for interview in interviews:
        lines += _event(interview, made_at)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line)).encode()


def _event(interview: Interview, made_at: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:entretien-{interview.pk}@autoprod",
        f"SEQUENCE:{interview.version}",
        f"DTSTAMP:{_instant(made_at)}",
        *_when(interview),
        f"SUMMARY:Entretien\\, fiche n° {interview.enrolment.person_id}",
        "CLASS:PRIVATE",
        "END:VEVENT",
    ]


def _when(interview: Interview) -> list[str]:
    """Return the two bounds; the whole day when no hour is known."""
    if interview.at is None:
        days = (interview.on, interview.on + ONE_DAY)
        return [f"{name};VALUE=DATE:{on:%Y%m%d}" for name, on in zip(BOUNDS, days, strict=True)]
    zone = interview.enrolment.programme.territory.zone
    # An hour that spring skips is typed by mistake: it must not hold back the other appointments.
    start = datetime.combine(interview.on, interview.at, tzinfo=zone).astimezone(UTC)
    length = timedelta(minutes=interview.minutes or USUAL_MINUTES)
    instants = (start, start + length)
    return [f"{name}:{_instant(at)}" for name, at in zip(BOUNDS, instants, strict=True)]


BOUNDS = ("DTSTART", "DTEND")


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> Iterator[str]:
    """Cut a line so that no piece is too long in octets; the next ones start with a space."""
    piece = ""
    for character in line:
        if len((piece + character).encode()) > LONGEST_LINE:
            yield piece
            piece = " "
        piece += character
    yield piece
