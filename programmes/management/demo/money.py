"""The demo's budgets: the one of the fiche, line by line, 97 200 € on each side."""

import csv
from datetime import date
from pathlib import Path

from programmes.enums import LineTemplate
from programmes.models import Budget, BudgetLine, Edition, Organisation, Programme, ReferenceCode

LINES = Path(__file__).resolve().parent / "budget.csv"


def load(*, programme: Programme, on: date) -> None:
    """Create what is missing: the validated budget of 2015, the draft of the year of `on`."""
    for edition in Edition.objects.filter(programme=programme, label__in={"2015", str(on.year)}):
        is_past = edition.ends_on < on
        budget, created = Budget.objects.get_or_create(
            edition=edition,
            defaults={
                "template": LineTemplate.PSL_2016,
                "validated_on": edition.starts_on if is_past else None,
            },
        )
        if created:
            _fill(budget, programme)


def _fill(budget: Budget, programme: Programme) -> None:
    accounts = ReferenceCode.objects.in_list(budget.template).filter(territory=None)
    by_code = {account.code: account for account in accounts}
    payers = {o.name: o for o in Organisation.objects.filter(territory=programme.territory)}
    with LINES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            BudgetLine.objects.create(
                budget=budget,
                account=by_code[row["account"]],
                amount=int(row["amount"]),
                payer=payers.get(row["payer"]),
                detail=row["detail"],
            )
