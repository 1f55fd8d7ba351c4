"""What a garden grew, gave and kept, in words: the same on the dashboard and in the bilan."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from autoprod.core.charts import Bar, horizontal_bars
from autoprod.core.formatting import MISSING, counted, euros, kilograms, number, percent
from autoprod.core.periods import Kind, Period
from autoprod.core.rounding import mean
from evaluation.columns.reports import Found, Grid
from evaluation.results import Ask, Part, Result

#: In the order of the table.
COUNTED = (
    "varieties_grown",
    "varieties_grown_heirloom",
    "varieties_harvested",
    "varieties_given",
    "varieties_given_heirloom",
    "food_harvested",
    "food_honey",
    "food_donated",
    "food_bought",
    "food_transformed",
    "food_given",
    "food_to_organisations",
    "organisations_served",
    "portions_served",
    "baskets_served",
    "food_composted",
    "food_lost",
    "food_stock",
    "harvest_value",
    "given_value",
    "colonies_living",
    "water_collected",
    "compost_brought",
    "tools_lent",
)
#: What a month has room for: its harvests, and what was given, to how many.
OF_MONTH = (
    "varieties_harvested",
    "varieties_given",
    "food_harvested",
    "organisations_served",
    "food_stock",
)
_BY = {"food_harvested": ("month", "product")}
#: Everything that a page about a garden asks for.
GARDEN_ASKS = (
    *(Ask(code, _BY.get(code, ())) for code in COUNTED),
    Ask("food_out", ("destination",)),
    Ask("varieties_given_otherwise"),
    Ask("given_unpriced"),
    Ask("growers_share"),
    Ask("growers_value", ("source",)),
    Ask("growers_unpriced"),
    Ask("households_present"),
)

SHARED = "Récoltes et partage"
GROWERS = "Part des jardiniers"
HEAD = ("Ce qui est compté", "Nombre", "Part")
ESTIMATED = (
    "Une valeur est une estimation\u00a0: ce que ces produits auraient coûté. Ce n’est ni une "
    "vente, ni un revenu."
)
#: How many bars a table of products has, and how many sources of prices are named.
_MOST, _SOURCES = 10, 3


def lines(found: Found, codes: Iterable[str]) -> tuple[tuple[str, str, str], ...]:
    """Return (label, value, share of a whole) of the figures that count something."""
    given = [found[code] for code in codes if code in found and found[code].value]
    return tuple((one.definition.label, one.text, one.rate or MISSING) for one in given)


def remarks(found: Found) -> list[str]:
    """Return how the table is to be read: what came otherwise, what has no price."""
    said = []
    otherwise = found["varieties_given_otherwise"].value
    if otherwise:
        subject = counted(otherwise, "variété redistribuée", "variétés redistribuées")
        verb = "n’ont" if otherwise > 1 else "n’a"
        said.append(f"{subject} {verb} pas de récolte sur la période\u00a0: don, achat ou avant.")
    if found["given_value"].value or found["harvest_value"].value:
        said.append(ESTIMATED + _unpriced(found["given_unpriced"]))
    return said


def _unpriced(result: Result) -> str:
    return f" Redistribué sans prix\u00a0: {result.text}." if result.value else ""


def largest(parts: Sequence[Part], most: int = _MOST) -> list[Part]:
    """Return the largest parts, the others put together."""
    ranked = sorted(parts, key=lambda part: (part.is_unknown, -part.value, part.label))
    if len(ranked) <= most + 1:
        return ranked
    first = ranked[most]
    label = f"{number(len(ranked) - most)} autres"
    total = sum(part.value for part in ranked[most:])
    rest = replace(first, label=label, short=label, value=total, keys=(), is_regrouped=True)
    return [*ranked[:most], rest]


# The growers' part.


def growers(found: Found) -> tuple[tuple[str, str, str], ...]:
    """Return (label, all together, per household) of the growers' part; empty without any."""
    weight, value = found["growers_share"], found["growers_value"]
    if not weight.value:
        return ()
    homes = found["households_present"].value
    each = mean(weight.value, homes or 0)
    rows = [("Poids", weight.text, kilograms(each, 1))]
    if value.value:
        each = mean(value.value, homes or 0, 2)
        rows.append(("Valeur estimée", value.text, euros(each)))
    return tuple(rows)


