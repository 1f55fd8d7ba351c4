"""What is computed: numbers, their parts, and what is hidden of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from autoprod.core import formatting
from autoprod.core.rounding import share
from evaluation.enums import Unit
from evaluation.indicators.registry import Definition, Dimension

Amount = int | Decimal


def written(value: Amount | None, unit: Unit) -> str:
    """Return a value with its unit where the unit is a sign (« 4 205 h », « 12,5 kg »)."""
    if unit == Unit.MINUTES:
        return formatting.hours(value)
    if unit == Unit.EUROS:
        return formatting.euros(value)
    if unit == Unit.KILOGRAMS:
        return formatting.kilograms(value)
    if unit == Unit.LITRES and value is not None:
        return f"{formatting.number(value)}{formatting.SPACE}L"
    return formatting.number(value)


@dataclass(frozen=True)
class Part:
    """One line of a breakdown; several keys when small values are regrouped."""

    label: str
    value: Amount | None
    whole: Amount | None
    unit: Unit
    keys: tuple = ()
    is_regrouped: bool = False
    is_unknown: bool = False
    hidden: str = ""
    #: What a chart writes beside a bar, and the singular and plural that follow a number.
    short: str = ""
    nouns: tuple[str, str] = ("", "")
    #: The code of the reference list, where the key is a row of one.
    code: str = ""
    #: What the part is sorted by, among those of its dimension.
    rank: object = None

    @property
    def share(self) -> Decimal | None:
        """Return the percentage of the whole, one decimal; None when there is none to give."""
        if self.value is None or not self.whole:
            return None
        return share(self.value, self.whole)

    @property
    def text(self) -> str:
        """Return the value in words."""
        return self.hidden or written(self.value, self.unit)

    @property
    def name(self) -> str:
        """Return the short label, the whole one when there is none."""
        return self.short or self.label


@dataclass(frozen=True)
class Result:
    """One figure: its number, and its parts by dimension."""

    definition: Definition
    value: Amount | None
    parts: Mapping[str, Sequence[Part]] = field(default_factory=dict)
    dimensions: Mapping[str, Dimension] = field(default_factory=dict)
    is_minimum: bool = False
    #: What the value is a part of, when whoever reads both can subtract.
    whole: Amount | None = None
    #: What is said instead of the value.
    hidden: str = ""

    @property
    def text(self) -> str:
        """Return the value in words."""
        return self.hidden or written(self.value, self.definition.unit)

    @property
    def rate(self) -> str:
        """Return « 30,0 % de 40 », « s.o. » of nothing; empty where it is a part of nothing."""
        if self.whole is None or self.value is None:
            return ""
        if not self.whole:
            return formatting.NOT_APPLICABLE
        whole = written(self.whole, self.definition.unit)
        return f"{formatting.percent(share(self.value, self.whole))} de {whole}"

    def part(self, dimension: str, key: object) -> Part | None:
        """Return the part of a key, when it stands alone."""
        return next((p for p in self.parts.get(dimension, ()) if p.keys == (key,)), None)
