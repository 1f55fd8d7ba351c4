"""Export of an agenda as a calendar: appointments without a name."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from autoprod.core.calendars import Event, written
from autoprod.core.periods import ONE_DAY
from beneficiaries.models import Interview

#: How long an appointment takes when nobody said.
USUAL_MINUTES = 60


def calendar(interviews: Iterable[Interview], *, made_at: datetime) -> bytes:
    """Return the appointments as a calendar; each comes with its programme's territory at hand.

    A telephone and its maker keep a calendar: an event says the number of the file, never who.
    """
    return written(map(_event, interviews), made_at=made_at)


def _event(interview: Interview) -> Event:
    starts, ends = _bounds(interview)
    return Event(
        uid=f"entretien-{interview.pk}@autoprod",
        sequence=interview.version,
        starts=starts,
        ends=ends,
        summary=f"Entretien, fiche n° {interview.enrolment.person_id}",
        is_private=True,
    )


def _bounds(interview: Interview) -> tuple[datetime, datetime] | tuple[date, date]:
    """Return the two bounds; the whole day when no hour is known."""
    if interview.at is None:
        return interview.on, interview.on + ONE_DAY
    zone = interview.enrolment.programme.territory.zone
    # An hour that spring skips is typed by mistake: it must not hold back the other appointments.
    start = datetime.combine(interview.on, interview.at, tzinfo=zone).astimezone(UTC)
    return start, start + timedelta(minutes=interview.minutes or USUAL_MINUTES)
