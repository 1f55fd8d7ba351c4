"""Addresses: who reads one that is hidden, what is said to the others."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef

from autoprod.core.scoping import Action, Scope
from beneficiaries.columns.enrolments import referents_of
from beneficiaries.models import Enrolment, Person, PersonAddress


def of_persons(scope: Scope, persons: Sequence[Person]) -> dict:
    """Return the address of each person, or that one is hidden from the reader.

    Those whose identity is closed to the scope are left out: they are not even told.
    """
    opened = Person.objects.for_scope(scope, Action.VIEW_IDENTITIES)
    opened = opened.filter(pk__in=[person.pk for person in persons]).order_by()
    written = Exists(PersonAddress.objects.filter(person=OuterRef("pk")))
    known = {row.person_id: row for row in _seen(scope).filter(person__in=persons)}
    return {
        key: {
            "row": known.get(key),
            "lines": lines_of(known.get(key)),
            "is_closed": has_address and key not in known,
        }
        for key, has_address in opened.values_list("pk", written)
    }


def lines_of(address: PersonAddress | None) -> list[str]:
    """Return the lines of an address, those that are known."""
    if address is None:
        return []
    lines = (address.street, f"{address.postcode} {address.city}".strip())
    return [line for line in lines if line]


def is_closed_to(scope: Scope, person: Person) -> bool:
    """Tell whether somebody has an address that this scope may neither read nor overwrite."""
    mine = _seen(scope).of(person)
    return PersonAddress.objects.of(person).exclude(pk__in=mine.values("pk")).exists()


def follows(scope: Scope, person: Person) -> bool:
    """Tell whether who asks is a referent of the person today: they read a hidden address."""
    return _open_stays(person).followed_by(scope.actor_key).exists()


def followers_of(scope: Scope, person: Person) -> list[str]:
    """Return the full names of the person's referents today, those the scope may know."""
    rows = _open_stays(person).for_scope(scope, Action.VIEW_PERSONS)
    rows = rows.select_related("referent", "co_referent")
    return list(dict.fromkeys(name for row in rows for name in referents_of(row)))


def is_followed(person: Person) -> bool:
    """Tell whether some referent who can still log in would read a hidden address."""
    return _open_stays(person).filter(referent__is_active=True).exists() or (
        _open_stays(person).filter(co_referent__is_active=True).exists()
    )


def _seen(scope: Scope):
    return PersonAddress.objects.for_scope(scope, Action.VIEW_IDENTITIES)


def _open_stays(person: Person):
    return Enrolment.objects.filter(person=person, left_on=None)
