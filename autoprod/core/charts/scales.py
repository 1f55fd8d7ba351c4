"""Axes: round graduations, and which labels there is room for."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal

from autoprod.core import formatting
from autoprod.core.charts.parts import Value
from autoprod.core.charts.svg import GRID, MUTED, Drawing, fit, text_width

TICK_SIZE = 10
LABEL_SIZE = 10


def ticks(top: Value, wanted: int = 4) -> list[Decimal]:
    """Return graduations from 0 to at least `top`: steps of 1, 2 or 5 times a power of ten."""
    highest = Decimal(top)
    if highest == 0:
        return [Decimal(0), Decimal(1)]
    rough = highest / wanted
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    count = int((highest / step).to_integral_value(rounding=ROUND_CEILING))
    return [step * index for index in range(count + 1)]


def ratio(value: Value, top: Value) -> float:
    """Return value ÷ top between 0 and 1; 0 when everything is 0."""
    return float(min(Decimal(value) / Decimal(top), Decimal(1))) if top else 0.0


def draw_axis(drawing: Drawing, graduations: list[Decimal], box: tuple[float, ...]) -> float:
    """Draw graduations down the left of the box (x, y, width, height); return the plot's left."""
    x, y, width, height = box
    texts = [formatting.number(value) for value in graduations]
    room = min(max(text_width(text, TICK_SIZE) for text in texts), width / 3)
    left = x + room + 6
    for value, text in zip(graduations, texts, strict=True):
        level = y + height * (1 - ratio(value, graduations[-1]))
        drawing.rule((left, level), (x + width, level), GRID)
        drawing.text(
            left - 6, level + 3.5, fit(text, TICK_SIZE, room), TICK_SIZE,
            text_anchor="end", fill=MUTED,
        )  # fmt: skip
    return left


def draw_labels(
    drawing: Drawing, labels: Sequence[str], centres: Sequence[float], y: float, slot: float
) -> None:
    """Write labels under their marks: all of them, cut when few, one in so many when many."""
    widest = max(text_width(label, LABEL_SIZE) for label in labels)
    few = len(labels) <= 12
    step = 1 if few else max(1, -(-int(widest + 6) // max(int(slot), 1)))
    step = min(step, max(1, len(labels) // 3))
    for index in range(0, len(labels), step):
        label = fit(labels[index], LABEL_SIZE, slot * step - 4)
        half = text_width(label, LABEL_SIZE) / 2
        # A wide label of a thin mark stays inside the frame.
        frame = float(drawing.root.get("width", "0"))
        x = min(max(centres[index], half), max(frame - half, half))
        drawing.text(x, y, label, LABEL_SIZE, text_anchor="middle", fill=MUTED)
