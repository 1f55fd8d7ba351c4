"""The bench compares like with like: both sides give every figure of the dashboard."""

import pytest
from django.core.management.base import CommandError

from autoprod.core.scoping import Scope
from evaluation.columns.harvests import GARDEN_ASKS
from evaluation.enums import Audience
from evaluation.management.bench import handwritten
from evaluation.management.bench.worlds import Size, World
from evaluation.management.commands.bench import YEAR, compare
from evaluation.results import Selection
from evaluation.results import compute as compute_figures
from evaluation.services.dashboards import ASKS


@pytest.fixture
def sides(db) -> tuple[dict, dict]:
    """Return the figures of a small made-up programme, from the engine and from SQL."""
    world = World(Size(programmes=1, persons=14, sessions=101, present=3))
    (programme,) = world.programmes
    selection = Selection(Scope.everything(reason="essai"), frozenset({programme.pk}), YEAR)
    asks = (*ASKS, *GARDEN_ASKS)
    ours = compute_figures(selection, asks, audience=Audience.INTERNAL, threshold=5)
    return ours, handwritten.figures(programme.pk, YEAR)


def test_both_sides_give_the_same_figures(sides):
    ours, theirs = sides
    compare(ours, theirs)
    assert all(result.value for result in ours.values()), "a figure at zero compares nothing"


def test_a_figure_that_one_side_lacks_is_refused(sides):
    ours, theirs = sides
    for place in list(theirs):
        short = {key: lines for key, lines in theirs.items() if key != place}
        with pytest.raises((CommandError, KeyError)):
            compare(ours, short)
