"""Who pays: the lines of a budget gathered as people read them."""

from dataclasses import dataclass
from decimal import Decimal

from autoprod.core.charts import Bar, Chart, stacked_bar
from autoprod.core.formatting import euros, percent
from autoprod.core.rounding import share
from programmes.enums import BudgetSide
from programmes.models import BudgetLine, ReferenceCode


@dataclass(frozen=True)
class Heading:
    """A heading of the plan (« 60 – Achats »), its lines and their sum in euros."""

    label: str
    lines: tuple[BudgetLine, ...]
    total: Decimal
    is_in_kind: bool


@dataclass(frozen=True)
class Side:
    """One column: its headings that hold a line, and the total of the money in euros."""

    label: str
    headings: tuple[Heading, ...]
    total: Decimal


def sides_of(lines: list[BudgetLine], template: str) -> list[Side]:
    """Return charges then products, heading by heading in the order of the plan."""
    plan = ReferenceCode.objects.in_list(template).filter(parent_code="", territory=None)
    headings = list(plan)
    return [_side(side, lines, headings) for side in BudgetSide]


def _side(side: BudgetSide, lines: list[BudgetLine], plan: list[ReferenceCode]) -> Side:
    found = []
    for heading in plan:
        own = tuple(
            line for line in lines if line.side == side and line.account.parent_code == heading.code
        )
        if own:
            is_in_kind = bool(heading.meta.get("in_kind"))
            found.append(Heading(heading.label, own, _sum(own), is_in_kind))
    money = [heading.total for heading in found if not heading.is_in_kind]
    return Side(side.label, tuple(found), sum(money, Decimal(0)))


def _sum(lines) -> Decimal:
    return sum((line.amount for line in lines), Decimal(0))


def chart_of_payers(lines: list[BudgetLine]) -> Chart | None:
    """Return who brings the money and in what share of the products (86 and 87 left out).

    Convention of the form Cerfa 12156: the amount over the total of the products, one decimal.
    None when there is no product.
    """
    products = [
        line
        for line in lines
        if line.side == BudgetSide.PRODUCT and not line.account.meta.get("in_kind")
    ]
    total = _sum(products)
    if not total:
        return None
    amounts: dict[str, Decimal] = {}
    for line in products:
        name = line.payer.name if line.payer else line.account.label
        amounts[name] = amounts.get(name, Decimal(0)) + line.amount
    bars = [
        Bar(label=name, value=amount, text=euros(amount), note=percent(share(amount, total)))
        for name, amount in sorted(amounts.items(), key=lambda item: -item[1])
    ]
    return stacked_bar("Qui finance", bars, header=("Financeur", "Montant", "Part"))
