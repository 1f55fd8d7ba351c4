"""The plan of a garden, drawn from its plots' rectangles: on the screen, and on one A4."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.text import slugify

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.charts.svg import GRID, INK, MUTED, Drawing, fit, text_width
from autoprod.core.formatting import number
from autoprod.core.pdf import Document, render
from autoprod.core.scoping import Scope
from gardens.columns.gardens import square_metres
from gardens.columns.plots import EVERYBODY, PlotLine
from gardens.models import Garden, Plot

STYLESHEET = "static:css/pdf_plan.css"
#: Units of the drawing: as wide, and at most as high as an A4 leaves for it.
WIDTH, HIGHEST = 760, 820
_MARGIN, _SCALE_ROOM = 8, 34
_NAME, _CROPS, _SMALLEST = 13.0, 11.0, 8.0
#: Fill and stroke of each kind of plot; the name says which it is, never the colour alone.
_COLOURS = {
    "zone": ("#f4f1e6", "#7c8881"),
    "planche": ("#e2f0e7", "#1f6a45"),
    "serre": ("#dfebf6", "#25557f"),
    "tunnel": ("#dfebf6", "#25557f"),
    "bac": ("#faefd3", "#7a5200"),
    "verger": ("#e9e3f0", "#7b4a78"),
    "partagee": ("#f9e3dc", "#9c3f1f"),
    "pepiniere": ("#e2f0e7", "#1f6a45"),
}
_OTHER = ("#ece8dc", "#56655c")
_MARKED = "#9c3f1f"
_STEPS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class _Frame:
    """How decimetres become units of the drawing."""

    left: int
    top: int
    #: What is shown, in decimetres.
    wide: int
    high: int

    @property
    def scale(self) -> float:
        """Return the units of a decimetre."""
        room = HIGHEST - _SCALE_ROOM - 2 * _MARGIN
        return min((WIDTH - 2 * _MARGIN) / self.wide, room / self.high)

    @property
    def height(self) -> float:
        """Return how high the plots are drawn, margins included."""
        return self.high * self.scale + 2 * _MARGIN

    def point(self, x: int, y: int) -> tuple[float, float]:
        """Return where a point of the garden is drawn; a narrow one stands in the middle."""
        margin = (WIDTH - self.wide * self.scale) / 2
        return margin + (x - self.left) * self.scale, _MARGIN + (y - self.top) * self.scale

    def box(self, place: tuple[int, int, int, int]) -> Box:
        """Return where a rectangle is drawn."""
        x, y, width, height = place
        return (*self.point(x, y), width * self.scale, height * self.scale)


def draw(
    title: str,
    lines: Sequence[PlotLine],
    *,
    url: Callable[[Plot], str] | None = None,
    marked: Plot | None = None,
    is_graduated: bool = False,
) -> SafeString:
    """Return the plan as SVG, empty when no plot has a place; `url` makes each plot a link.

    The north is up. Zones are drawn first, so that their beds lie over them. `is_graduated` shows
    it from the corner that lengths are measured from, with metres; `marked` is the plot moved.
    """
    placed = [line for line in lines if line.place]
    if not placed:
        return SafeString()
    frame = _frame_of(placed, from_corner=is_graduated)
    drawing = Drawing(title, _told(placed), WIDTH, frame.height + _SCALE_ROOM)
    if is_graduated:
        _draw_metres(drawing, frame)
    zones = {line.plot.parent_id for line in placed}
    for line in sorted(placed, key=lambda line: line.plot.parent_id is not None):
        if url:
            drawing.open_link(url(line.plot))
            drawing.add("title").text = told(line)
        _draw_plot(drawing, line, frame.box(line.place), is_zone=line.plot.pk in zones)
        drawing.close_link()
    for line in placed:
        if marked and line.plot.pk == marked.pk:
            _outline(drawing, frame.box(line.place))
    _draw_scale(drawing, frame)
    return drawing.render()


def told(line: PlotLine) -> str:
    """Return a plot in words: its name, its kind, what grows there."""
    words = (line.plot.name, line.plot.kind.label.lower(), ", ".join(line.crops))
    return ", ".join(filter(None, words))


def _told(placed: Sequence[PlotLine]) -> str:
    return " ; ".join(told(line) for line in placed)


def _frame_of(placed: Sequence[PlotLine], *, from_corner: bool) -> _Frame:
    boxes = [line.place for line in placed]
    left = 0 if from_corner else min(x for x, *_ in boxes)
    top = 0 if from_corner else min(y for _, y, *_ in boxes)
    wide = max(x + width for x, _, width, _ in boxes) - left
    high = max(y + height for _, y, _, height in boxes) - top
    return _Frame(left, top, wide, high)


def _draw_metres(drawing: Drawing, frame: _Frame) -> None:
    """Draw a line every so many metres, with its distance to the corner."""
    step = next((s for s in _STEPS if s * 12 >= max(frame.wide, frame.high)), _STEPS[-1])
    for metres in range(0, frame.wide + 1, step):
        x, y = frame.point(metres, 0)
        drawing.rule((x, y), (x, frame.height - _MARGIN), GRID)
        drawing.text(x + 2, y + 9, f"{number(metres // 10)}", _SMALLEST + 1, fill=MUTED)
    for metres in range(step, frame.high + 1, step):
        x, y = frame.point(0, metres)
        drawing.rule((x, y), (WIDTH - x, y), GRID)
        drawing.text(x + 2, y - 2, f"{number(metres // 10)}", _SMALLEST + 1, fill=MUTED)


def _outline(drawing: Drawing, box: Box) -> None:
    x, y, width, height = box
    shape = {"x": x, "y": y, "width": width, "height": height, "rx": 3}
    drawing.add("rect", **shape, fill="none", stroke=_MARKED, stroke_width=4)


def _draw_plot(drawing: Drawing, line: PlotLine, box: Box, *, is_zone: bool) -> None:
    x, y, width, height = box
    fill, stroke = _COLOURS.get(line.plot.kind.code, _OTHER)
    drawing.add(
        "rect",
        x=x,
        y=y,
        width=width,
        height=height,
        rx=3,
        fill=fill,
        stroke=stroke,
        stroke_width=1.5,
    )
    if is_zone:
        # The beds take the middle of a zone: its name stays at the top.
        drawing.text(
            x + 6, y + 16, fit(line.plot.name, _NAME, width - 12), _NAME, font_weight="700"
        )
        return
    _write(drawing, line, box)


def _write(drawing: Drawing, line: PlotLine, box: Box) -> None:
    """Write the name in the middle, upright in a narrow bed, and what grows under it."""
    x, y, width, height = box
    is_upright = height > width * 1.6 and text_width(line.plot.name, _NAME, bold=True) > width - 6
    room, across = (height, width) if is_upright else (width, height)
    crops = ", ".join(line.crops) if across > _NAME + _CROPS + 10 else ""
    middle_x, middle_y = x + width / 2, y + height / 2
    turn = {"transform": f"rotate(-90 {middle_x:.1f} {middle_y:.1f})"} if is_upright else {}
    size = _size_of(line.plot.name, room - 8, across - 4)
    if not size:
        return
    baseline = middle_y + size * 0.35 - (_CROPS * 0.6 if crops else 0)
    name = fit(line.plot.name, size, room - 8)
    style = {"text_anchor": "middle", "font_weight": "700", **turn}
    drawing.text(middle_x, baseline, name, size, **style)
    if crops:
        written = fit(crops, _CROPS, room - 8)
        style = {"text_anchor": "middle", "fill": MUTED, **turn}
        drawing.text(middle_x, baseline + _CROPS * 1.35, written, _CROPS, **style)


def _size_of(name: str, room: float, across: float) -> float:
    """Return the size at which a name fits, 0 when it would be too small to read."""
    wide = text_width(name, _NAME, bold=True)
    size = min(_NAME, across, _NAME * max(room, 1) / wide if wide else _NAME)
    if size >= _SMALLEST:
        return size
    return _SMALLEST if min(across, room / 2) >= _SMALLEST else 0


def _draw_scale(drawing: Drawing, frame: _Frame) -> None:
    """Draw a bar of a round length, and where the north is."""
    length = max((s for s in _STEPS if s * frame.scale <= WIDTH / 4), default=_STEPS[0])
    y, end = frame.height + 12, _MARGIN + length * frame.scale
    drawing.rule((_MARGIN, y), (end, y), INK)
    for x in (_MARGIN, end):
        drawing.rule((x, y - 4), (x, y + 4), INK)
    drawing.text(end + 8, y + 4, f"{number(length // 10)}\u00a0m", _CROPS, fill=MUTED)
    drawing.rule((WIDTH - 16, y + 12), (WIDTH - 16, y - 2), INK)
    drawing.add("path", d=f"M{WIDTH - 20} {y:.0f} l4 -9 l4 9 z", fill=INK)
    drawing.text(WIDTH - 26, y + 8, "Nord", _CROPS, fill=MUTED, text_anchor="end")


def _printed(line: PlotLine) -> dict:
    """Return a plot as one short line: all of them stand under the plan, on the same sheet."""
    row = line.plot
    said = (
        row.kind.label if not row.name.startswith(row.kind.label) else "",
        square_metres(row.area) if row.area else "",
        line.holder if line.holder != EVERYBODY else "",
        ", ".join(line.crops),
        line.when,
    )
    return {
        "name": row.name,
        "words": " · ".join(filter(None, said)),
        "is_bed": row.parent_id is not None,
    }


def plan_sheet(scope: Scope, garden: Garden, lines: Sequence[PlotLine]) -> tuple[Document, bytes]:
    """Return the plan of a garden and its plots on paper; its lines name nobody."""
    document = Document(
        template="gardens/pdf/plan.html",
        title=f"Plan du jardin\u00a0: {garden}",
        filename=f"plan-{slugify(garden.site.short_name)}",
        audience="diffusion",
        organisation=garden.site.territory.controller,
    )
    context = {
        "plan": draw(document.title, lines),
        "lines": [_printed(line) for line in lines],
        "plan_stylesheet": STYLESHEET,
    }
    content = render(document, context=context)
    record(scope, Verb.DOCUMENT, garden, label=f"Plan du jardin n° {garden.pk}")
    return document, content
