"""Budgets: what they weigh, and the lock that a validated one is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import euros
from autoprod.core.scoping import Scope
from programmes.enums import BudgetSide
from programmes.models import Budget, BudgetLine

LOCKED = "Ce budget est validé\u00a0: rouvrez-le, en disant pourquoi, pour le modifier."


@dataclass(frozen=True)
class Balance:
    """The two sides, in euros, money and in kind apart (Cerfa 12156: each pair must be equal)."""

    charges: Decimal
    products: Decimal
    charges_in_kind: Decimal
    products_in_kind: Decimal

    @property
    def gap(self) -> Decimal:
        """Return the charges not covered; negative when products exceed them."""
        return self.charges - self.products

    @property
    def gap_in_kind(self) -> Decimal:
        """Return 86 less 87."""
        return self.charges_in_kind - self.products_in_kind

    @property
    def is_even(self) -> bool:
        """Tell whether both pairs are equal."""
        return not self.gap and not self.gap_in_kind

    @property
    def faults(self) -> list[str]:
        """Return by how much each pair is out, in words."""
        said = []
        if self.gap:
            over = "charges" if self.gap > 0 else "produits"
            said.append(f"Les {over} dépassent de {euros(abs(self.gap))}.")
        if self.gap_in_kind:
            said.append(
                "Les contributions volontaires (86 et 87) diffèrent de "
                f"{euros(abs(self.gap_in_kind))}."
            )
        return said


def balance_of(budget: Budget) -> Balance:
    """Return the balance of a budget, in one reading of its lines."""
    sums = dict.fromkeys(
        [(side, kind) for side in BudgetSide for kind in (False, True)], Decimal(0)
    )
    lines = BudgetLine.objects.filter(budget=budget).select_related("account")
    for line in lines:
        sums[line.side, bool(line.account.meta.get("in_kind"))] += line.amount
    return Balance(
        charges=sums[BudgetSide.CHARGE, False],
        products=sums[BudgetSide.PRODUCT, False],
        charges_in_kind=sums[BudgetSide.CHARGE, True],
        products_in_kind=sums[BudgetSide.PRODUCT, True],
    )


@contextmanager
def writing(budget: Budget) -> Iterator[Budget]:
    """Hold the budget while its lines change; raise ValidationError when it is validated.

    The row is locked: a line cannot slip in while somebody validates.
    """
    with transaction.atomic():
        held = Budget.objects.select_for_update(of=("self",)).get(pk=budget.pk)
        if held.validated_on:
            raise ValidationError(LOCKED)
        yield held


def validate(*, scope: Scope, budget: Budget) -> Budget:
    """Close the budget and return it; raise ValidationError saying by how much it is out."""
    with writing(budget) as held:
        if faults := balance_of(held).faults:
            raise ValidationError(faults)
        if not BudgetLine.objects.filter(budget=held).exists():
            raise ValidationError("Ce budget n’a pas encore de ligne.")
        held.validated_on = timezone.localdate()
        held.save()
        record(scope, Verb.UPDATE, held, changed=["validated_on"])
    return held


@transaction.atomic
def reopen(*, scope: Scope, budget: Budget, reason: str) -> Budget:
    """Open a validated budget again and return it; the reason goes to the journal."""
    held = Budget.objects.select_for_update(of=("self",)).get(pk=budget.pk)
    if held.validated_on:
        held.validated_on = None
        held.save()
        record(scope, Verb.UPDATE, held, changed=["validated_on"], reason=reason)
    return held
