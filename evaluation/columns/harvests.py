"""What a garden grew, gave and kept, in words: the same on the dashboard and in the bilan."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from autoprod.core.charts import Bar, horizontal_bars
from autoprod.core.formatting import MISSING, counted, euros, kilograms, number, percent
from autoprod.core.periods import Kind, Period
from autoprod.core.rounding import mean, share
from evaluation.columns.reports import Found, Grid
from evaluation.results import Ask, Part, Result

#: What is grown and kept, then what becomes of the food, in the order of the tables.
GROWN = (
    "varieties_grown",
    "varieties_grown_heirloom",
    "varieties_harvested",
    "varieties_given",
    "varieties_given_heirloom",
    "colonies_living",
    "water_collected",
    "compost_brought",
    "tools_lent",
)
FOOD = (
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
)
#: What a month has room for, on one sheet with its drawings.
_OF_MONTH = (
    "varieties_harvested",
    "varieties_given",
    "food_harvested",
    "food_honey",
    "food_donated",
    "food_bought",
    "food_transformed",
    "food_given",
    "organisations_served",
    "portions_served",
    "baskets_served",
    "food_stock",
)
_BY = {"food_harvested": ("month", "product")}
#: Everything that a page about a garden asks for.
GARDEN_ASKS = (
    *(Ask(code, _BY.get(code, ())) for code in (*GROWN, *FOOD)),
    Ask("food_out", ("destination",)),
    Ask("varieties_given_otherwise"),
    Ask("given_unpriced"),
    Ask("growers_share"),
    Ask("growers_value", ("source",)),
    Ask("growers_unpriced"),
    Ask("households_present"),
)

SHARED = "Récoltes et partage"
GARDEN = "Cultures, ruches et outils"
PRODUCTS = "Produits entrés et sortis"
GROWERS = "Part des jardiniers"
HEAD = ("Ce qui est compté", "Nombre", "Part")
ESTIMATED = (
    "Une valeur est une estimation\u00a0: ce que ces produits auraient coûté. Ce n’est ni une "
    "vente, ni un revenu."
)
#: How many bars the products have, in a month and over longer; how many sources are named.
_FEW, _MOST, _SOURCES = 6, 10, 3


def lines(found: Found, codes: Iterable[str]) -> tuple[tuple[str, str, str], ...]:
    """Return (label, value, share of a whole) of the figures that count something."""
    given = [found[code] for code in codes if code in found and found[code].value]
    return tuple((one.definition.label, one.text, _share(one)) for one in given)


def _share(result: Result) -> str:
    return percent(share(result.value, result.whole)) if result.whole else MISSING


def _read_on(found: Found) -> str:
    """Return on what the shares of products are read."""
    return f"Parts lues sur {found['food_out'].text} sortis." if found["food_out"].value else ""


def of_varieties(found: Found) -> list[str]:
    """Return on what the shares are read, and what was given without having been harvested."""
    grown, given = found["varieties_grown"].value, found["varieties_given"].value
    on = counted(grown, "variété cultivée", "variétés cultivées")
    on += f" et {counted(given, 'redistribuée', 'redistribuées')}"
    heirloom = ("varieties_grown_heirloom", "varieties_given_heirloom")
    said = [f"Parts lues sur {on}."] if any(found[code].value for code in heirloom) else []
    otherwise = found["varieties_given_otherwise"].value
    if not otherwise:
        return said
    subject = counted(otherwise, "variété redistribuée", "variétés redistribuées")
    verb = "n’ont" if otherwise > 1 else "n’a"
    return [*said, f"{subject} {verb} pas de récolte sur la période\u00a0: don, achat ou avant."]


def of_values(found: Found) -> list[str]:
    """Return on what the shares are read, that values are an estimate, what has no price."""
    said = [_read_on(found)] if found["food_out"].value else []
    if not (found["given_value"].value or found["harvest_value"].value):
        return said
    return [*said, ESTIMATED + _unpriced(found["given_unpriced"])]


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
        said = [f"Moyenne sur {counted(homes.value, 'foyer présent', 'foyers présents')}."]
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


def grids(found: Found, period: Period, aims: Sequence[tuple[str, int]] = ()) -> list[Grid]:
    """Return what a bilan says of the garden: none where there is none, or nothing to count.

    `aims` are the objectives in kilograms: what each says, and how many.
    """
    if "food_out" not in found:
        return []
    aimed = PRODUCTS if aims else ""
    return [grid for grid in _grids(found, period, aims) if grid.rows or grid.title == aimed]


def _grids(found: Found, period: Period, aims: Iterable[tuple[str, int]]) -> list[Grid]:
    is_month = period.kind == Kind.MONTH
    drawn = [_destinations(found), _products(found, _FEW if is_month else _MOST)]
    if is_month:
        return [*drawn, _counted("Le jardin en chiffres", found, _OF_MONTH, _read_on(found))]
    tables = [
        _counted(PRODUCTS, found, FOOD, *_aimed(found, aims), *of_values(found)),
        _counted(GARDEN, found, GROWN, *of_varieties(found)),
    ]
    header = (GROWERS, "Ensemble", "Par foyer")
    shared = Grid(GROWERS, header, growers(found), note=" ".join(of_growers(found)))
    return [*drawn, tables[0], shared, tables[1]]


def _counted(title: str, found: Found, codes: Iterable[str], *notes: str) -> Grid:
    return Grid(title, HEAD, lines(found, codes), note=" ".join(notes))


def _destinations(found: Found) -> Grid:
    return _drawn(SHARED, ("Destination", "Poids", "Part"), found["food_out"], "destination")


def _products(found: Found, most: int) -> Grid:
    title, harvested = "Récoltes par produit", found["food_harvested"]
    return _drawn(title, ("Produit", "Poids", "Part"), harvested, "product", most)


def _drawn(
    title: str, header: tuple[str, ...], result: Result, dimension: str, most: int = _MOST
) -> Grid:
    parts = largest(result.parts[dimension], most)
    bars = [
        Bar(
            label=part.label,
            value=max(part.value, Decimal(0)),
            text=part.text,
            note=percent(part.share),
            muted=part.is_regrouped,
        )
        for part in parts
    ]
    return Grid(
        title=title,
        header=header,
        rows=tuple((part.label, part.text, percent(part.share)) for part in parts),
        total=("Ensemble", result.text, percent(Decimal(100))) if parts else (),
        chart=horizontal_bars(title, bars, header=header) if bars else None,
        is_drawn=True,
    )
