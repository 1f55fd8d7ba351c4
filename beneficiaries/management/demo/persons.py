"""The demo's people in the base: names, identities and dated situations."""

from collections.abc import Iterable
from datetime import date, datetime, time

from beneficiaries.management.demo import answers, contacts
from beneficiaries.management.demo.cohorts import Someone
from beneficiaries.management.demo.lots import draw, lot
from beneficiaries.models import Person, PersonAddress, PersonIdentity, Situation
from programmes.management.demo.sessions import ZONE
from programmes.models import District, Organisation, ReferenceCode, Territory

#: Invented, so that no address is somebody's.
_STREETS = ("rue des Semis", "allée du Compost", "impasse de la Binette", "place du Potager")
_BATCH = 200
#: The columns of a situation that are a value of a reference list, and that list.
_LISTS = {
    "education_level": "education_levels",
    "employment_status": "employment_status_entry",
    "housing_status": "housing_status",
    "household_type": "household_types",
}

People = dict[tuple[int, int], Person]


def codes(list_name: str) -> dict[str, ReferenceCode]:
    """Return the shipped values of a reference list, by code."""
    rows = ReferenceCode.objects.in_list(list_name).filter(territory=None)
    return {row.code: row for row in rows.order_by("pk")}


def load(*, territory: Territory, people: Iterable[Someone], on: date) -> People:
    """Create who is known on a day and not there yet; return all of them by their key."""
    known = [someone for someone in people if someone.known_on <= on]
    found = _found(territory)
    new = [someone for someone in known if _name(someone) not in found]
    if new:
        _create(territory, new, on)
        found = _found(territory)
    persons = {someone.key: found[_name(someone)] for someone in known}
    _load_situations(territory, persons, known, on)
    return persons


def _name(someone: Someone) -> tuple[str, str]:
    return someone.first_name, someone.last_name


def _found(territory: Territory) -> dict[tuple[str, str], Person]:
    rows = Person.objects.filter(territory=territory).order_by("-pk")
    return {(row.first_name, row.last_name): row for row in rows}


def _create(territory: Territory, people: list[Someone], on: date) -> None:
    persons = [_person(territory, someone) for someone in people]
    Person.objects.bulk_create(persons, batch_size=_BATCH)
    for person, someone in zip(persons, people, strict=True):
        person.created_at = datetime.combine(someone.known_on, time(9), tzinfo=ZONE)
    Person.objects.bulk_update(persons, ["created_at"], batch_size=_BATCH)
    _create_identities(territory, persons, people, on)
    PersonAddress.objects.bulk_create(
        (_address(person, someone) for person, someone in zip(persons, people, strict=True)),
        batch_size=_BATCH,
    )


def _create_identities(
    territory: Territory, persons: list[Person], people: list[Someone], on: date
) -> None:
    sexes = codes("sex")
    houses, rows = _houses(territory), []
    for person, someone in zip(persons, people, strict=True):
        row = _identity(person, someone, sexes.get(someone.row["sex"]))
        row.domiciled_by = houses.get(contacts.contact_of(someone).get("domiciled_by"))
        row.domiciled_until = contacts.domiciled_until(someone, on)
        rows.append(row)
    PersonIdentity.objects.bulk_create(rows, batch_size=_BATCH)


def _houses(territory: Territory) -> dict[str, Organisation]:
    return {row.name: row for row in Organisation.objects.filter(territory=territory)}


def _person(territory: Territory, someone: Someone) -> Person:
    has_contact, told = bool(someone.row["emergency"]), contacts.contact_of(someone)
    return Person(
        territory=territory,
        first_name=someone.first_name,
        last_name=someone.last_name,
        phone=_phone(someone, "own") if someone.row["phone"] else "",
        contact_name=told.get("contact_name", ""),
        contact_phone=_phone(someone, "contact") if told.get("contact_name") else "",
        emergency_name=f"Un proche de {someone.first_name}" if has_contact else "",
        emergency_phone=_phone(someone, "proche") if has_contact else "",
        activity_notes=told.get("activity_notes", ""),
    )


def _phone(someone: Someone, whose: str) -> str:
    """Return a number of the block kept for fiction (Arcep, plan national de numérotation)."""
    return f"063998{int(lot('phone', whose, *someone.key) * 10_000):04}"


def _identity(person: Person, someone: Someone, sex: ReferenceCode | None) -> PersonIdentity:
    has_email = bool(someone.row["email"])
    return PersonIdentity(
        person=person,
        sex=sex,
        born_on=contacts.born_on(someone),
        is_birth_year_only=bool(contacts.contact_of(someone).get("is_birth_year_only")),
        email=f"personne-{someone.year}-{someone.number}@demo.example" if has_email else "",
    )


def _address(person: Person, someone: Someone) -> PersonAddress:
    number = 1 + int(lot("street number", *someone.key) * 80)
    street = f"{number} {draw(_STREETS, 'street', *someone.key)}"
    return PersonAddress(
        person=person,
        street=street,
        postcode="59300",
        city="Valenciennes",
        is_hidden=bool(contacts.contact_of(someone).get("is_address_hidden")),
    )


def _load_situations(
    territory: Territory, persons: People, people: list[Someone], on: date
) -> None:
    rows = Situation.objects.filter(person__territory=territory)
    there = set(rows.order_by("pk").values_list("person", "observed_on"))
    houses = _houses(territory)
    districts = {row.name: row for row in District.objects.filter(territory=territory)}
    lists = {column: codes(name) for column, name in (_LISTS | answers.LISTS).items()}
    new = []
    for someone in people:
        person = persons[someone.key]
        for day, values in someone.situations:
            if day > on or (person.pk, day) in there or not any(values.values()):
                continue
            told = values | answers.answers_of(someone, values)
            situation = Situation(
                person=person,
                observed_on=day,
                district=districts.get(values["district"]),
                sheltered_by=houses.get(answers.shelter_of(someone, told)),
                dependent_children=answers.children_of(someone, values["household_type"]),
                **{name: found.get(told.get(name, "")) for name, found in lists.items()},
            )
            resources = answers.resources_of(someone, values)
            new.append((situation, [values["minimum_income"]], resources))
    _create_situations(new)


def _create_situations(new: list[tuple[Situation, list[str], list[str]]]) -> None:
    """Create situations, each with the codes of its minimum incomes and other resources."""
    situations = [row for row, _, _ in new]
    Situation.objects.bulk_create(situations, batch_size=_BATCH)
    for row in situations:
        row.recorded_at = datetime.combine(row.observed_on, time(10), tzinfo=ZONE)
    Situation.objects.bulk_update(situations, ["recorded_at"], batch_size=_BATCH)
    incomes, resources = codes("minimum_income"), codes("resources")
    _link(Situation.minimum_incomes.through, ((row, told, incomes) for row, told, _ in new))
    _link(Situation.resources.through, ((row, told, resources) for row, _, told in new))


def _link(through: type, lines: Iterable[tuple]) -> None:
    links = [
        through(situation=row, referencecode=known[code])
        for row, told, known in lines
        for code in told
        if code
    ]
    through.objects.bulk_create(links, batch_size=_BATCH)
