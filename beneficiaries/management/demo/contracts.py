"""The demo's contracts: hours a week agreed with two persons, and one exemption."""

from collections.abc import Iterable
from datetime import date

from beneficiaries.management.demo.cohorts import Someone, working_day_of
from beneficiaries.management.demo.enrolments import Stays
from beneficiaries.management.demo.pathways import facts_of
from beneficiaries.management.demo.persons import codes
from beneficiaries.models import EngagementContract
from programmes.models import Programme


def load(*, programme: Programme, people: Iterable[Someone], stays: Stays, on: date) -> None:
    """Create the contracts signed by a day; end those of who left."""
    rows = EngagementContract.objects.filter(enrolment__programme=programme).order_by("pk")
    there = {(row.enrolment_id, row.starts_on): row for row in rows}
    exemptions, new, over = codes("exemption_reasons"), [], []
    for told, someone, stay in facts_of(people, "contracts", "starts_on"):
        enrolment = stays.get((someone.key, stay.known_on)) if stay else None
        starts_on = working_day_of(told["starts_on"], someone.year)
        if enrolment is None or starts_on > on:
            continue
        row = there.get((enrolment.pk, starts_on))
        if row is None:
            row = EngagementContract(
                enrolment=enrolment,
                signed_on=starts_on,
                starts_on=starts_on,
                weekly_minutes=int(told["hours"]) * 60 if told["hours"] else None,
                exemption=exemptions.get(told["exemption"]),
                agreed_by=enrolment.referent,
                ends_on=enrolment.left_on,
            )
            new.append(row)
        elif row.ends_on is None and enrolment.left_on:
            row.ends_on = enrolment.left_on
            row.version += 1
            over.append(row)
    EngagementContract.objects.bulk_create(new)
    EngagementContract.objects.bulk_update(over, ["ends_on", "version"])
