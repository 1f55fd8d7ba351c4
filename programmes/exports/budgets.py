"""Export of a budget's lines."""

from django.http import HttpResponse
from import_export.fields import Field

from autoprod.core.scoping import Action, Scope
from autoprod.core.spreadsheets import ScopedResource, download
from programmes.models import Budget, BudgetLine


class BudgetLineResource(ScopedResource):
    """The lines of a budget, in the order of its plan."""

    action = Action.VIEW_BUDGET
    title = "Budget"

    side = Field("side__label", "Côté")
    code = Field("account__code", "Code")
    account = Field("account__label", "Ligne")
    detail = Field("detail", "Précision")
    payer = Field("payer__name", "Financeur")
    amount = Field("amount", "Montant en euros")

    class Meta:
        model = BudgetLine
        fields = ("side", "code", "account", "detail", "payer", "amount")
        export_order = fields

    def get_queryset(self):
        """Return the rows with what the columns read."""
        return super().get_queryset().select_related("account", "payer")


def budget_file(scope: Scope, budget: Budget, kind: str) -> HttpResponse:
    """Return the lines of a budget as a download; `kind` is csv or xlsx."""
    lines = BudgetLine.objects.for_scope(scope, Action.VIEW_BUDGET).of(budget)
    sheet = BudgetLineResource(scope=scope).sheet(lines)
    return download(sheet, kind, f"budget-{budget.pk}")
