"""Search of persons by some letters of their names, and what is said of a file out of the scope."""

from dataclasses import dataclass, field

from django.db.models import Case, Q, QuerySet, Value, When

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.fields import search_key, sort_key
from autoprod.core.scoping import Action, Scope
from beneficiaries.models import Enrolment, Person, PersonIdentity

#: What the journal keeps when somebody learns that a file exists elsewhere.
TOLD = "recherche par le nom entier\u00a0: l’existence d’une fiche a été dite"


@dataclass
class Found:
    """A person found, with what tells two people of one name apart."""

    person: Person
    programmes: list[str] = field(default_factory=list)
    birth_year: int | None = None

    @property
    def note(self) -> str:
        """Return « Jardin du cœur · 1973 »: the programmes, and the year of birth if it is open."""
        return " · ".join([*self.programmes, *([str(self.birth_year)] if self.birth_year else [])])


def search(scope: Scope, typed: str, *, most: int) -> tuple[list[Found], bool]:
    """Return the persons of the scope whose names hold what is typed, and whether there are more.

    Names that begin with it come first. In three queries, however many are found.
    """
    rows = Person.objects.for_scope(scope, Action.VIEW_PERSONS).matching(typed)
    rows = rows.alias(rank=_rank(typed)).order_by("rank", "sort_key", "pk")
    persons = list(rows[: most + 1])
    shown = [Found(person) for person in persons[:most]]
    _add_programmes(scope, shown)
    _add_birth_years(scope, shown)
    return shown, len(persons) > most


def _rank(typed: str) -> Case:
    """Sort first the names whose words begin with each word typed."""
    begins = Q()
    for word in sort_key(typed).split():
        begins &= Q(sort_key__startswith=word) | Q(sort_key__contains=f" {word}")
    return Case(When(begins, then=Value(0)), default=Value(1))


def _add_programmes(scope: Scope, shown: list[Found]) -> None:
    rows = Enrolment.objects.for_scope(scope, Action.VIEW_PERSONS)
    rows = rows.filter(person__in=[one.person for one in shown])
    named = {(row.person_id, row.programme.name) for row in rows.select_related("programme")}
    for one in shown:
        one.programmes = sorted(name for key, name in named if key == one.person.pk)


def _add_birth_years(scope: Scope, shown: list[Found]) -> None:
    if not scope.allows(Action.VIEW_IDENTITIES):
        return
    rows = PersonIdentity.objects.for_scope(scope, Action.VIEW_IDENTITIES)
    rows = rows.filter(person__in=[one.person for one in shown], born_on__isnull=False)
    years = {key: born_on.year for key, born_on in rows.values_list("person", "born_on")}
    for one in shown:
        one.birth_year = years.get(one.person.pk)


def tell_elsewhere(scope: Scope, typed: str) -> bool:
    """Tell whether only files out of the scope, on its territories, have exactly the name typed.

    A first name and a last name, whole: some letters would let anybody guess who is followed. It
    is said to those who may ask for a file, and the journal keeps that it was.
    """
    words = sorted(sort_key(typed).split())
    territories = scope.keys("territory", Action.EDIT_PERSONS)
    if len(words) < 2 or not territories:
        return False
    rows = Person.objects.matching(typed)
    mine = rows.for_scope(scope, Action.VIEW_PERSONS)
    if _named(mine, words):
        return False
    elsewhere = _named(rows.filter(territory__in=territories), words)
    for person in elsewhere:
        record(scope, Verb.READ, person, reason=TOLD)
    return bool(elsewhere)


def _named(rows: QuerySet[Person], words: list[str]) -> list[Person]:
    """Return the persons whose first name and one or both last names are these words, sorted."""
    return [person for person in rows if words in _full_names(person)]


def _full_names(person: Person) -> list[list[str]]:
    first, last, usual = person.first_name, person.last_name, person.usual_name
    names = [(first, last), (first, usual), (first, last, usual)] if usual else [(first, last)]
    return [sorted(search_key(*name).split()) for name in names]
