"""Several programmes at a glance: how many persons and how long, one line each."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from autoprod.core.periods import Period
from autoprod.core.scoping import Scope
from evaluation.enums import Audience
from evaluation.results import Ask, Result, Selection, audience_of, compute, written
from programmes.models import Programme

#: Which persons a line counts, and what they are called.
_PERSONS = {
    Audience.INTERNAL: ("persons_present", "personnes présentes"),
    Audience.DIFFUSION: ("persons_by_programme", "personnes touchées"),
}


@dataclass(frozen=True)
class Overview:
    """A line: the programme, how many persons and their hours, in words.

    `noun` says which persons: those who came, for the team; those touched, for the others.
    """

    programme: Programme
    persons: str
    noun: str
    hours: str


def overviews(scope: Scope, programmes: Iterable[Programme], period: Period) -> list[Overview]:
    """Return a line per programme, each in the edition that the scope reads of it.

    As many queries for one programme as for ten: those of one edition are read together.
    """
    groups = defaultdict(list)
    for programme in programmes:
        audience = audience_of(scope, [programme.pk])
        groups[audience, programme.territory.disclosure_threshold].append(programme)
    lines = []
    for (audience, threshold), members in groups.items():
        keys = frozenset(programme.pk for programme in members)
        code, noun = _PERSONS[audience]
        asks = (Ask(code, ("programme",)), Ask("hours", ("programme",)))
        found = compute(
            Selection(scope, keys, period), asks, audience=audience, threshold=threshold
        )
        persons, hours = (_by_programme(found[ask.code]) for ask in asks)
        lines += [Overview(p, persons(p), noun, hours(p)) for p in members]
    return sorted(lines, key=lambda line: (line.programme.sort_key, line.programme.pk))


def _by_programme(result: Result) -> Callable[[Programme], str]:
    """Return what says the number of a programme: nobody came where there is none."""
    parts = {part.keys: part for part in result.parts.get("programme", ())}

    def said(programme: Programme) -> str:
        part = parts.get((programme.pk,))
        return part.text if part else result.hidden or written(0, result.definition.unit)

    return said
