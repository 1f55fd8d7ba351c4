"""Doubles: files that may be of one person, and those that somebody said are two."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.fields import display_phone, sort_key
from autoprod.core.formatting import counted, day, day_range
from autoprod.core.scoping import Action, Scope
from beneficiaries.models import Attendance, Enrolment, NamesakePair, Person, PersonIdentity

#: Two first names written so much alike are the same one with a slip of the pen.
ALIKE = 0.75
SAME_NAME, SAME_BIRTH = "Même nom", "Même naissance"


@dataclass(frozen=True)
class Double:
    """Two files, the older first, and why they may be of one person."""

    first: Person
    second: Person
    reason: str


@dataclass(frozen=True)
class _Known:
    """What tells somebody apart: words of the names, birth."""

    person: Person
    words: frozenset[str]
    birth: tuple[int, ...]

    def may_be_born_as(self, other: "_Known") -> bool:
        """Tell whether the births may be the same; a year alone, or nothing, rules nothing out."""
        return all(a == b for a, b in zip(self.birth, other.birth, strict=False))


def proposed(scope: Scope) -> list[Double]:
    """Return the pairs to look at, by name: those already told apart are left out.

    Same words in the names, whatever their order, accents or case, and births that may be the
    same; or the same birth to the day and first name, or last name with a first name much alike.
    """
    everyone = _everyone(scope)
    told = set(NamesakePair.objects.values_list("first", "second"))
    found: dict[tuple[int, int], Double] = {}
    for reason, groups in (
        ("Même nom", _by_name(everyone)),
        ("Même naissance", _by_birth(everyone)),
    ):
        for one, other in _pairs(groups):
            first, second = sorted((one.person, other.person), key=lambda person: person.pk)
            key = (first.pk, second.pk)
            if key not in told and _is_double(one, other, reason):
                found.setdefault(key, Double(first, second, reason))
    return sorted(found.values(), key=lambda double: (double.first.sort_key, double.first.pk))


def _everyone(scope: Scope) -> list[_Known]:
    persons = Person.objects.for_scope(scope, Action.EDIT_PERSONS)
    seen = PersonIdentity.objects.for_scope(scope, Action.VIEW_IDENTITIES)
    births = {
        key: () if born_on is None else (born_on.year,) if year_only else born_on.timetuple()[:3]
        for key, born_on, year_only in seen.values_list("person", "born_on", "is_birth_year_only")
    }
    return [
        _Known(person, frozenset(sort_key(str(person)).split()), births.get(person.pk, ()))
        for person in persons
    ]


def _by_name(everyone: Iterable[_Known]) -> Iterable[list[_Known]]:
    groups = defaultdict(list)
    for known in everyone:
        person = known.person
        for last in {person.last_name, person.usual_name or person.last_name}:
            words = frozenset(sort_key(f"{person.first_name} {last}").split())
            groups[person.territory_id, words].append(known)
    return groups.values()


def _by_birth(everyone: Iterable[_Known]) -> Iterable[list[_Known]]:
    groups = defaultdict(list)
    for known in everyone:
        if len(known.birth) == 3:
            groups[known.person.territory_id, known.birth].append(known)
    return groups.values()


def _pairs(groups: Iterable[list[_Known]]) -> Iterator[tuple[_Known, _Known]]:
    for group in groups:
        for one, other in combinations(group, 2):
            if one.person.pk != other.person.pk:
                yield one, other


def _is_double(one: _Known, other: _Known, reason: str) -> bool:
    if reason == SAME_NAME:
        return one.may_be_born_as(other)
    a, b = one.person, other.person
    firsts = sort_key(a.first_name), sort_key(b.first_name)
    lasts = sort_key(a.last_name), sort_key(b.last_name)
    # A name changes with a marriage; of twins, the first names tell.
    return firsts[0] == firsts[1] or (lasts[0] == lasts[1] and _alike(*firsts))


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other).ratio() >= ALIKE


def facts_of(scope: Scope, persons: Iterable[Person]) -> dict[int, list[tuple[str, str]]]:
    """Return what helps to tell files apart, as (label, value) pairs by key, in three queries."""
    keys = {person.pk: person for person in persons}
    births = PersonIdentity.objects.for_scope(scope, Action.VIEW_IDENTITIES)
    born = {row.person_id: row for row in births.filter(person__in=keys)}
    rows = Enrolment.objects.for_scope(scope, Action.VIEW_PERSONS).filter(person__in=keys)
    stays: dict[int, list[str]] = {key: [] for key in keys}
    for row in rows.select_related("programme").order_by("entered_on", "pk"):
        stays[row.person_id].append(_said(row))
    lines = Attendance.objects.for_scope(scope, Action.VIEW_PERSONS).present()
    counted_by = lines.filter(enrolment__person__in=keys).order_by()
    presences = dict(
        counted_by.values_list("enrolment__person").annotate(number=Count("pk")).order_by()
    )
    return {
        key: [
            ("Naissance", _birth(born.get(key))),
            ("Téléphone", display_phone(person.phone)),
            ("Inscriptions", ", ".join(stays[key])),
            ("Présences", counted(presences.get(key, 0), "présence", "présences")),
            ("Fiche ouverte", day(timezone.localdate(person.created_at))),
        ]
        for key, person in keys.items()
    }


def _said(row: Enrolment) -> str:
    if row.entered_on is None:
        return f"{row.programme} (en attente)"
    return f"{row.programme} ({day_range(row.entered_on, row.left_on)})"


def _birth(identity: PersonIdentity | None) -> str:
    if identity is None or identity.born_on is None:
        return ""
    if identity.is_birth_year_only:
        return f"{identity.born_on.year} (année seule)"
    return day(identity.born_on)


@transaction.atomic
def tell_apart(*, scope: Scope, one: Person, other: Person) -> NamesakePair:
    """Note that two files are two persons: they are not proposed again.

    ValidationError for a file and itself.
    """
    if one.pk == other.pk:
        raise ValidationError("Choisissez deux fiches différentes.")
    first, second = sorted((one, other), key=lambda person: person.pk)
    pair, is_new = NamesakePair.objects.get_or_create(first=first, second=second)
    if is_new:
        record(scope, Verb.CREATE, pair)
    return pair


@transaction.atomic
def propose_again(*, scope: Scope, pair: NamesakePair) -> None:
    """Take back what was said of two files."""
    record(scope, Verb.DELETE, pair)
    pair.delete()
