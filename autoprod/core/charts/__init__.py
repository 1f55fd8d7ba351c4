"""Server-made SVG charts, the same on screen, in documents and in exports.

Each function returns a `Chart`: `chart.svg` to draw and `chart.table` to write beside it, since a
drawing alone says nothing to a screen reader, and a figure read off a bar is not a figure.
"""

from autoprod.core.charts.bars import (
    horizontal_bars,
    progress_pair,
    sparkline_bars,
    vertical_bars,
)
from autoprod.core.charts.lines import line
from autoprod.core.charts.parts import Bar, Chart, ChartRow, ChartTable, Series
from autoprod.core.charts.shares import stacked_bar

__all__ = [
    "Bar",
    "Chart",
    "ChartRow",
    "ChartTable",
    "Series",
    "horizontal_bars",
    "line",
    "progress_pair",
    "sparkline_bars",
    "stacked_bar",
    "vertical_bars",
]
