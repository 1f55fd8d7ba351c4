"""Rotation: a family that comes back too soon to the same earth tires it: told, never refused.

The season of a crop is the year it takes its plot. Within a season nothing is said: several series
of a crop follow one another on a bed. What stays in place (a species without `rotation_years`)
neither warns nor is warned of.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from autoprod.core.scoping import Action, Scope
from gardens.models import Planting, Plot, Species


@dataclass(frozen=True)
class Place:
    """What is grown, where, and the season it takes its place."""

    plot: Plot
    species: Species
    season: int


@dataclass(frozen=True)
class TooSoon:
    """The last crop of the family there, and the season the family may come back."""

    before: Planting
    back_in: int

    def __str__(self) -> str:
        earlier, plot = self.before, self.before.plot
        return (
            f"{earlier.species.family}\u00a0: {earlier.species.name.lower()} sur "
            f"«\u00a0{plot}\u00a0» en {earlier.ground_day.year}. "
            f"Cette famille peut y revenir en {self.back_in}."
        )


def too_soon(scope: Scope, plantings: Iterable[Planting]) -> dict[int, TooSoon]:
    """Return {planting: what it follows too closely}, for those that do; in constant queries."""
    places = {
        row.pk: Place(row.plot, row.species, row.ground_day.year)
        for row in plantings
        if row.ground_day
    }
    return _found(scope, places)


def too_soon_at(scope: Scope, place: Place) -> TooSoon | None:
    """Return what would be followed too closely by growing a species there; None when nothing."""
    return _found(scope, {None: place}).get(None)


def around(plots: Iterable[tuple[int, int | None]]) -> dict[int, frozenset[int]]:
    """Return {plot: itself, those it lies in, those that lie in it}, from (plot, its parent)."""
    parents = dict(plots)
    same_earth = {key: {key} for key in parents}
    for key, parent in parents.items():
        above, seen = parent, {key}
        while above in parents and above not in seen:
            same_earth[key].add(above)
            same_earth[above].add(key)
            seen.add(above)
            above = parents[above]
    return {key: frozenset(keys) for key, keys in same_earth.items()}


def _found(scope: Scope, places: Mapping[Hashable, Place]) -> dict[Hashable, TooSoon]:
    places = {key: one for key, one in places.items() if one.species.rotation_years}
    if not places:
        return {}
    gardens = {one.plot.garden_id for one in places.values()}
    plots = Plot.objects.for_scope(scope, Action.VIEW_GARDENS).filter(garden__in=gardens)
    same_earth = around(plots.values_list("pk", "parent_id"))
    grown = _grown(scope, gardens, list(places.values()))
    found = {}
    for key, one in places.items():
        rows = [
            row
            for plot in same_earth.get(one.plot.pk, ())
            for row in grown[plot, one.species.family_id]
            if one.season - one.species.rotation_years < row.ground_on.year < one.season
        ]
        if rows:
            last = max(rows, key=lambda row: (row.ground_on, row.pk))
            found[key] = TooSoon(last, last.ground_on.year + one.species.rotation_years)
    return found


def _grown(
    scope: Scope, gardens: Iterable[int], places: Sequence[Place]
) -> dict[tuple[int, int], list[Planting]]:
    """Return the crops of these families in these gardens, by plot and family.

    What was planned for a season that is over and never begun was not grown.
    """
    first = min(one.season - one.species.rotation_years for one in places)
    rows = Planting.objects.for_scope(scope, Action.VIEW_GARDENS).with_ground_day()
    rows = rows.filter(
        plot__garden__in=gardens,
        species__family__in={one.species.family_id for one in places},
        species__rotation_years__isnull=False,
        ground_on__gte=date(max(first, 1), 1, 1),
    )
    grown, this_year = defaultdict(list), timezone.localdate().year
    for row in rows.select_related("species__family", "plot"):
        if row.begun_on or row.ground_on.year >= this_year:
            grown[row.plot_id, row.species.family_id].append(row)
    return grown
