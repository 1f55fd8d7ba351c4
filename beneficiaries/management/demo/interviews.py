"""The demo's interviews: those held so far with their notes, and the next appointment of many."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from beneficiaries.enums import InterviewState
from beneficiaries.management.demo.cohorts import Someone
from beneficiaries.management.demo.enrolments import Stays
from beneficiaries.management.demo.lots import lot
from beneficiaries.management.demo.meetings import Meeting, meetings
from beneficiaries.management.demo.persons import codes
from beneficiaries.models import Enrolment, Interview, InterviewNote
from programmes.models import Programme

#: How far ahead an appointment is given, and to how many.
_AHEAD = timedelta(days=45)
_GIVEN = 0.75
_BATCH = 200


def load(
    *, programme: Programme, people: Iterable[Someone], stays: Stays, years: list[int], on: date
) -> None:
    """Create the interviews known on a day, move on the appointments that are over."""
    found: dict[tuple[int, date], Interview] = {}
    for row in Interview.objects.filter(enrolment__programme=programme).order_by("pk"):
        found.setdefault((row.enrolment_id, row.on), row)
    modes, kinds = codes("interview_modes"), codes("interview_kinds")
    new, over, noted = [], [], []
    for meeting in _known(people, years, on):
        enrolment = stays.get((meeting.who.key, meeting.stay.known_on))
        if enrolment is None or not _is_here(enrolment, meeting.on):
            continue
        row = found.get((enrolment.pk, meeting.on))
        if row is None:
            row = Interview(
                enrolment=enrolment,
                state=InterviewState.PLANNED,
                on=meeting.on,
                at=meeting.at,
                mode=modes[meeting.mode],
                kind=kinds[meeting.kind],
                led_by=enrolment.referent,
            )
            new.append(row)
        elif row.state == InterviewState.PLANNED and meeting.on < on:
            row.version += 1
            over.append(row)
        else:
            continue
        if meeting.on < on:
            row.state, row.minutes = meeting.state, meeting.minutes
            noted.append((row, meeting))
    Interview.objects.bulk_create(new, batch_size=_BATCH)
    Interview.objects.bulk_update(over, ["state", "minutes", "version"], batch_size=_BATCH)
    _write_notes(noted)


def _known(people: Iterable[Someone], years: list[int], on: date) -> Iterator[Meeting]:
    """Yield the appointments that are over, and the next one of who was given any."""
    for someone in people:
        for stay in someone.stays:
            key = (someone.key, stay.known_on)
            planned = [m for year in years for m in meetings(year).get(key, ())]
            planned.sort(key=lambda meeting: meeting.on)
            yield from (meeting for meeting in planned if meeting.on < on)
            ahead = next((meeting for meeting in planned if meeting.on >= on), None)
            if ahead and _is_given(ahead, on):
                yield ahead


def _is_given(meeting: Meeting, on: date) -> bool:
    is_near = meeting.on - _AHEAD <= on and meeting.stay.entered_on < on
    return is_near and lot("given", meeting.on, *meeting.who.key) < _GIVEN


def _is_here(enrolment: Enrolment, day: date) -> bool:
    """Tell whether they are in that day: somebody may have changed it since."""
    entered, left = enrolment.entered_on, enrolment.left_on
    return entered is not None and entered <= day and (left is None or left >= day)


def _write_notes(noted: Iterable[tuple[Interview, Meeting]]) -> None:
    InterviewNote.objects.bulk_create(
        (
            InterviewNote(interview=row, author=row.led_by, level=level, text=text)
            for row, meeting in noted
            if row.led_by is not None
            for level, text in meeting.notes
        ),
        batch_size=_BATCH,
    )
