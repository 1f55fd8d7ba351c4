"""What a figure is made of, and the list of all of them.

A definition turns a Selection into a Figure: rows, a measure, and the dimensions it can be broken
down by. It holds no number: `evaluation.results` alone computes, and hides small counts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db import models
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.expressions import Combinable

from autoprod.core.periods import Period
from autoprod.core.scoping import Action, Scope
from autoprod.core.tables import Column
from evaluation.enums import Unit
from programmes.enums import Module


@dataclass(frozen=True)
class Selection:
    """What a figure is asked about: who asks, which programmes (keys), which days."""

    scope: Scope
    programmes: frozenset[int]
    period: Period
    #: The persons reached (keys), when they are already read: a page asks once for all figures.
    reached: frozenset[int] | None = None


@dataclass(frozen=True)
class Measure:
    """How rows become a number: counted, counted once per value of `path`, or added up."""

    path: str | Combinable = "pk"
    is_sum: bool = False
    is_distinct: bool = False

    @property
    def is_additive(self) -> bool:
        """Tell whether the parts of a partition add up to the whole."""
        return not self.is_distinct

    def over(self, where: Q) -> models.Aggregate:
        """Return the aggregate of the rows that meet a condition."""
        if self.is_sum:
            return Sum(self.path, filter=where)
        return Count(self.path, filter=where, distinct=self.is_distinct)


ROWS = Measure()


@dataclass(frozen=True)
class Dimension:
    """One way to break a figure down.

    `key` is a path or an expression; `label` and `order` are paths read with it. Where the label
    is not on the way, `lookup` names the model whose row the key is, `names` gives fixed labels.
    """

    title: str
    key: str | Combinable
    #: A finer path read in place of the key, each of its values then made a key by `fold`.
    finer: str = ""
    fold: Callable | None = None
    label: str = ""
    order: str = ""
    lookup: type[models.Model] | None = None
    names: Mapping | None = None
    #: A personal characteristic: in what is published, a fixed yearly table.
    is_characteristic: bool = False
    #: Never published: the edition for diffusion has the whole alone.
    is_internal: bool = False
    #: A row may have several values: the parts do not add up.
    is_multiple: bool = False
    #: The values follow each other: what is regrouped names its members and keeps its place.
    is_ordered: bool = False
    #: Whether a line says how many are unknown.
    unknown: str = "Non renseigné"
    #: The right to list rows by it.
    action: Action | None = None
    #: How a chart names the row that `lookup` found, where the whole label is too long for a bar.
    short: Callable[[models.Model], str] | None = None
    #: How the regrouped values are named; `{count}` is how many they are.
    regrouped: str = "{count} valeurs de faible effectif"


@dataclass(frozen=True)
class Figure:
    """Rows of one model, those that count (`where`), how, and by what."""

    rows: QuerySet
    measure: Measure = ROWS
    where: Q = field(default_factory=Q)
    by: Mapping[str, Dimension] = field(default_factory=dict)
    #: Figures of the same family have the same rows, and are computed in one query.
    family: str = ""
    #: What a list of the rows shows, and the rows that its columns read beside.
    columns: tuple[Column, ...] = ()
    related: tuple[str, ...] = ()
    #: The figure whose value is the whole of the parts, when it is not this one.
    whole_of: str = ""
    #: Beside the whole, it also tells how many are not in it: few of them are hidden too.
    tells_the_rest: bool = False
    #: Rows that make the number a minimum (« au moins ») as long as there is one.
    open_ends: QuerySet | None = None


@dataclass(frozen=True)
class Definition:
    """A figure as it is published: words first."""

    code: str
    label: str
    unit: Unit
    formula: str
    source: str
    build: Callable[[Selection], Figure]
    version: int = 1
    #: A count of persons: small values are hidden in what is published.
    protected: bool = False
    #: In what is published, given for whole years only: months would tell by difference.
    yearly: bool = False
    #: It is about the persons reached: figures that share the question share its answer.
    of_reached: bool = False
    #: Who may read the number; who may read the rows, besides the internal figures.
    action: Action = Action.VIEW_FIGURES
    list_action: Action = Action.VIEW_PERSONS
    #: The activity that a programme has to have for the figure to be shown.
    module: Module | None = None

    @property
    def is_internal(self) -> bool:
        """Tell whether the team alone reads it, in the team's edition alone."""
        return self.action == Action.VIEW_INTERNAL_FIGURES


_definitions: dict[str, Definition] = {}


def figure(*, code: str, **words) -> Callable:
    """Register the decorated function as the definition of a figure."""

    def decorate(build: Callable[[Selection], Figure]) -> Callable[[Selection], Figure]:
        if code in _definitions:
            raise ValueError(f"two figures are called {code}")
        _definitions[code] = Definition(code=code, build=build, **words)
        return build

    return decorate


def definition(code: str) -> Definition:
    """Return a definition; KeyError when there is none."""
    return _definitions[code]


def definitions() -> tuple[Definition, ...]:
    """Return all the definitions, as they were registered."""
    return tuple(_definitions.values())
