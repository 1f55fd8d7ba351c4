"""Grants: the award, the payments and the draws, each under a lock on the grant."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import euros
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action, Scope
from programmes.models import Edition, Grant, GrantDraw, GrantPayment, Membership
from programmes.models.grants import MANUAL

NOT_AWARDED = "Ce financement n’est pas attribué\u00a0: notez d’abord l’attribution."


@dataclass(frozen=True)
class Source:
    """Where a draw comes from, as text: what it is, and the key of the row that says it."""

    type: str
    key: str = ""


BY_HAND = Source(MANUAL)


@dataclass(frozen=True)
class Totals:
    """The sums of several grants, in euros; what is not awarded counts for 0."""

    requested: Decimal = Decimal(0)
    awarded: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    drawn: Decimal = Decimal(0)

    @property
    def to_use(self) -> Decimal:
        """Return what is still to be drawn."""
        return self.awarded - self.drawn


def usual_report_day(edition: Edition) -> date:
    """Return the last day of the sixth month after an edition (Cerfa 15059, loi 2000-321 art. 10).

    The funder's own agreement may say another day.
    """
    month = Period.containing(edition.ends_on, Kind.MONTH)
    for _ in range(6):
        month = month.next()
    return month.end


def totals_of(grants: QuerySet) -> Totals:
    """Return the totals of grants read `with_amounts`, in one query."""
    names = ("requested", "awarded", "paid", "drawn")
    # Without an order: the sum of annotated rows is one row.
    sums = grants.order_by().aggregate(**{f"sum_{name}": Sum(name) for name in names})
    return Totals(**{name: sums[f"sum_{name}"] or Decimal(0) for name in names})


def shows_movements(scope: Scope, grant: Grant) -> bool:
    """Tell whether the payments and draws are shown line by line, not only their sums.

    They are the team's and the funder's own: another funder reads the amounts alone.
    """
    if scope.opens(Action.EDIT_BUDGET, grant.edition.programme):
        return True
    rights = Membership.objects.active(timezone.localdate()).filter(organisation=grant.funder_id)
    return rights.filter(user=scope.actor_key or None).exists()


@contextmanager
def writing(grant: Grant) -> Iterator[Grant]:
    """Hold the grant while its amounts are compared and written.

    The row is locked: of two draws of the last euros made at once, one waits and is refused.
    """
    with transaction.atomic():
        yield Grant.objects.select_for_update(of=("self",)).get(pk=grant.pk)


def _sum(rows: QuerySet) -> Decimal:
    return rows.aggregate(total=Sum("amount"))["total"] or Decimal(0)


def _paid(grant: Grant, *, but: int | None = None) -> Decimal:
    return _sum(GrantPayment.objects.filter(grant=grant).exclude(pk=but))


def _drawn(grant: Grant) -> Decimal:
    return _sum(GrantDraw.objects.filter(grant=grant))


def _refuse_more(amount: Decimal, left: Decimal) -> None:
    if amount > left:
        raise ValidationError(
            {"amount": f"C’est plus que le montant attribué\u00a0: il reste {euros(left)}."}
        )


def award(*, scope: Scope, grant: Grant, amount: Decimal, on: date) -> Grant:
    """Note the award, or correct it, and return the grant; a refusal noted before is taken back.

    ValidationError on `awarded` when more was already paid or drawn; StaleError when somebody
    saved the grant since it was read.
    """
    with writing(grant) as held:
        for done, word in ((_paid(held), "versés"), (_drawn(held), "justifiés")):
            if amount < done:
                said = f"{euros(done)} sont déjà {word}\u00a0: l’attribution ne peut être moindre."
                raise ValidationError({"awarded": said})
        grant.awarded, grant.awarded_on, grant.refused_on = amount, on, None
        grant.save()
        record(scope, Verb.UPDATE, grant, changed=["awarded", "awarded_on"])
    return grant


def refuse(*, scope: Scope, grant: Grant, on: date) -> Grant:
    """Note that the funder refused, or took its award back, and return the grant.

    ValidationError on `refused_on` once something was paid or drawn; StaleError as above.
    """
    with writing(grant) as held:
        if _paid(held) or _drawn(held):
            said = "Ce financement a des versements ou des dépenses\u00a0: il n’est plus refusé."
            raise ValidationError({"refused_on": said})
        grant.awarded, grant.awarded_on, grant.refused_on = None, None, on
        grant.save()
        record(scope, Verb.UPDATE, grant, changed=["refused_on"])
    return grant


def record_payment(*, scope: Scope, payment: GrantPayment) -> GrantPayment:
    """Save a payment, new or corrected, and return it.

    ValidationError on `amount` beyond the award: what is paid never exceeds it.
    """
    with writing(payment.grant) as held:
        if held.awarded is None:
            raise ValidationError(NOT_AWARDED)
        _refuse_more(payment.amount, held.awarded - _paid(held, but=payment.pk))
        is_new = payment._state.adding
        payment.save()
        record(scope, Verb.CREATE if is_new else Verb.UPDATE, payment)
    return payment


def draw(
    *, scope: Scope, grant: Grant, amount: Decimal, on: date, label: str, source: Source = BY_HAND
) -> GrantDraw:
    """Write that the grant pays for something, and return the line.

    The one way to consume a grant, for every floor. ValidationError on `amount` beyond what is
    left of the award, naming what is.
    """
    with writing(grant) as held:
        if held.awarded is None:
            raise ValidationError(NOT_AWARDED)
        _refuse_more(amount, held.awarded - _drawn(held))
        line = GrantDraw.objects.create(
            grant=held,
            on=on,
            amount=amount,
            label=label,
            source_type=source.type,
            source_key=source.key,
        )
        record(scope, Verb.CREATE, line)
    return line


def reverse_draw(*, scope: Scope, line: GrantDraw, source: Source, reason: str) -> GrantDraw:
    """Take a draw back with a reverse line dated today, and return that line.

    Today, not the day of the mistake: what was reported before does not move. `source` says who
    asks: what wrote a line corrects it. ValidationError for the line of another source, already
    taken back, or itself a reverse line.
    """
    with writing(line.grant) as held:
        if line.source_type != source.type:
            said = f"Cette dépense vient d’ailleurs ({line.source})\u00a0: corrigez-la là-bas."
            raise ValidationError(said)
        if line.reverses_id or GrantDraw.objects.filter(reverses=line.pk).exists():
            raise ValidationError("Cette dépense est déjà retirée.")
        back = GrantDraw.objects.create(
            grant=held,
            on=timezone.localdate(),
            amount=-line.amount,
            label=line.label,
            source_type=line.source_type,
            source_key=line.source_key,
            reverses=line,
            reason=reason,
        )
        record(scope, Verb.CREATE, back, reason=reason)
    return back
