"""What goes into a chart and what comes out of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString

from autoprod.core import formatting

Value = int | Decimal


def check_value(value: Value) -> None:
    """Raise TypeError for a float, ValueError for a negative or endless value."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError(f"a chart draws an int or a Decimal, not a {type(value).__name__}")
    if not Decimal(value).is_finite() or value < 0:
        raise ValueError("a chart draws zero or positive values")


@dataclass(frozen=True)
class Bar:
    """One bar: its length is `value`, what is read beside it is `text`.

    `note` is a second figure, such as the share. `href` is an address of this site. `muted` greys
    a bar that is not like the others (« autres », « non renseigné »).
    """

    label: str
    value: Value
    text: str
    href: str | None = None
    muted: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        check_value(self.value)
        is_ours = self.href is None or (
            self.href.startswith(("/", "?", "#")) and not self.href.startswith(("//", "/\\"))
        )
        if not is_ours:
            raise ValueError("a bar links to a page of this site")


@dataclass(frozen=True)
class Series:
    """One line: a value for each label, None where there is none."""

    name: str
    values: tuple[Value | None, ...]
    texts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for value in self.values:
            if value is not None:
                check_value(value)
        if self.texts and len(self.texts) != len(self.values):
            raise ValueError("a text for each value, or none at all")

    def text(self, index: int) -> str:
        """Return what is written for a value."""
        return self.texts[index] if self.texts else formatting.number(self.values[index])


@dataclass(frozen=True)
class ChartRow:
    """A row of the table: its cells, the page it opens, and the number of its colour (1 to 6)."""

    cells: tuple[str, ...]
    href: str | None = None
    series: int | None = None


@dataclass(frozen=True)
class ChartTable:
    """The chart's figures; the first cell of each row is its heading."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[ChartRow, ...]


@dataclass(frozen=True)
class Chart:
    """A drawing and its table."""

    svg: SafeString
    table: ChartTable


def bar_table(title: str, header: tuple[str, ...], bars: Sequence[Bar]) -> ChartTable:
    """Return the table of bars: label, text, and note when the header has three cells."""
    rows = tuple(ChartRow((bar.label, bar.text, bar.note)[: len(header)], bar.href) for bar in bars)
    return ChartTable(title, header, rows)


def bar_summary(bars: Sequence[Bar], limit: int = 40) -> str:
    """Return « Fg de Paris : 10 ; Fg de Lille : 7 », cut after `limit` bars."""
    said = [f"{bar.label}\u00a0: {bar.text}" for bar in bars[:limit]]
    return "\u00a0; ".join([*said, "…"] if len(bars) > limit else said)
