"""Columns of the plots of a garden, the same beside the plan on the screen and on paper."""

from dataclasses import dataclass, field

from autoprod.core.formatting import number
from autoprod.core.tables import Column
from gardens.columns.gardens import square_metres
from gardens.models import Plot

EVERYBODY = "tout le monde"


@dataclass(frozen=True)
class PlotLine:
    """A plot and what is said of it on a day, as the reader may know it."""

    plot: Plot
    holder: str = EVERYBODY
    #: What grows there, without a double.
    crops: tuple[str, ...] = field(default=())
    #: When it is borrowed, or open for some time only.
    when: str = ""

    @property
    def place(self) -> tuple[int, int, int, int] | None:
        """Return (x, y, width, height) on the plan in decimetres, None when it has no place."""
        row = self.plot
        if row.plan_x is None:
            return None
        return row.plan_x, row.plan_y, row.plan_width, row.plan_height


def metres(decimetres: int) -> str:
    """Return « 12,5 m »."""
    whole, rest = divmod(decimetres, 10)
    return f"{number(whole)},{rest}\u00a0m" if rest else f"{number(whole)}\u00a0m"


def _nature(line: PlotLine) -> str:
    """Return « Planche · Zone nord »."""
    zone = [line.plot.parent.name] if line.plot.parent else []
    return " · ".join([line.plot.kind.label, *zone])


#: A plot that is everybody's says nobody: most are, and a phone leaves the line out.
PLOTS = (
    Column("Parcelle", lambda line: line.plot.name),
    Column("Nature", _nature),
    Column("Surface", lambda line: line.plot.area, square_metres, "end"),
    Column("Tenue par", lambda line: line.holder if line.holder != EVERYBODY else None),
    Column("En ce moment", lambda line: ", ".join(line.crops)),
    Column("Dates", lambda line: line.when),
)
