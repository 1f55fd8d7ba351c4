"""Identities: what is said of a birth and of a domiciliation, whether somebody can be reached."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils import timezone

from autoprod.core.formatting import counted, day
from autoprod.core.scoping import Action, Scope
from beneficiaries.columns.persons import birth_of
from beneficiaries.models import Person, PersonIdentity

#: Time enough to renew a domiciliation: an appointment, then the papers.
SOON = timedelta(days=60)
UNREACHABLE = (
    "Aucun moyen de joindre {name} n’est noté. Dès que vous le saurez, ajoutez un téléphone, une "
    "adresse électronique ou un référent de contact\u00a0; le reste peut attendre."
)


def of_persons(scope: Scope, persons: Sequence[Person]) -> dict:
    """Return what is known of each person and what to do of their domiciliation.

    Those whose identity is closed to the scope are left out.
    """
    opened = Person.objects.for_scope(scope, Action.VIEW_IDENTITIES)
    opened = opened.filter(pk__in=[person.pk for person in persons])
    links = ("identity__sex", "identity__domiciled_by")
    today, cards = timezone.localdate(), {}
    for person in opened.select_related("identity", *links):
        known = getattr(person, "identity", None)
        cards[person.pk] = {"facts": facts_of(known), "renewal": renewal_of(known, on=today)}
    return cards


def facts_of(identity: PersonIdentity | None) -> list[tuple]:
    """Return what the card of the identity says; `sex` and `domiciled_by` must be at hand."""
    row = identity or PersonIdentity()
    facts = [
        ("Sexe", row.sex and row.sex.label),
        ("Naissance", birth_of(row)),
        ("Commune de naissance", row.birthplace),
        ("Adresse électronique", row.email),
    ]
    if row.domiciled_by:
        until = f", jusqu’au {day(row.domiciled_until)}" if row.domiciled_until else ""
        facts.append(("Domiciliation", f"{row.domiciled_by.name}{until}"))
    return facts


def renewal_of(identity: PersonIdentity | None, *, on: date) -> str:
    """Return what to do about a domiciliation that is over, or soon will be; empty otherwise.

    It lasts a year and is renewed on request (code de l’action sociale et des familles,
    article L. 264-2): without it, rights stop.
    """
    until = identity and identity.domiciled_until
    if not until or until > on + SOON:
        return ""
    if until < on:
        return f"La domiciliation a pris fin le {day(until)}\u00a0: elle se renouvelle sur demande."
    left = (until - on).days
    when = f"dans {counted(left, 'jour', 'jours')}" if left else "aujourd’hui"
    return (
        f"La domiciliation prend fin {when}, le {day(until)}\u00a0: c’est le moment de préparer le "
        "renouvellement avec la personne."
    )


def is_reachable(person: Person, identity: PersonIdentity | None) -> bool:
    """Tell whether a phone, an e-mail or somebody to go through is known."""
    email = identity.email if identity else ""
    return bool(person.phone or person.contact_name or person.contact_phone or email)


def missing_contact(person: Person, identity: PersonIdentity | None) -> str:
    """Return what to do for somebody nobody knows how to reach; empty for others."""
    return "" if is_reachable(person, identity) else UNREACHABLE.format(name=person)
