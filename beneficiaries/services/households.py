"""Households: who lives with whom today, and what may be said of each member."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import OuterRef, Subquery

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import day, day_range
from autoprod.core.scoping import Action, Scope
from beneficiaries.models import Household, HouseholdMember, Person, PersonIdentity

#: All that is said of a member whose file is out of the scope.
ELSEWHERE = "une personne suivie par une autre action"


@dataclass(frozen=True)
class Line:
    """A member of a household, as the reader may know them; `person` when their file is open."""

    key: int
    name: str
    person: Person | None = None
    facts: tuple[str, ...] = ()
    left_on: date | None = None
    #: A file that the reader does not open: nothing is written of this member from here.
    is_closed: bool = False


def of_persons(scope: Scope, persons: Sequence[Person]) -> dict:
    """Return the home of each person today and the days they left another one.

    Those whose situations are closed to the scope are left out.
    """
    opened = Person.objects.for_scope(scope, Action.VIEW_SITUATIONS)
    opened = opened.filter(pk__in=[person.pk for person in persons])
    keys = list(opened.order_by().values_list("pk", flat=True))
    shared = HouseholdMember.objects.filter(person__in=keys).values("household")
    members = list(_seen(scope).filter(household__in=shared).select_related("person", "relation"))
    own = [row for row in members if row.person_id in keys]
    homes = {row.person_id: row.household_id for row in own if row.left_on is None}
    lines = _lines(scope, [row for row in members if row.household_id in homes.values()])
    left = defaultdict(list)
    for row in own:
        if row.left_on and row.household_id != homes.get(row.person_id):
            left[row.person_id].append(day(row.left_on))
    return {
        key: {"lines": lines.get(homes.get(key), []), "left": left[key], "key": key} for key in keys
    }


def _seen(scope: Scope):
    return HouseholdMember.objects.for_scope(scope, Action.VIEW_SITUATIONS)


def _lines(scope: Scope, members: Iterable[HouseholdMember]) -> dict[int, list[Line]]:
    """Return {household: its lines}, those who still live there first.

    Of a file out of the scope, only that somebody of another programme lives there; once they have
    left, nothing: where they went is nobody's business here.
    """
    rows = sorted(members, key=lambda row: (row.left_on is not None, row.birth_year or 0, row.pk))
    years = _years(scope, [row.person_id for row in rows if row.person_id])
    lines = defaultdict(list)
    for row in rows:
        is_closed = bool(row.person_id) and row.person_id not in years
        if is_closed and row.left_on is None:
            lines[row.household_id].append(Line(row.pk, ELSEWHERE, is_closed=True))
        elif not is_closed:
            lines[row.household_id].append(_line(row, years))
    return lines


def _years(scope: Scope, files: list[int]) -> dict[int, int | None]:
    """Return {person: year of birth, None when unknown or closed}, for the files of the scope."""
    births = PersonIdentity.objects.for_scope(scope, Action.VIEW_IDENTITIES)
    born_on = Subquery(births.filter(person=OuterRef("pk")).order_by().values("born_on")[:1])
    opened = Person.objects.for_scope(scope, Action.VIEW_PERSONS).filter(pk__in=files)
    return {key: born and born.year for key, born in opened.order_by().values_list("pk", born_on)}


def _line(row: HouseholdMember, years: dict[int, int | None]) -> Line:
    year = years.get(row.person_id) if row.person_id else row.birth_year
    said = (
        row.relation.label if row.relation else "",
        str(year or ""),
        day_range(row.joined_on, row.left_on) if row.joined_on or row.left_on else "",
    )
    name = str(row.person) if row.person else row.first_name
    return Line(row.pk, name, row.person, tuple(filter(None, said)), row.left_on)


def home_of(person: Person) -> Household | None:
    """Return where somebody lives today, None when it is not noted."""
    return Household.objects.filter(members__person=person, members__left_on=None).first()


def lives_with(home: Household | None, person: Person) -> bool:
    """Tell whether somebody belongs to a home today."""
    rows = HouseholdMember.objects.filter(household=home, person=person, left_on=None)
    return home is not None and rows.exists()


@transaction.atomic
def open_home(*, scope: Scope, person: Person) -> Household:
    """Return the home of a person, a new one where they live alone when none is noted.

    The person is held: two colleagues who write the first member at once write one home.
    """
    list(Person.objects.select_for_update().filter(pk=person.pk))
    if home := home_of(person):
        return home
    home = Household.objects.create(territory=person.territory)
    member = HouseholdMember.objects.create(household=home, person=person)
    for row in (home, member):
        record(scope, Verb.CREATE, row)
    return home


@transaction.atomic
def remove(*, scope: Scope, member: HouseholdMember) -> None:
    """Delete a member noted by mistake; the home too, when nobody in it has a file any more."""
    record(scope, Verb.DELETE, member)
    home = member.household_id
    member.delete()
    sweep([home])


def homes_of(person: Person) -> list[int]:
    """Return the keys of the households a person belongs or belonged to."""
    rows = HouseholdMember.objects.filter(person=person)
    return list(rows.order_by().values_list("household", flat=True))


def sweep(keys: Iterable[int]) -> None:
    """Delete those of the households where nobody has a file: no scope would reach them again.

    The first names of children would stay in the base, which nothing could erase.
    """
    rows = Household.objects.filter(pk__in=list(keys))
    rows.exclude(members__person__isnull=False).delete()
