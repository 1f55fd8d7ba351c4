"""The only door of figures: numbers, breakdowns and rows, small counts hidden.

Pages and documents ask here; they never count by themselves.
"""

from collections.abc import Iterable

from autoprod.core.scoping import Action, Scope
from evaluation.enums import Audience

# Each theme registers its figures when it is read.
from evaluation.indicators import (
    barriers,
    exits,
    food,
    gardens,
    interviews,
    money,
    outreach,
    pathways,
    persons,
    presence,
    sessions,
    shares,
    statements,
    stocks,
)
from evaluation.indicators.registry import (
    Definition,
    Dimension,
    Selection,
    definition,
)
from evaluation.indicators.registry import definitions as registered
from evaluation.results.computing import Ask, compute
from evaluation.results.listing import Listing, count_of, dimensions_of, listing, may_list
from evaluation.results.values import Amount, Part, Result, written

#: In the order of the lists of figures.
THEMES = (
    persons,
    presence,
    statements,
    sessions,
    outreach,
    interviews,
    barriers,
    pathways,
    exits,
    gardens,
    food,
    stocks,
    shares,
    money,
)
_RANKS = {theme.__name__: rank for rank, theme in enumerate(THEMES)}


def definitions() -> tuple[Definition, ...]:
    """Return all the definitions, in the order of the themes."""
    return tuple(sorted(registered(), key=lambda words: _RANKS[words.build.__module__]))


def audience_of(scope: Scope, programmes: Iterable[int]) -> Audience:
    """Return the edition somebody reads: the team's when every programme opens it to them."""
    keys = frozenset(programmes)
    internal = scope.keys("programme", Action.VIEW_INTERNAL_FIGURES)
    is_team = scope.is_unlimited or keys <= internal
    return Audience.INTERNAL if is_team else Audience.DIFFUSION


__all__ = [
    "THEMES",
    "Amount",
    "Ask",
    "Definition",
    "Dimension",
    "Listing",
    "Part",
    "Result",
    "Selection",
    "audience_of",
    "compute",
    "count_of",
    "definition",
    "definitions",
    "dimensions_of",
    "listing",
    "may_list",
    "written",
]
