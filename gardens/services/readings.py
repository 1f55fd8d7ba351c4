"""Readings: the litres and kilograms noted over a year, by kind and by month."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from autoprod.core.charts import Bar, Chart, vertical_bars
from autoprod.core.periods import Period
from autoprod.core.scoping import Action, Scope
from gardens.models import Garden, Operation
from gardens.services.operations import LEVELS, quantity_words, unit_of
from programmes.models import Programme, ReferenceCode

_SHORT = (
    *("janv.", "févr.", "mars", "avril", "mai", "juin"),
    *("juil.", "août", "sept.", "oct.", "nov.", "déc."),
)


@dataclass(frozen=True)
class Readings:
    """One kind over a period: its readings, the last first, and its months.

    A tank is read: its months show the last level. The rest is added up.
    """

    kind: ReferenceCode
    rows: list[Operation]
    by_month: list[tuple[Period, Decimal | None]]

    @property
    def is_level(self) -> bool:
        """Tell whether a reading is a level, which nothing adds up."""
        return self.kind.code in LEVELS

    @property
    def lines(self) -> list[dict]:
        """Return each reading with its words, the last first."""
        return [
            {"operation": row, "words": quantity_words(self.kind, row.quantity)}
            for row in self.rows
        ]

    @property
    def total(self) -> str:
        """Return what the period adds up to, or the last levels of all the tanks."""
        if self.is_level:
            return quantity_words(self.kind, _last_levels(self.rows))
        return quantity_words(self.kind, sum((row.quantity for row in self.rows), Decimal(0)))

    @property
    def tanks(self) -> int:
        """Return how many gardens were read."""
        return len({row.garden_id for row in self.rows})

    @property
    def chart(self) -> Chart:
        """Return the months as bars, with their table."""
        bars = [
            Bar(
                _SHORT[month.start.month - 1],
                amount or Decimal(0),
                quantity_words(self.kind, amount),
                muted=amount is None,
            )
            for month, amount in self.by_month
        ]
        what = "dernier relevé" if self.is_level else "quantité"
        header = ("Mois", f"{what.capitalize()} ({unit_of(self.kind)})")
        return vertical_bars(f"{self.kind.label} par mois", bars, header=header, height=180)


def readings_of(
    scope: Scope, programme: Programme, period: Period, garden: Garden | None = None
) -> list[Readings]:
    """Return what was measured in the gardens of a programme over a period, kind by kind."""
    rows = Operation.objects.for_scope(scope, Action.VIEW_GARDENS).of(programme).done_in(period)
    rows = rows.filter(quantity__isnull=False).described().order_by("-done_on", "-pk")
    if garden:
        rows = rows.filter(garden=garden)
    kinds: dict[ReferenceCode, list[Operation]] = {}
    for row in rows:
        kinds.setdefault(row.kind, []).append(row)
    ordered = sorted(kinds.items(), key=lambda pair: (pair[0].position, pair[0].pk))
    return [Readings(kind, of_kind, _months(of_kind, period)) for kind, of_kind in ordered]


def _last_levels(rows: Iterable[Operation]) -> Decimal:
    """Return the last level of each garden, added up; the rows are given the last first."""
    latest: dict[int, Decimal] = {}
    for row in rows:
        latest.setdefault(row.garden_id, row.quantity)
    return sum(latest.values(), Decimal(0))


def _months(rows: Iterable[Operation], period: Period) -> list[tuple[Period, Decimal | None]]:
    """Return the months of a period: the sum of each, or its last level by garden, added up."""
    found = []
    for month in period.months():
        inside = [row for row in rows if month.contains(row.done_on)]
        if inside and inside[0].kind.code in LEVELS:
            found.append((month, _last_levels(inside)))
        else:
            found.append((month, sum((row.quantity for row in inside), Decimal(0)) or None))
    return found
