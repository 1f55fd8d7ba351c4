"""The rows behind a figure: the same query as the number, so that they cannot differ."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter

from django.db import models
from django.db.models import F, Q, QuerySet

from autoprod.core.scoping import Action
from autoprod.core.tables import Column
from beneficiaries.models import Person
from evaluation.indicators.registry import (
    Definition,
    Dimension,
    Figure,
    Measure,
    Selection,
    definition,
)


@dataclass(frozen=True)
class Listing:
    """The rows that a figure, or one of its parts, counts."""

    definition: Definition
    rows: QuerySet
    columns: tuple[Column, ...]
    measure: Measure
    dimension: Dimension | None = None
    #: The rows read beside, by which the person of a row is found.
    related: tuple[str, ...] = ()

    def person_key(self, row: models.Model) -> int | None:
        """Return the key of the person that a row is about, None when it is about nobody."""
        if isinstance(row, Person):
            return row.pk
        paths = [path for path in self.related if path.split("__")[-1] == "person"]
        return attrgetter(paths[0].replace("__", "."))(row).pk if paths else None


def listing(selection: Selection, code: str, *, by: str = "", key: object = None) -> Listing:
    """Return the rows of a figure, or of its part of one key of a dimension.

    KeyError when the figure or the dimension does not exist.
    """
    words = definition(code)
    figure = words.build(selection)
    rows = figure.rows.filter(figure.where).select_related(*figure.related)
    if by:
        rows = _of_key(rows, figure, by, key)
    dimension = figure.by[by] if by else None
    return Listing(words, rows, figure.columns, figure.measure, dimension, figure.related)


def _of_key(rows: QuerySet, figure: Figure, by: str, key: object) -> QuerySet:
    path = figure.by[by].key
    rows = rows.alias(at_key=F(path) if isinstance(path, str) else path)
    return rows.filter(at_key__isnull=True) if key is None else rows.filter(at_key=key)


def dimensions_of(selection: Selection, words: Definition) -> Mapping[str, Dimension]:
    """Return what a figure may be broken down by."""
    return words.build(selection).by


def count_of(found: Listing) -> int:
    """Return what the figure says of these rows, recomputed from them alone."""
    return found.rows.aggregate(n=found.measure.over(Q()))["n"] or 0


def may_list(selection: Selection, words: Definition, dimensions: Iterable[Dimension] = ()) -> bool:
    """Tell whether the scope may read the rows: internal figures, and each table they show."""
    needed = {Action.VIEW_INTERNAL_FIGURES, words.action, words.list_action}
    needed |= {dimension.action for dimension in dimensions if dimension.action}
    if words.list_action == Action.VIEW_BUDGET:
        needed.discard(Action.VIEW_INTERNAL_FIGURES)
    scope = selection.scope
    return scope.is_unlimited or all(
        selection.programmes <= scope.keys("programme", action) for action in needed
    )
