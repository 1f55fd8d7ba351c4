"""The demo's papers: booklets, monthly bilans and certificates put in people's hands."""

from collections.abc import Iterable, Iterator
from datetime import date

from autoprod.core.periods import Kind, Period
from beneficiaries.enums import InterviewState, PaperKind
from beneficiaries.management.demo.cohorts import Someone, Stay
from beneficiaries.management.demo.enrolments import Stays
from beneficiaries.management.demo.lots import lot
from beneficiaries.management.demo.meetings import meetings
from beneficiaries.models import Paper
from programmes.models import Programme

#: A booklet is handed over at one interview in so many, a bilan at one in two.
_BOOKLET_EVERY = 4
_REVIEWED = 0.5
_BATCH = 200


def load(
    *, programme: Programme, people: Iterable[Someone], stays: Stays, years: list[int], on: date
) -> None:
    """Create the papers handed over by a day, at interviews that were held."""
    rows = Paper.objects.filter(enrolment__programme=programme).order_by("pk")
    there = set(rows.values_list("enrolment", "kind", "handed_on"))
    new = []
    for someone in people:
        for stay in someone.stays:
            enrolment = stays.get((someone.key, stay.known_on))
            for kind, about, day in _papers(someone, stay, years) if enrolment else ():
                if day < on and (enrolment.pk, kind, day) not in there:
                    by = enrolment.referent
                    new.append(
                        Paper(
                            enrolment=enrolment,
                            kind=kind,
                            about=about,
                            handed_on=day,
                            handed_by=by,
                        )
                    )
    Paper.objects.bulk_create(new, batch_size=_BATCH)


def _papers(
    someone: Someone, stay: Stay, years: list[int]
) -> Iterator[tuple[PaperKind, str, date]]:
    planned = [m for year in years for m in meetings(year).get((someone.key, stay.known_on), ())]
    held = [meeting.on for meeting in planned if meeting.state == InterviewState.HELD]
    for rank, day in enumerate(sorted(held), start=1):
        if rank % _BOOKLET_EVERY == 0:
            yield PaperKind.BOOKLET, "", day
        elif lot("reviewed", day, *someone.key) < _REVIEWED:
            yield PaperKind.REVIEW, Period.containing(day, Kind.MONTH).previous().label, day
    if held and stay.left_on.year in years:
        yield PaperKind.CERTIFICATE, "", stay.left_on
