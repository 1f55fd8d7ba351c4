"""Reading the base for a page of figures: few queries, whatever the number of figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import models
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Cast

from evaluation.indicators.registry import Dimension, Figure

Lines = list[dict]


@dataclass
class Family:
    """Figures computed together: same rows, same dimensions."""

    figures: dict[str, Figure] = field(default_factory=dict)
    dimensions: dict[str, Dimension] = field(default_factory=dict)

    @property
    def is_stackable(self) -> bool:
        """Tell whether its lines are counts beside one key at most, like those of the others."""
        counts = not any(figure.measure.is_sum for figure in self.figures.values())
        plain = all(
            isinstance(d.key, str) and not (d.label or d.finer) for d in self.dimensions.values()
        )
        return counts and plain and len(self.dimensions) <= 1


def lines_of(families: Mapping[object, Family]) -> dict[object, Lines]:
    """Return the lines of each family: `k_` keys, `l_` labels, `o_` orders and `n_` numbers.

    The families that are only counts by one key are read in one query, stacked.
    """
    stacked = {name: family for name, family in families.items() if family.is_stackable}
    if len(stacked) < 2:
        stacked = {}
    found = _stack(stacked) if stacked else {}
    alone = {name: family for name, family in families.items() if name not in stacked}
    return found | {name: _lines(family) for name, family in alone.items()}


def _lines(family: Family) -> Lines:
    """Run the query of a family: one line per combination of its dimensions."""
    first = next(iter(family.figures.values()))
    aggregates = {
        f"n_{code}": figure.measure.over(figure.where) for code, figure in family.figures.items()
    }
    if not family.dimensions:
        return [first.rows.order_by().aggregate(**aggregates)]
    keys = {}
    for name, dimension in family.dimensions.items():
        key = dimension.finer or dimension.key
        keys[f"k_{name}"] = F(key) if isinstance(key, str) else key
        for prefix, path in (("l", dimension.label), ("o", dimension.order)):
            if path:
                keys[f"{prefix}_{name}"] = F(path)
    rows = first.rows.order_by().annotate(**keys).values(*keys).annotate(**aggregates)
    return list(rows)


def _stack(families: Mapping[object, Family]) -> dict[object, Lines]:
    """Run one query for all: which family, which key, then as many numbers as the widest has."""
    width = max(len(family.figures) for family in families.values())
    first, *others = [_arm(at, family, width) for at, family in enumerate(families.values())]
    found: dict[object, Lines] = {name: [] for name in families}
    names = list(families)
    for at, key, *numbers in first.union(*others, all=True):
        family = families[names[at]]
        line = {f"k_{name}": key for name in family.dimensions}
        line |= {f"n_{code}": n for code, n in zip(family.figures, numbers, strict=False)}
        found[names[at]].append(line)
    return found


def _arm(at: int, family: Family, width: int) -> QuerySet:
    figures = list(family.figures.values())
    paths = [F(dimension.key) for dimension in family.dimensions.values()]
    # A bare NULL has no type, and PostgreSQL refuses it beside a number.
    key = Cast(paths[0] if paths else Value(None), models.BigIntegerField())
    numbers = {f"n_{i}": figure.measure.over(figure.where) for i, figure in enumerate(figures)}
    padding = {f"n_{i}": Value(0) for i in range(len(figures), width)}
    rows = figures[0].rows.order_by().annotate(at_family=Value(at), at_key=key)
    return rows.values_list("at_family", "at_key").annotate(**numbers, **padding)
