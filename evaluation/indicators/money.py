"""Money: what an edition costs, and who pays."""

from django.db.models import Q

from autoprod.core.formatting import euros
from autoprod.core.scoping import Action
from autoprod.core.tables import Column
from evaluation.enums import Unit
from evaluation.indicators.registry import Dimension, Figure, Measure, Selection, figure
from programmes.enums import BudgetSide
from programmes.models import BudgetLine, Edition

BUDGET = "Budget de l’édition (plan de lignes du financeur)"

LINE_COLUMNS = (
    Column("Ligne", lambda line: line.account),
    Column("Précision", lambda line: line.detail),
    Column("Financeur", lambda line: line.payer),
    Column("Montant", lambda line: line.amount, show=euros, align="end"),
)


def _lines(selection: Selection):
    """Return the lines in euros of the editions that share a day with the period."""
    period = selection.period
    editions = Edition.objects.for_scope(selection.scope, Action.VIEW_BUDGET)
    shown = editions.filter(programme__in=selection.programmes).overlapping(
        period.start, period.end
    )
    lines = BudgetLine.objects.for_scope(selection.scope, Action.VIEW_BUDGET)
    return lines.filter(budget__edition__in=shown.values("pk")).money()


_PAYERS = {
    "payer": Dimension(
        "Qui finance",
        key="payer",
        label="payer__name",
        order="payer__sort_key",
        unknown="Autres produits",
    )
}


def _side(selection: Selection, side: BudgetSide) -> Figure:
    return Figure(
        rows=_lines(selection),
        measure=Measure("amount", is_sum=True),
        where=Q(account__meta__side=side.value),
        by=_PAYERS if side == BudgetSide.PRODUCT else {},
        family="budget",
        columns=LINE_COLUMNS,
        related=("account", "payer"),
    )


@figure(
    code="budget_charges",
    label="Charges prévues",
    unit=Unit.EUROS,
    formula=(
        "Somme des charges du budget des éditions qui partagent un jour avec la période, "
        "contributions en nature (86) à part."
    ),
    source=BUDGET,
    action=Action.VIEW_BUDGET,
    list_action=Action.VIEW_BUDGET,
)
def budget_charges(selection: Selection) -> Figure:
    """Add up the charges."""
    return _side(selection, BudgetSide.CHARGE)


@figure(
    code="budget_products",
    label="Produits prévus",
    unit=Unit.EUROS,
    formula=(
        "Somme des produits du budget des éditions qui partagent un jour avec la période, "
        "contributions en nature (87) à part. La part d’un financeur se lit sur ce total."
    ),
    source=BUDGET,
    action=Action.VIEW_BUDGET,
    list_action=Action.VIEW_BUDGET,
)
def budget_products(selection: Selection) -> Figure:
    """Add up the products, by who pays."""
    return _side(selection, BudgetSide.PRODUCT)
