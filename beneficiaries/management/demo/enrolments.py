"""The demo's enrolments: referred, accepted, entered, gone, as far as the day of the demo."""

from collections.abc import Iterable
from datetime import date, timedelta

from autoprod.accounts.models import User
from beneficiaries.management.demo.cohorts import Someone, Stay
from beneficiaries.management.demo.contacts import contact_of
from beneficiaries.management.demo.persons import People, codes
from beneficiaries.models import Enrolment
from programmes.models import Organisation, Programme, ReferenceCode

_ACCEPTED_AFTER = timedelta(days=7)
_BATCH = 200

#: A stay is found by who it is of and the day it is first known.
Stays = dict[tuple[tuple[int, int], date], Enrolment]


def load(*, programme: Programme, persons: People, people: Iterable[Someone], on: date) -> Stays:
    """Create the stays known on a day, move on those that are there; return all of them."""
    wanted = {
        (someone.key, stay.known_on): (someone, stay)
        for someone in people
        for stay in someone.stays
        if stay.known_on <= on
    }
    found = _found(programme, persons, wanted)
    motives = codes("exit_motives")
    changed = [row for key, row in found.items() if _moves_on(row, wanted[key][1], motives, on)]
    fields = ["accepted_on", "entered_on", "left_on", "exit_motive", "version"]
    Enrolment.objects.bulk_update(changed, fields, batch_size=_BATCH)
    new = [one for key, one in wanted.items() if key not in found]
    if not new:
        return found
    _create(programme, persons, new, on)
    return _found(programme, persons, wanted)


def _found(programme: Programme, persons: People, wanted: dict) -> Stays:
    rows = Enrolment.objects.filter(programme=programme).order_by("pk")
    there = {(row.person_id, row.part, row.referred_on or row.entered_on): row for row in rows}
    found = {}
    for (key, known_on), (someone, _) in wanted.items():
        row = there.get((persons[key].pk, someone.row["part"], known_on))
        if row is not None:
            found[key, known_on] = row
    return found


def _moves_on(row: Enrolment, stay: Stay, motives: dict[str, ReferenceCode], on: date) -> bool:
    """Write what time brought; what somebody wrote stays, and a stay that is over does not move."""
    if row.left_on is not None:
        return False
    before = (row.accepted_on, row.entered_on, row.left_on)
    if row.entered_on is None:
        row.accepted_on = row.accepted_on or _reached(_accepted_on(stay), on)
        row.entered_on = _reached(stay.entered_on, on)
    row.left_on = _reached(stay.left_on, on)
    if row.left_on:
        row.exit_motive = motives.get(stay.exit_motive)
    if before == (row.accepted_on, row.entered_on, row.left_on):
        return False
    row.version += 1
    return True


def _reached(day: date | None, on: date) -> date | None:
    return day if day is not None and day <= on else None


def _accepted_on(stay: Stay) -> date | None:
    """Return the day a referral is accepted: a week later, by the day of entry at the latest."""
    if stay.referred_on is None:
        return None
    return min(stay.referred_on + _ACCEPTED_AFTER, stay.entered_on or date.max)


def _create(
    programme: Programme, persons: People, new: list[tuple[Someone, Stay]], on: date
) -> None:
    users = {user.email: user for user in User.objects.all()}
    partners = {o.name: o for o in Organisation.objects.filter(territory=programme.territory)}
    sources, motives = codes("referral_sources"), codes("exit_motives")
    enrolments = []
    for someone, stay in new:
        told = contact_of(someone)
        enrolment = Enrolment(
            person=persons[someone.key],
            programme=programme,
            level=someone.row["level"],
            part=someone.row["part"],
            referent=users.get(f"{someone.row['referent']}@demo.example"),
            co_referent=users.get(f"{told.get('co_referent')}@demo.example"),
            outside_referent=told.get("outside_referent", ""),
            referral_source=sources.get(someone.row["referral_source"]),
            referred_by=partners.get(someone.row["referred_by"]),
            referred_on=stay.referred_on,
        )
        _moves_on(enrolment, stay, motives, on)
        enrolment.version = 1
        enrolments.append(enrolment)
    Enrolment.objects.bulk_create(enrolments, batch_size=_BATCH)
