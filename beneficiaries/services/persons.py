"""Persons: doubles, what holds a file, what is said under a name."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.fields import sort_key
from autoprod.core.formatting import day
from autoprod.core.scoping import Action, Scope
from beneficiaries.columns.enrolments import place_of, referents_of
from beneficiaries.columns.persons import age_of
from beneficiaries.models import Enrolment, Person, PersonIdentity, Situation
from beneficiaries.services.households import homes_of, sweep
from beneficiaries.services.situations import is_declined, short_label

ELSEWHERE = (
    "Cette personne est inscrite dans une autre action, qui ne vous est pas ouverte\u00a0: sa "
    "fiche ne peut pas être supprimée d’ici."
)
KEPT = (
    "Cette fiche ne peut pas être supprimée\u00a0: il s’y rattache {names}. Notez plutôt la sortie."
)


@dataclass(frozen=True)
class Homonyms:
    """Persons of the same names on a territory: those in the scope, and whether others exist."""

    within: tuple[Person, ...] = ()
    elsewhere: bool = False

    def __bool__(self) -> bool:
        """Tell whether there is anybody."""
        return bool(self.within) or self.elsewhere


def homonyms_of(scope: Scope, person: Person) -> Homonyms:
    """Return who has the same names as somebody about to be written, accents and case apart.

    Outside the scope nothing is said but that a file exists.
    """
    first, lasts = sort_key(person.first_name), _last_names(person)
    rows = Person.objects.filter(territory=person.territory_id)
    known = [
        row
        for row in rows.matching(person.first_name)
        if sort_key(row.first_name) == first and _last_names(row) & lasts
    ]
    keys = [row.pk for row in known]
    opened = Person.objects.for_scope(scope, Action.EDIT_PERSONS).filter(pk__in=keys)
    within = set(opened.values_list("pk", flat=True))
    return Homonyms(
        within=tuple(row for row in known if row.pk in within),
        elsewhere=any(row.pk not in within for row in known),
    )


def _last_names(person: Person) -> set[str]:
    return {sort_key(name) for name in (person.last_name, person.usual_name) if name}


@transaction.atomic
def delete(*, scope: Scope, person: Person) -> None:
    """Delete a file opened by mistake, with its enrolments, identity and situations.

    Raise ValidationError when a programme out of the scope needs it too, or when presences, steps
    or outcomes depend on it.
    """
    # Held, so that nobody is ticked between the check of what depends on it and the deletion.
    list(Person.objects.select_for_update().filter(pk=person.pk))
    enrolments = Enrolment.objects.filter(person=person)
    opened = enrolments.for_scope(scope, Action.EDIT_PERSONS)
    if enrolments.exclude(pk__in=opened.order_by().values("pk")).exists():
        raise ValidationError(ELSEWHERE)
    try:
        with transaction.atomic():
            record(scope, Verb.DELETE, person)
            homes = homes_of(person)
            person.delete()
            sweep(homes)
    except ProtectedError as error:
        kinds = {str(obj._meta.verbose_name_plural) for obj in error.protected_objects}
        raise ValidationError(KEPT.format(names=f"des {', des '.join(sorted(kinds))}")) from error


def rank(enrolment: Enrolment) -> tuple:
    """Return the key that sorts enrolments by what they say of today.

    The greatest is under way, otherwise waiting, otherwise the last one over.
    """
    today = timezone.localdate()
    is_over = enrolment.left_on is not None and enrolment.left_on < today
    state = 0 if is_over else 1 + (enrolment.entered_on is not None)
    return state, enrolment.entered_on or date.min, enrolment.pk


def headline(
    enrolment: Enrolment | None,
    identity: PersonIdentity | None = None,
    situation: Situation | None = None,
) -> list[str]:
    """Return what stands under a name: age, district, resources, entry, referent; what is known.

    Whoever calls gives only what the scope opens; the situation comes with its `incomes`.
    """
    age = age_of(identity, timezone.localdate())
    facts = [age] if age else []
    if situation:
        facts += _of_situation(situation)
    return facts + (_of_enrolment(enrolment) if enrolment else [])


def _of_situation(situation: Situation) -> list[str]:
    told = [code for code in situation.incomes if code.code != "aucun" and not is_declined(code)]
    return [word for word in (place_of(situation), *map(short_label, told)) if word]


def _of_enrolment(enrolment: Enrolment) -> list[str]:
    facts = []
    if enrolment.left_on:
        facts.append(f"sortie le {day(enrolment.left_on)}")
    elif enrolment.entered_on:
        facts.append(f"entrée le {day(enrolment.entered_on)}")
    else:
        facts.append("en attente")
    if names := referents_of(enrolment):
        word = "référent" if len(names) == 1 else "référents"
        facts.append(f"{word}\u00a0: {' et '.join(names)}")
    return facts
