"""The demo's homes: whom somebody lives with, as their first situation says it."""

from collections.abc import Iterable, Iterator
from datetime import date

from beneficiaries.management.demo.cohorts import Someone, pool
from beneficiaries.management.demo.lots import lot
from beneficiaries.management.demo.persons import People, codes
from beneficiaries.models import Household, HouseholdMember
from programmes.models import Territory

#: What of those who live with somebody told the team about them.
_TOLD = 0.8
_BATCH = 200


def load(*, territory: Territory, persons: People, people: Iterable[Someone], on: date) -> None:
    """Create the homes of who entered by a day."""
    rows = HouseholdMember.objects.filter(household__territory=territory)
    there = set(rows.exclude(person=None).order_by("pk").values_list("person", flat=True))
    relations = codes("household_relations")
    homes, members = [], []
    for someone in people:
        person, entered_on = persons[someone.key], someone.stays[0].entered_on
        others = list(_others(someone))
        if not others or entered_on is None or entered_on > on or person.pk in there:
            continue
        home = Household(territory=territory)
        homes.append(home)
        members.append(
            HouseholdMember(household=home, person=person, relation=relations["reference"])
        )
        members += [
            HouseholdMember(
                household=home, first_name=name, birth_year=year, relation=relations[relation]
            )
            for name, year, relation in others
        ]
    Household.objects.bulk_create(homes, batch_size=_BATCH)
    HouseholdMember.objects.bulk_create(members, batch_size=_BATCH)


def _others(someone: Someone) -> Iterator[tuple[str, int, str]]:
    """Yield the first name, the year of birth and the relation of who lives with somebody."""
    kind = someone.row["household_type"]
    if kind not in {"monoparental", "couple"} or lot("told", *someone.key) >= _TOLD:
        return
    names = [row["first_name"] for row in pool("children")]
    first = int(lot("names", *someone.key) * len(names))
    if kind == "couple":
        yield "Camille", someone.born_on.year + 2, "conjoint"
    count = int(lot("children", *someone.key) * 3) + (kind == "monoparental")
    for rank in range(count):
        born = max(someone.born_on.year + 21, someone.year - 16) + 3 * rank
        yield names[(first + rank) % len(names)], min(born, someone.year - 1), "enfant"
