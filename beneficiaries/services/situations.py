"""Situations: read with their minimum incomes, and copied to start the next one."""

import re
from collections import defaultdict
from collections.abc import Iterable

from autoprod.core.scoping import Action, Scope
from beneficiaries.models import Person, Situation
from programmes.models import ReferenceCode

#: Links to reference lists.
CODES = ("education_level", "employment_status", "housing_status", "household_type")
#: What a new situation starts from: what has not changed is not typed again.
COPIED = ("district", "no_fixed_address", *CODES)
_ACRONYM = re.compile(r"\((\w+)\)$")


def is_declined(code: ReferenceCode) -> bool:
    """Tell whether the code says that somebody was asked and would rather not answer."""
    return bool(code.meta.get("declined"))


def short_label(code: ReferenceCode) -> str:
    """Return « AAH » for « Allocation aux adultes handicapés (AAH) », the label otherwise."""
    found = _ACRONYM.search(code.label)
    return found[1] if found else code.label


def without_detail(label: str) -> str:
    """Return « Niveau V bis » for « Niveau V bis (troisième, quatrième…) »."""
    return label.partition(" (")[0]


def last_of(scope: Scope, person: Person) -> Situation | None:
    """Return somebody's newest situation with its `incomes`, None when unknown or closed."""
    rows = Situation.objects.for_scope(scope, Action.VIEW_SITUATIONS).of(person)
    rows = rows.select_related("district", *CODES)
    return next(iter(with_incomes(rows.order_by("-observed_on")[:1])), None)


def proposed_from(last: Situation | None) -> dict:
    """Return the first values of a new situation: those of the last one."""
    if last is None:
        return {}
    copied = {name: getattr(last, name) for name in COPIED}
    return copied | {"minimum_incomes": [code.pk for code in last.incomes]}


def with_incomes(situations: Iterable[Situation]) -> list[Situation]:
    """Return the situations, each with its `incomes` (codes), in one query for all."""
    situations = list(situations)
    links = Situation.minimum_incomes.through.objects.filter(situation__in=situations)
    incomes = defaultdict(list)
    for link in links.select_related("referencecode").order_by("referencecode__position"):
        incomes[link.situation_id].append(link.referencecode)
    for situation in situations:
        situation.incomes = incomes[situation.pk]
    return situations
