"""Lines: one or two series along the same labels."""

from collections.abc import Sequence
from itertools import groupby

from autoprod.core.charts.parts import Chart, ChartRow, ChartTable, Series
from autoprod.core.charts.scales import draw_axis, draw_labels, ratio, ticks
from autoprod.core.charts.svg import SERIES, Drawing, fit, number, text_width

_LEGEND = 12
#: Colour, dash and mark: two series differ without colours too.
_LOOKS = ((SERIES[0][0], "none", "circle"), (SERIES[4][0], "6 4", "rect"))


def _runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """Return the stretches of points that have no hole in them."""
    return [
        list(group) for has_value, group in groupby(points, lambda p: p is not None) if has_value
    ]


def _draw_mark(drawing: Drawing, point: tuple[float, float], look: tuple[str, str, str]) -> None:
    (x, y), (colour, _, mark) = point, look
    if mark == "circle":
        drawing.add("circle", cx=x, cy=y, r=3, fill=colour)
    else:
        drawing.add("rect", x=x - 3, y=y - 3, width=6, height=6, fill=colour)


def _draw_stroke(drawing: Drawing, run: list[tuple[float, float]], look: tuple[str, ...]) -> None:
    drawing.add(
        "polyline", points=" ".join(f"{number(x)},{number(y)}" for x, y in run), fill="none",
        stroke=look[0], stroke_width=2.5, stroke_dasharray=look[1], stroke_linejoin="round",
    )  # fmt: skip


def _draw_legend(drawing: Drawing, series: Sequence[Series], width: float) -> None:
    x, room = 0.0, width / len(series) - 40
    for one, look in zip(series, _LOOKS, strict=False):
        _draw_stroke(drawing, [(x, 8), (x + 26, 8)], look)
        _draw_mark(drawing, (x + 13, 8), look)
        name = fit(one.name, _LEGEND, room)
        drawing.text(x + 32, 12, name, _LEGEND)
        x += 32 + text_width(name, _LEGEND) + 24


def line(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    heading: str = "Période",
    size: tuple[int, int] = (460, 190),
) -> Chart:
    """Return one or two lines over an axis; a hole (None) cuts the line.

    `heading` names the table's first column. ValueError for more series, or for a series that
    has not one value a label.
    """
    if not 1 <= len(series) <= len(_LOOKS) or not labels:
        raise ValueError("one or two lines, over at least one label")
    if any(len(one.values) != len(labels) for one in series):
        raise ValueError("a value for each label, None when there is none")
    width, height = size
    said = "\u00a0; ".join(
        f"{one.name}\u00a0: {', '.join(one.text(index) for index in range(len(labels)))}"
        for one in series
    )
    drawing = Drawing(title, said, width, height)
    _draw_legend(drawing, series, width)
    graduations = ticks(max((v for one in series for v in one.values if v is not None), default=0))
    ceiling, floor = 30, height - 20
    left = draw_axis(drawing, graduations, (0, ceiling, width, floor - ceiling))
    slot = (width - left) / len(labels)
    centres = [left + slot * (index + 0.5) for index in range(len(labels))]
    for one, look in zip(series, _LOOKS, strict=False):
        points = [
            None
            if value is None
            else (x, floor - (floor - ceiling) * ratio(value, graduations[-1]))
            for x, value in zip(centres, one.values, strict=True)
        ]
        for run in _runs(points):
            _draw_stroke(drawing, run, look)
            for point in run:
                _draw_mark(drawing, point, look)
    draw_labels(drawing, labels, centres, height - 5, slot)
    rows = tuple(
        ChartRow((label, *(one.text(index) for one in series)))
        for index, label in enumerate(labels)
    )
    return Chart(
        drawing.render(), ChartTable(title, (heading, *(one.name for one in series)), rows)
    )
