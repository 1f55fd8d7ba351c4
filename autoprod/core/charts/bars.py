"""Bars: across with long labels, upright for months, small beside a figure."""

from collections.abc import Sequence

from autoprod.core import formatting
from autoprod.core.charts.parts import (
    Bar,
    Chart,
    ChartRow,
    ChartTable,
    Value,
    bar_summary,
    bar_table,
    check_value,
)
from autoprod.core.charts.scales import LABEL_SIZE, draw_axis, draw_labels, ratio, ticks
from autoprod.core.charts.svg import (
    GREEN,
    GREEN_PALE,
    GREY,
    GRID,
    MUTED,
    Drawing,
    fit,
    text_width,
    wrap,
)

HEADER = ("Libellé", "Valeur")
_ROW, _SECOND_LINE, _BAR = 25, 14, 15
_LABEL, _TEXT, _NOTE = 12.5, 12.5, 12
_MAX_BAR = 44


def _fill(bar: Bar) -> str:
    return GREY if bar.muted else GREEN


def _column(texts: Sequence[str], size: float, limit: float) -> float:
    """Return the room a column of texts takes, within a limit; 0 when all are empty."""
    widest = max((text_width(text, size, bold=True) for text in texts), default=0)
    return min(widest + 10, limit) if widest else 0


def _figure_size(texts: Sequence[str], size: float, room: float) -> float:
    """Return the font size at which every figure is whole: a figure cut short would be wrong."""
    widest = max((text_width(text, size, bold=True) for text in texts), default=0)
    return size * min(1, max(room, 1) / widest) if widest else size


def horizontal_bars(
    title: str,
    bars: Sequence[Bar],
    *,
    header: tuple[str, ...] = HEADER,
    width: int = 500,
    description: str = "",
) -> Chart:
    """Return bars across, one a row: label, bar, text, and the note at the far right.

    `header` names the table's columns; a third one is for the notes.
    """
    label_room = _column([bar.label for bar in bars], _LABEL, width * 0.42)
    text_room = _column([bar.text for bar in bars], _TEXT, width * 0.25)
    note_room = _column([bar.note for bar in bars], _NOTE, width * 0.2)
    text_size = _figure_size([bar.text for bar in bars], _TEXT, text_room - 8)
    note_size = _figure_size([bar.note for bar in bars], _NOTE, note_room - 4)
    longest = width - label_room - text_room - note_room
    labels = [wrap(bar.label, _LABEL, label_room - 8) for bar in bars]
    height = sum(_ROW + _SECOND_LINE * (len(lines) - 1) for lines in labels) or _ROW
    drawing = Drawing(title, description or bar_summary(bars), width, height)
    top = max((bar.value for bar in bars), default=0)
    y = 0.0
    for bar, lines in zip(bars, labels, strict=True):
        if bar.href:
            drawing.open_link(bar.href)
        row = _ROW + _SECOND_LINE * (len(lines) - 1)
        middle, length = y + row / 2, longest * ratio(bar.value, top)
        first_baseline = middle + 4 - _SECOND_LINE / 2 * (len(lines) - 1)
        for index, line in enumerate(lines):
            drawing.text(0, first_baseline + _SECOND_LINE * index, line, _LABEL)
        drawing.bar((label_room, middle - _BAR / 2, length, _BAR), _fill(bar))
        beside = label_room + length + 7
        drawing.text(beside, middle + 4.5, bar.text, text_size, font_weight="700")
        if bar.note:
            drawing.text(width, middle + 4, bar.note, note_size, text_anchor="end", fill=MUTED)
        drawing.close_link()
        y += row
    return Chart(drawing.render(), bar_table(title, header, bars))


