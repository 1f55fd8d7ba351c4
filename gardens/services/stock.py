"""The stock: what is left, and several kilograms of a product taken from its oldest lots first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from autoprod.core import formatting
from autoprod.core.fields import GramsField
from autoprod.core.scoping import Action, Scope
from gardens.enums import DateKind
from gardens.models import Lot, Movement, Product
from gardens.models.food import EATEN
from gardens.services.movements import Out, hold, take
from programmes.models import Programme, Site

NOT_ENOUGH = "Il ne reste que {left} de ce produit qui puisse y aller\u00a0: {asked} demandés."
NONE_LEFT = "Il ne reste rien de ce produit qui puisse y aller."
CHANGED = "Ce qui sortirait a changé\u00a0: voici ce que ce serait maintenant. Vérifiez."


@dataclass(frozen=True)
class Wanted:
    """A product of a programme, wherever it is kept or in one place."""

    programme: Programme
    product: Product
    site: Site | None = None


@dataclass(frozen=True)
class Share:
    """What is taken of one lot, in kilograms."""

    lot: Lot
    grams: Decimal


def plan(*, scope: Scope, wanted: Wanted, out: Out) -> list[Share]:
    """Return what would be taken of each lot, the first to be eaten first.

    Lots that may not go there (recalled, past their use-by date) are left out. ValidationError when
    there is not enough of the others.
    """
    missing, shares = out.grams, []
    for lot in _able(scope, wanted, out):
        if missing <= 0:
            break
        grams = min(missing, lot.balance.left)
        shares.append(Share(lot, grams))
        missing -= grams
    if missing > 0:
        left = formatting.kilograms(out.grams - missing)
        said = NOT_ENOUGH.format(left=left, asked=formatting.kilograms(out.grams))
        raise ValidationError({"grams": said if shares else NONE_LEFT})
    return shares


def agreed(shares: Sequence[Share]) -> str:
    """Return the shares as a page sends them back: « 12:5000,15:3000 », keys and grams."""
    return ",".join(f"{share.lot.pk}:{int(share.grams * 1000)}" for share in shares)


@transaction.atomic
def take_product(*, scope: Scope, wanted: Wanted, out: Out, shown: str) -> list[Movement]:
    """Take a product out of its oldest lots as was `shown` (see `agreed`); return the movements.

    Growers, baskets or portions are written once, on the first. The same tap twice is one.
    ValidationError, its code « plan », when the shares are no longer those shown.
    """
    for key in sorted(_keys(shown)):
        # All of them at once, in one order: two who take the same lots never wait for each other.
        hold(scope, key)
    if done := _done(out.client_uuid, len(_keys(shown))):
        return done
    shares = plan(scope=scope, wanted=wanted, out=out)
    if agreed(shares) != shown:
        raise ValidationError(CHANGED, code="plan")
    first = replace(out, grams=shares[0].grams)
    outs = [first] + [
        replace(out, grams=share.grams, recipients=None, client_uuid=_mark(out.client_uuid, rank))
        for rank, share in enumerate(shares[1:], start=1)
    ]
    return [
        take(scope=scope, lot=share.lot.pk, out=one)
        for share, one in zip(shares, outs, strict=True)
    ]


def _able(scope: Scope, wanted: Wanted, out: Out) -> QuerySet[Lot]:
    """Return the lots that may go there, the first to be eaten first."""
    rows = Lot.objects.for_scope(scope, Action.EDIT_GARDENS).in_stock().filter(on__lte=out.on)
    rows = rows.filter(programme=wanted.programme, product=wanted.product)
    if wanted.site:
        rows = rows.filter(site=wanted.site)
    if out.destination in EATEN:
        past = Q(date_kind=DateKind.USE_BY, expires_on__lt=out.on)
        rows = rows.filter(recalled_on=None).exclude(past)
    return rows.select_related("balance", "site").oldest_first()


def _keys(shown: str) -> list[int]:
    """Return the lots that a page showed; what nobody showed is no lot."""
    pairs = [pair.partition(":")[0] for pair in shown.split(",")[:200]]
    return [int(key) for key in pairs if key.isascii() and key.isdigit() and len(key) < 18]


def _mark(client_uuid: UUID, rank: int) -> UUID:
    return uuid5(client_uuid, str(rank))


def _done(client_uuid: UUID, count: int) -> list[Movement]:
    """Return what this tap has written already."""
    marks = [client_uuid, *(_mark(client_uuid, rank) for rank in range(1, count))]
    return list(Movement.objects.filter(client_uuid__in=marks).order_by("pk"))


def stock_on(scope: Scope, programme: Programme, on: date) -> QuerySet[Lot]:
    """Return the lots of a programme of which something was left at the end of a day.

    `left_then` is what was left, in kilograms, by the movements dated up to that day.
    """
    rows = Lot.objects.for_scope(scope, Action.VIEW_GARDENS).filter(programme=programme, on__lte=on)
    gone = Sum("movements__grams", filter=Q(movements__on__lte=on))
    nothing = Value(Decimal(0), output_field=GramsField())
    rows = rows.annotate(left_then=F("grams") - Coalesce(gone, nothing)).filter(left_then__gt=0)
    return rows.select_related("product", "variety", "site", "supplier").oldest_first()