def of_growers(found: Found) -> list[str]:
    """Return on how many households the growers' part is read, and where its prices are from."""
    homes = found["households_present"]
    if homes.hidden:
        said = [f"Foyers présents\u00a0: {homes.hidden}\u00a0; la part d’un foyer ne se dit pas."]
    else:
        said = [f"Lue sur {counted(homes.value, 'foyer présent', 'foyers présents')}."]
    if found["growers_value"].value:
        said.append(f"{ESTIMATED} {_prices(found['growers_value'])}")
    if found["growers_unpriced"].value:
        said.append(f"Sans prix\u00a0: {found['growers_unpriced'].text}.")
    return [" ".join(said)]


def _prices(value: Result) -> str:
    named = [part.label.rstrip(".") for part in value.parts["source"] if not part.is_unknown]
    others = len(named) - _SOURCES
    rest = f"\u00a0; {counted(others, 'autre source', 'autres sources')}" if others > 0 else ""
    return "Prix\u00a0: " + "\u00a0; ".join(named[:_SOURCES]) + f"{rest}."


# The tables of a bilan.


def is_weight(unit: str) -> bool:
    """Tell whether the unit of an objective is the kilogram, however it is written."""
    return unit.strip().lower().rstrip("s") in {"kg", "kilo", "kilogramme"}


def _aimed(found: Found, aims: Iterable[tuple[str, int]]) -> list[str]:
    """Return each objective in kilograms, beside what was harvested and given."""
    harvested, given = found["food_harvested"].text, found["food_given"].text
    return [
        f"Objectif «\u00a0{wording}\u00a0»\u00a0: {kilograms(Decimal(target))} visés\u00a0; "
        f"{harvested} récoltés, {given} redistribués."
        for wording, target in aims
    ]


def grids(found: Found, period: Period, aims: Iterable[tuple[str, int]] = ()) -> list[Grid]:
    """Return what a bilan says of the garden: none where there is none, or nothing to count.

    `aims` are the objectives in kilograms: what each says, and how many.
    """
    if "food_out" not in found or not lines(found, COUNTED):
        return []
    if period.kind == Kind.MONTH:
        return [_destinations(found), _counted(found, OF_MONTH, [])]
    notes = [*_aimed(found, aims), *remarks(found)]
    own = [_destinations(found), _products(found), _counted(found, COUNTED, notes)]
    if rows := growers(found):
        header = (GROWERS, "Ensemble", "Par foyer")
        own.append(Grid(GROWERS, header, rows, note=" ".join(of_growers(found))))
    return own


def _counted(found: Found, codes: Iterable[str], notes: Sequence[str]) -> Grid:
    return Grid("Le jardin en chiffres", HEAD, lines(found, codes), note=" ".join(notes))


def _destinations(found: Found) -> Grid:
    return _drawn(SHARED, ("Destination", "Poids", "Part"), found["food_out"], "destination")


def _products(found: Found) -> Grid:
    title = "Récoltes par produit"
    return _drawn(title, ("Produit", "Poids", "Part"), found["food_harvested"], "product")


def _drawn(title: str, header: tuple[str, ...], result: Result, dimension: str) -> Grid:
    parts = largest(result.parts[dimension])
    bars = [
        Bar(part.label, max(part.value, Decimal(0)), part.text, note=percent(part.share))
        for part in parts
    ]
    return Grid(
        title=title,
        header=header,
        rows=tuple((part.label, part.text, percent(part.share)) for part in parts),
        total=("Ensemble", result.text, percent(Decimal(100))) if parts else (),
        empty="Rien n’est sorti ni récolté sur la période.",
        chart=horizontal_bars(title, bars, header=header) if bars else None,
        is_drawn=True,
    )