def vertical_bars(
    title: str,
    bars: Sequence[Bar],
    *,
    header: tuple[str, ...] = HEADER,
    width: int = 460,
    height: int = 160,
) -> Chart:
    """Return upright bars, for periods in order.

    The text of each bar is written above it when there is room, otherwise an axis is drawn.
    """
    drawing = Drawing(title, bar_summary(bars), width, height)
    table = bar_table(title, header, bars)
    if not bars:
        return Chart(drawing.render(), table)
    top, floor = max(bar.value for bar in bars), height - 20
    widest = max(text_width(bar.text, LABEL_SIZE) for bar in bars)
    has_texts = widest <= width / len(bars) - 2
    left, ceiling = 0.0, 18.0
    if not has_texts:
        graduations = ticks(top)
        left = draw_axis(drawing, graduations, (0, 8, width, floor - 8))
        top, ceiling = graduations[-1], 8.0
    if not top:
        drawing.rule((left, floor), (width, floor), GRID)
    slot = (width - left) / len(bars)
    thickness = min(slot * 0.7, _MAX_BAR)
    centres = [left + slot * (index + 0.5) for index in range(len(bars))]
    for bar, centre in zip(bars, centres, strict=True):
        if bar.href:
            drawing.open_link(bar.href)
        length = (floor - ceiling) * ratio(bar.value, top)
        drawing.bar((centre - thickness / 2, floor - length, thickness, length), _fill(bar))
        if has_texts:
            drawing.text(centre, floor - length - 5, bar.text, LABEL_SIZE, text_anchor="middle")
        drawing.close_link()
    draw_labels(drawing, [bar.label for bar in bars], centres, height - 5, slot)
    return Chart(drawing.render(), table)


def sparkline_bars(
    title: str,
    bars: Sequence[Bar],
    *,
    header: tuple[str, ...] = HEADER,
    width: int = 320,
    height: int = 96,
) -> Chart:
    """Return small upright bars with the first and the last label only."""
    drawing = Drawing(title, bar_summary(bars), width, height)
    top, floor = max((bar.value for bar in bars), default=0), height - 18
    slot = width / max(len(bars), 1)
    thickness = min(slot * 0.74, _MAX_BAR)
    for index, bar in enumerate(bars):
        length = (floor - 2) * ratio(bar.value, top)
        x = slot * (index + 0.5) - thickness / 2
        drawing.bar((x, floor - length, thickness, length), _fill(bar))
    if bars:
        edge, room = (slot - thickness) / 2, width / 2 - 8
        first, last = (fit(bar.label, LABEL_SIZE, room) for bar in (bars[0], bars[-1]))
        drawing.text(edge, height - 4, first, LABEL_SIZE, fill=MUTED)
        if len(bars) > 1:
            drawing.text(width - edge, height - 4, last, LABEL_SIZE, fill=MUTED, text_anchor="end")
    return Chart(drawing.render(), bar_table(title, header, bars))


def progress_pair(
    title: str, engaged: Value, done: Value, *, maximum: Value | None = None, width: int = 165
) -> Chart:
    """Return a pale bar as long as `engaged` and a dark one over it as long as `done`.

    `maximum` is the longest bar of the column it stands in; ValueError when it is exceeded. More
    may be done than engaged in a period: what was engaged before it counts.
    """
    longest = max(engaged, done) if maximum is None else maximum
    for value in (engaged, done, longest):
        check_value(value)
    if max(engaged, done) > longest:
        raise ValueError("a bar is longer than the maximum of its column")
    texts = formatting.number(engaged), formatting.number(done)
    said = f"{texts[0]} engagées, {texts[1]} abouties"
    drawing = Drawing(f"{title}\u00a0: {said}", said, width, 12)
    drawing.bar((0, 0, width * ratio(engaged, longest), 12), GREEN_PALE)
    drawing.bar((0, 0, width * ratio(done, longest), 12), GREEN)
    rows = (ChartRow(("Engagées", texts[0])), ChartRow(("Abouties", texts[1])))
    return Chart(drawing.render(), ChartTable(title, HEADER, rows))
