"""Budget of an edition: lines on two sides, money apart from what is given in kind."""

from decimal import Decimal

from django.db import models
from django.db.models import Q, Sum

from autoprod.core.fields import CentsField
from autoprod.core.models import VersionedModel
from autoprod.core.scoping import ScopedQuerySet
from programmes.enums import BudgetSide, LineTemplate
from programmes.models.organisations import Organisation
from programmes.models.programmes import Edition
from programmes.models.references import ReferenceCode


class BudgetQuerySet(ScopedQuerySet):
    """Reads of budgets."""

    def with_totals(self) -> "BudgetQuerySet":
        """Annotate `charges` and `products`, in euros, what is given in kind left out."""
        money = Q(lines__account__meta__in_kind__isnull=True)
        sides = {
            "charges": Sum("lines__amount", filter=money & _side("lines", BudgetSide.CHARGE)),
            "products": Sum("lines__amount", filter=money & _side("lines", BudgetSide.PRODUCT)),
        }
        return self.annotate(**sides).order_by("-edition__starts_on", "pk")


class Budget(VersionedModel):
    """What an edition costs and who pays it; validated only when both sides are equal."""

    SCOPE_PATH = "edition__programme"

    edition = models.OneToOneField(
        Edition,
        verbose_name="édition",
        on_delete=models.PROTECT,
        related_name="budget",
        error_messages={"unique": "Cette édition a déjà son budget."},
    )
    template = models.CharField("modèle de lignes", max_length=40, choices=LineTemplate.choices)
    validated_on = models.DateField("validé le", null=True, blank=True, editable=False)

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = "budget"
        verbose_name_plural = "budgets"
        ordering = ["edition", "pk"]

    def __str__(self) -> str:
        return f"Budget {self.edition}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.edition.programme.territory_id


def _side(prefix: str, side: BudgetSide) -> Q:
    """Return the condition that a line is on a side: its account says it."""
    path = "account__meta__side"
    return Q(**{f"{prefix}__{path}" if prefix else path: side.value})


class BudgetLineQuerySet(ScopedQuerySet):
    """Reads of budget lines."""

    def on(self, side: BudgetSide) -> "BudgetLineQuerySet":
        """Return the lines of one side."""
        return self.filter(_side("", side))

    def money(self) -> "BudgetLineQuerySet":
        """Return the lines in euros: accounts 86 and 87 left out."""
        return self.filter(account__meta__in_kind__isnull=True)

    def in_kind(self) -> "BudgetLineQuerySet":
        """Return what is given in kind: accounts 86 and 87."""
        return self.filter(account__meta__in_kind=True)

    def total(self) -> Decimal:
        """Return the sum of the amounts, in euros."""
        return self.aggregate(total=Sum("amount"))["total"] or Decimal(0)


class BudgetLine(VersionedModel):
    """An amount on a line of the plan; the payer is named on a grant."""

    SCOPE_PATH = "budget__edition__programme"

    budget = models.ForeignKey(
        Budget, verbose_name="budget", on_delete=models.PROTECT, related_name="lines"
    )
    account = models.ForeignKey(
        ReferenceCode, verbose_name="ligne", on_delete=models.PROTECT, related_name="+"
    )
    amount = CentsField("montant")
    payer = models.ForeignKey(
        Organisation,
        verbose_name="financeur",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="budget_lines",
    )
    detail = models.CharField("précision", max_length=160, blank=True)

    objects = BudgetLineQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne de budget"
        verbose_name_plural = "lignes de budget"
        ordering = ["budget", "account__position", "pk"]

    def __str__(self) -> str:
        return self.detail or self.account.label

    @property
    def side(self) -> BudgetSide:
        """Return the side, which the account decides."""
        return BudgetSide(self.account.meta["side"])

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.budget.edition.programme.territory_id
