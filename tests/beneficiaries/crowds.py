"""Many followed persons at once, each with a bit of everything a line of a caseload says."""

from datetime import timedelta

from django.utils import timezone

from autoprod.core.periods import Kind, Period
from beneficiaries.enums import InterviewState, Level, Presence
from beneficiaries.models import (
    Attendance,
    Barrier,
    Enrolment,
    Interview,
    Person,
    Step,
    Suspension,
)
from tests.factories import programmes as make


def crowd(garden, number: int) -> list[Enrolment]:
    """Return so many stays of the garden, followed by its social worker."""
    persons = Person.objects.bulk_create(
        Person(
            territory=garden.territory,
            first_name=f"Prénom{n}",
            last_name=f"Nom{n:03}",
            sort_key=f"nom{n:03} prenom{n}",
            phone="0612345678",
        )
        for n in range(number)
    )
    stays = Enrolment.objects.bulk_create(
        Enrolment(
            person=person,
            programme=garden.programme,
            referent=garden.social_worker,
            entered_on=make.LONG_AGO,
            level=Level.PATHWAY,
        )
        for person in persons
    )
    _fill(garden, stays)
    return stays


def _fill(garden, stays: list[Enrolment]) -> None:
    today, session = timezone.localdate(), garden.held
    held = today - timedelta(days=40)
    # In the month: later, their interview of the month would still be to plan.
    planned = min(today + timedelta(days=2), Period.containing(today, Kind.MONTH).end)
    Interview.objects.bulk_create(
        [Interview(enrolment=s, on=held, state=InterviewState.HELD) for s in stays]
        + [Interview(enrolment=s, on=planned, state=InterviewState.PLANNED) for s in stays[::3]]
    )
    frein, step = make.code("barriers", "23"), make.code("step_kinds", "bilan_sante")
    strand = make.code("pathway_strands", "sante")
    Barrier.objects.bulk_create(Barrier(enrolment=s, kind=frein, identified_on=held) for s in stays)
    Step.objects.bulk_create(Step(enrolment=s, kind=step, strand=strand) for s in stays)
    Suspension.objects.bulk_create(Suspension(enrolment=s, starts_on=held) for s in stays[::7])
    Attendance.objects.bulk_create(
        Attendance(
            enrolment=s,
            session=session,
            site=garden.site,
            status=Presence.PRESENT,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            minutes=60,
            on=session.on,
            observed_at=session.starts_at,
        )
        for s in stays
    )
