"""From definitions to numbers: a page's figures in few queries, small counts hidden."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db import models

from autoprod.core.formatting import month
from autoprod.core.periods import Kind
from evaluation.enums import Audience
from evaluation.indicators.persons import who_is_reached
from evaluation.indicators.registry import (
    Definition,
    Dimension,
    Figure,
    Selection,
    definition,
)
from evaluation.results.publishing import published
from evaluation.results.reading import Family, Lines, lines_of
from evaluation.results.values import Amount, Part, Result


@dataclass(frozen=True)
class Ask:
    """A figure that a page wants, and by what."""

    code: str
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Name:
    """How a key is called, and where it stands."""

    label: str
    rank: object = None
    short: str = ""
    nouns: tuple[str, str] = ("", "")
    code: str = ""


def compute(
    selection: Selection, asks: Iterable[Ask], *, audience: Audience, threshold: int
) -> dict[str, Result]:
    """Return the figures asked for, by code; those the scope may not read are left out.

    For diffusion, what `threshold` persons do not reach is hidden or regrouped, tables by a
    personal characteristic are given for whole years only, and what is internal is left out.
    """
    asked = {ask.code: ask for ask in asks}
    words_of = {code: definition(code) for code in asked}
    allowed = {c: words for c, words in words_of.items() if _may_read(selection, words, audience)}
    figures = _figures(selection, allowed)
    cells: dict[tuple[str, str], dict] = {}
    families = _families(figures, asked)
    lines = lines_of(families)
    for name, family in families.items():
        cells |= _cells(family, lines[name])
    names = _Names(cells, figures)
    wholes = {code: _zero(cells[code, ""].get(())) for code in figures}
    computed = {
        code: Result(
            definition=words,
            value=wholes[code],
            parts=_parts(asked[code], figures[code], cells, names, wholes),
            dimensions={name: figures[code].by[name] for name in asked[code].by},
            is_minimum=_is_minimum(figures[code]),
            whole=wholes[figures[code].whole_of] if figures[code].tells_the_rest else None,
        )
        for code, words in allowed.items()
    }
    if audience == Audience.INTERNAL:
        return computed
    is_year = selection.period.kind == Kind.YEAR
    return {
        code: published(result, threshold=threshold, is_year=is_year)
        for code, result in computed.items()
        if is_year or not result.definition.yearly
    }


def _figures(selection: Selection, allowed: Mapping[str, Definition]) -> dict[str, Figure]:
    """Return the figures, with those that their parts are read on."""
    built = {code: words.build(selection) for code, words in allowed.items()}
    wholes = {figure.whole_of for figure in built.values()} - {""}
    needed = dict(allowed) | {code: definition(code) for code in sorted(wholes)}
    if sum(words.of_reached for words in needed.values()) > 1:
        selection = replace(selection, reached=who_is_reached(selection))
        # Those alone are built again, of persons who are now known.
        built = {code: figure for code, figure in built.items() if not needed[code].of_reached}
    return {code: built.get(code) or words.build(selection) for code, words in needed.items()}


def _may_read(selection: Selection, words: Definition, audience: Audience) -> bool:
    if words.is_internal and audience != Audience.INTERNAL:
        return False
    programmes = selection.scope.keys("programme", words.action)
    return selection.scope.is_unlimited or selection.programmes <= programmes


def _families(figures: Mapping[str, Figure], asked: Mapping[str, Ask]) -> dict[tuple, Family]:
    """Gather what one query can compute: a family with the dimensions of a partition together."""
    families: dict[tuple, Family] = defaultdict(Family)
    for code, figure in figures.items():
        together, apart = _split(figure, asked[code].by if code in asked else ())
        family = families[figure.family or code, ""]
        family.figures[code] = figure
        family.dimensions |= together
        for name, dimension in apart.items():
            alone = families[figure.family or code, name]
            alone.figures[code] = figure
            alone.dimensions[name] = dimension
    return families


def _split(figure: Figure, by: Iterable[str]) -> tuple[dict, dict]:
    """Return the dimensions that cut the rows into a partition that adds up, and the others."""
    together, apart = {}, {}
    for name in by:
        dimension = figure.by[name]
        adds_up = figure.measure.is_additive and not dimension.is_multiple
        (together if adds_up else apart)[name] = dimension
    return together, apart


def _cells(family: Family, lines: Lines) -> dict[tuple[str, str], dict]:
    """Return, for each figure and each dimension, {(key, label, order): value}."""
    found: dict[tuple[str, str], dict] = {}
    names = list(family.dimensions)
    alone = len(names) == 1 and not _adds_up(family, names[0])
    for code in family.figures:
        if not alone:
            found[code, ""] = {(): _sum(line[f"n_{code}"] for line in lines)}
        for name in names:
            if name in family.figures[code].by:
                found[code, name] = _margin(lines, code, name, family.dimensions[name].fold)
    return found


def _adds_up(family: Family, name: str) -> bool:
    dimension = family.dimensions[name]
    additive = all(figure.measure.is_additive for figure in family.figures.values())
    return additive and not dimension.is_multiple


def _margin(lines: Lines, code: str, name: str, fold: Callable | None) -> dict:
    margin: dict = defaultdict(int)
    for line in lines:
        value = line[f"n_{code}"]
        if value:
            key = fold(line[f"k_{name}"]) if fold else line[f"k_{name}"]
            margin[key, line.get(f"l_{name}"), line.get(f"o_{name}")] += value
    return dict(margin)


def _sum(values: Iterable) -> Amount:
    return sum((value for value in values if value), start=0)


def _zero(value: Amount | None) -> Amount:
    return value or 0


def _is_minimum(figure: Figure) -> bool:
    return figure.open_ends is not None and figure.open_ends.exists()


class _Names:
    """Labels of the keys that no join gave: one query per model."""

    def __init__(self, cells: Mapping, figures: Mapping[str, Figure]) -> None:
        """Read the rows of all the keys met."""
        wanted: dict[type, set] = defaultdict(set)
        for (code, name), margin in cells.items():
            if name and (model := figures[code].by[name].lookup):
                wanted[model] |= {key for key, _, _ in margin if key is not None}
        self.rows = {
            model: model._base_manager.in_bulk(keys) for model, keys in wanted.items() if keys
        }

    def of(self, dimension: Dimension, place: tuple) -> _Name:
        """Return the name of a key."""
        key, label, order = place
        if key is None:
            return _Name(dimension.unknown)
        if dimension.lookup:
            return _name_of(self.rows[dimension.lookup][key], dimension)
        if dimension.names:
            return _Name(dimension.names[key], key)
        if isinstance(key, date):
            return _Name(month(key), key)
        # A key that is a text is its own label.
        return _Name(key if label is None else label, order)


def _name_of(row: models.Model, dimension: Dimension) -> _Name:
    """Return the name of a row; a code of a reference list may say a short one."""
    meta, label = getattr(row, "meta", {}), str(row)
    short = dimension.short(row) if dimension.short else meta.get("short", "")
    rank = row.position if hasattr(row, "position") else row.sort_key
    one = short or label
    nouns = (one, meta.get("short_plural", one))
    return _Name(label, rank, short, nouns, getattr(row, "code", ""))


def _parts(
    ask: Ask, figure: Figure, cells: Mapping, names: _Names, wholes: Mapping[str, Amount]
) -> dict[str, list[Part]]:
    unit, whole = definition(ask.code).unit, wholes[figure.whole_of or ask.code]
    found = {}
    for name in ask.by:
        parts = [
            Part(
                value=value,
                whole=whole,
                unit=unit,
                keys=(place[0],),
                is_unknown=place[0] is None,
                **vars(names.of(figure.by[name], place)),
            )
            for place, value in cells[ask.code, name].items()
        ]
        if figure.whole_of and figure.by[name].is_multiple:
            unknown = Part(figure.by[name].unknown, whole - wholes[ask.code], whole, unit)
            parts = _with_unknown(parts, unknown)
        # What is unknown comes last.
        found[name] = sorted(parts, key=lambda part: (part.is_unknown, part.rank, part.label))
    return found


def _with_unknown(parts: list[Part], unknown: Part) -> list[Part]:
    """Count among the unknown those of the whole that have no row at all: no list holds them."""
    if not unknown.value:
        return parts
    told = sum(part.value for part in parts if part.is_unknown)
    known = [part for part in parts if not part.is_unknown]
    return [*known, replace(unknown, value=unknown.value + told, is_unknown=True)]
