"""One bar cut into shares."""

from collections.abc import Sequence

from autoprod.core.charts.bars import HEADER
from autoprod.core.charts.parts import Bar, Chart, ChartRow, ChartTable, bar_summary
from autoprod.core.charts.svg import (
    GREEN_PALE,
    GREY,
    INK,
    SERIES,
    SERIES_NUMBERS,
    SURFACE,
    Drawing,
    number,
    text_width,
)

_HEIGHT, _RADIUS, _TEXT = 34, 5, 12


def _segment(x: float, width: float, *, first: bool, last: bool) -> str:
    """Return the path of a segment, rounded at the two ends of the whole bar only."""
    left = min(_RADIUS, width / 2) if first else 0
    right = min(_RADIUS, width / 2) if last else 0
    end = x + width
    points = {
        "M": (x + left, 0), "H1": (end - right,), "Q1": (end, 0, end, right),
        "V1": (_HEIGHT - right,), "Q2": (end, _HEIGHT, end - right, _HEIGHT),
        "H2": (x + left,), "Q3": (x, _HEIGHT, x, _HEIGHT - left), "V2": (left,),
        "Q4": (x, 0, x + left, 0),
    }  # fmt: skip
    return "".join(f"{name[0]}{' '.join(map(number, at))}" for name, at in points.items()) + "Z"


def _colours(index: int, bar: Bar) -> tuple[str, str]:
    return (GREY, INK) if bar.muted else SERIES[index % len(SERIES)]


def stacked_bar(
    title: str, bars: Sequence[Bar], *, header: tuple[str, ...] = HEADER, width: int = 460
) -> Chart:
    """Return one bar cut in proportion; the note (the share) is written in a wide enough part.

    The table is the legend: its rows are in the order of the parts and carry their colour.
    """
    drawing = Drawing(title, bar_summary(bars), width, _HEIGHT)
    total = sum(bar.value for bar in bars)
    drawn = [(index, bar) for index, bar in enumerate(bars) if bar.value]
    if not drawn:
        drawing.add("path", d=_segment(0, width, first=True, last=True), fill=GREEN_PALE)
    before = 0
    for rank, (index, bar) in enumerate(drawn):
        start, end = (width * float(value / total) for value in (before, before + bar.value))
        before += bar.value
        is_first, is_last = rank == 0, rank == len(drawn) - 1
        fill, ink = _colours(index, bar)
        shape = _segment(start, end - start, first=is_first, last=is_last)
        drawing.add("path", d=shape, fill=fill)
        if not is_first:
            drawing.add("rect", x=start - 1, y=0, width=2, height=_HEIGHT, fill=SURFACE)
        if bar.note and text_width(bar.note, _TEXT, bold=True) + 8 <= end - start:
            drawing.text(
                (start + end) / 2, _HEIGHT / 2 + 4.5, bar.note, _TEXT,
                fill=ink, text_anchor="middle", font_weight="600",
            )  # fmt: skip
    rows = tuple(
        ChartRow(
            (bar.label, bar.text, bar.note)[: len(header)],
            bar.href,
            None if bar.muted else SERIES_NUMBERS[index % len(SERIES)],
        )
        for index, bar in enumerate(bars)
    )
    return Chart(drawing.render(), ChartTable(title, header, rows))
