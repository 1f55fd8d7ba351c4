"""Who is expected at the half-days of the demo's year, as the schedule of the gardens has it."""

from datetime import date

from beneficiaries.enums import Part
from beneficiaries.models import Enrolment, ScheduleMember
from programmes.models import Programme, Schedule

_BATCH = 200


def load(*, programme: Programme, on: date) -> None:
    """Expect the participants of the day at the schedule of its year, and no longer who left."""
    schedule = Schedule.objects.filter(programme=programme, starts_on__year=on.year).first()
    if schedule is None:
        return
    rows = ScheduleMember.objects.filter(schedule__programme=programme)
    gone = rows.filter(ends_on=None, enrolment__left_on__lte=on).select_related("enrolment")
    changed = list(gone.order_by("pk"))
    for row in changed:
        row.ends_on, row.version = max(row.enrolment.left_on, row.starts_on), row.version + 1
    ScheduleMember.objects.bulk_update(changed, ["ends_on", "version"], batch_size=_BATCH)
    stays = Enrolment.objects.filter(programme=programme, part=Part.PARTICIPANT).ongoing(on)
    there = rows.filter(schedule=schedule).order_by().values("enrolment")
    ScheduleMember.objects.bulk_create(
        ScheduleMember(
            enrolment=stay,
            schedule=schedule,
            starts_on=max(stay.entered_on, schedule.starts_on),
        )
        for stay in stays.exclude(pk__in=there).order_by("pk")
    )
