"""Plots: a garden's pieces in order with who holds them and what grows, and areas that add up."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from autoprod.core.fields import sort_key
from autoprod.core.formatting import day_range, number
from autoprod.core.scoping import NOTHING, Action, Scope
from gardens.columns.plots import EVERYBODY, PlotLine
from gardens.models import Garden, Planting, Plot, PlotHolding
from gardens.services.holdings import names_of
from programmes.models import Programme

#: Areas are measured with a tape: a sum may pass its frame by so much without a word.
TOLERANCE = Decimal("1.05")
#: A tub stands on somebody's balcony: it takes nothing from the garden's ground.
ELSEWHERE = frozenset({"bac"})
#: In decimetres.
SLIP = 3
OUTSIDE = "Sur le plan, «\u00a0{name}\u00a0» sort de «\u00a0{zone}\u00a0»\u00a0: vérifiez sa place."
TOO_MUCH = "{parts} font {sum}\u00a0m², {frame} {area}\u00a0m²\u00a0: vérifiez ces surfaces."


def plots_of(scope: Scope, garden: Garden) -> list[Plot]:
    """Return the plots of a garden, each zone before its beds, « Planche 2 » before « 10 »."""
    rows = Plot.objects.for_scope(scope, Action.VIEW_GARDENS).of(garden)
    return in_order(rows.select_related("kind", "parent", "lender"))


def still_there(plots: Iterable[Plot], on: date) -> tuple[list[Plot], list[Plot]]:
    """Return the plots of a day and of later, then those given back before it."""
    there, gone = [], []
    for plot in plots:
        (gone if plot.ends_on and plot.ends_on < on else there).append(plot)
    return there, gone


def in_order(plots: Iterable[Plot]) -> list[Plot]:
    """Return plots as people list them."""
    return sorted(plots, key=_rank)


def _rank(plot: Plot) -> tuple:
    own = (_natural(plot.name), plot.pk)
    if plot.parent_id is None:
        return (*own, 0, (), 0)
    return (_natural(plot.parent.name), plot.parent_id, 1, *own)


def _natural(name: str) -> tuple:
    """Return a key where numbers sort as numbers."""
    parts = re.split(r"(\d+)", sort_key(name))
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part)


def lines_of(
    scope: Scope, programme: Programme, plots: Iterable[Plot], on: date, *, named: bool = True
) -> list[PlotLine]:
    """Return what is said of plots on a day, in their order: in three queries, however many.

    What grows is the programme's. Unless `named`, no person of a home is: the line may leave.
    """
    rows = list(plots)
    keys = [row.pk for row in rows]
    holdings = PlotHolding.objects.for_scope(scope, Action.VIEW_GARDENS).running(on)
    held = list(holdings.filter(plot__in=keys).select_related("organisation"))
    names = names_of(scope if named else NOTHING, held)
    holders = {row.plot_id: names[row.pk] for row in held}
    crops = _crops_of(scope, programme, keys, on)
    return [
        PlotLine(row, holders.get(row.pk, EVERYBODY), crops.get(row.pk, ()), _when(row))
        for row in rows
    ]


def _crops_of(
    scope: Scope, programme: Programme, plots: list[int], on: date
) -> dict[int, tuple[str, ...]]:
    rows = Planting.objects.for_scope(scope, Action.VIEW_GARDENS).of(programme).ongoing(on)
    rows = rows.filter(plot__in=plots).order_by("species__sort_key", "pk")
    found = defaultdict(dict)
    for plot, name in rows.values_list("plot", "species__name"):
        found[plot][name] = True
    return {plot: tuple(names) for plot, names in found.items()}


def _when(plot: Plot) -> str:
    if plot.starts_on is None and plot.ends_on is None:
        return ""
    return day_range(plot.starts_on, plot.ends_on)


def overflows(garden: Garden, plots: Iterable[Plot]) -> list[str]:
    """Return the areas that do not fit in one another, in words: beds, zone, garden, site.

    They are told, never refused: a measure is corrected when somebody has the tape in hand.
    """
    rows = list(plots)
    return [*_in_zones(rows), *_in_garden(garden, rows), *_on_plan(rows)]


def _in_zones(rows: list[Plot]) -> Iterator[str]:
    beds = defaultdict(Decimal)
    for row in rows:
        if row.parent_id and row.area and _is_there(row):
            beds[row.parent_id] += row.area
    for row in rows:
        if row.area and beds[row.pk] > row.area * TOLERANCE:
            yield _too_much(
                f"Les planches de «\u00a0{row.name}\u00a0»", beds[row.pk], "la zone", row.area
            )


def _in_garden(garden: Garden, rows: list[Plot]) -> Iterator[str]:
    site = garden.site.area_m2
    ground = sum(
        (r.area for r in rows if r.area and r.parent_id is None and _is_there(r)), Decimal()
    )
    if garden.cultivated and ground > garden.cultivated * TOLERANCE:
        yield _too_much("Les parcelles", ground, "la surface cultivée", garden.cultivated)
    elif site and not garden.cultivated and ground > site * TOLERANCE:
        yield _too_much("Les parcelles", ground, "le site", Decimal(site))
    if site and garden.cultivated and garden.cultivated > site * TOLERANCE:
        yield (
            f"La surface cultivée est de {number(garden.cultivated)}\u00a0m², le site en fait "
            f"{number(site)}\u00a0: vérifiez ces surfaces."
        )


def _on_plan(rows: list[Plot]) -> Iterator[str]:
    placed = {row.pk: row for row in rows if row.plan_x is not None}
    for row in placed.values():
        zone = placed.get(row.parent_id)
        if zone and _sticks_out(row, zone):
            yield OUTSIDE.format(name=row.name, zone=zone.name)


def _sticks_out(bed: Plot, zone: Plot) -> bool:
    """Tell whether a bed passes its zone on the plan, by more than a slip of the tape."""
    east, south = zone.plan_x + zone.plan_width, zone.plan_y + zone.plan_height
    slips = (
        zone.plan_x - bed.plan_x,
        zone.plan_y - bed.plan_y,
        bed.plan_x + bed.plan_width - east,
        bed.plan_y + bed.plan_height - south,
    )
    return max(slips) > SLIP


def _is_there(plot: Plot) -> bool:
    """Tell whether a plot takes some of the garden's ground: not a tub, nor one lent elsewhere."""
    return plot.kind.code not in ELSEWHERE and plot.lender_id is None


def _too_much(parts: str, total: Decimal, frame: str, area: Decimal) -> str:
    return TOO_MUCH.format(parts=parts, sum=number(total), frame=frame, area=number(area))
