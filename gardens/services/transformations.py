"""Lots made of lots: what was cooked, and what was carried to another place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction

from autoprod.core import formatting
from autoprod.core.rounding import round_half_up
from autoprod.core.scoping import Scope
from gardens.enums import DateKind, Destination, Origin
from gardens.models import Lot, Movement, Product
from gardens.services.lots import PAST_USE_BY, open_lot
from gardens.services.movements import Out, hold, take
from gardens.services.prices import estimate
from programmes.models import Programme, Session, Site

NOTHING_TAKEN = "Dites au moins un lot, et le poids qui en est pris."
SAME_PLACE = "Ce lot est déjà là."


@dataclass(frozen=True)
class Made:
    """What comes out of the kitchen, in kilograms."""

    programme: Programme
    site: Site
    product: Product
    grams: Decimal
    on: date
    session: Session | None = None
    date_kind: str = ""
    expires_on: date | None = None
    pieces: int | None = None
    note: str = ""
    client_uuid: UUID = field(default_factory=uuid4)


@transaction.atomic
def transform(*, scope: Scope, made: Made, ingredients: Mapping[int, Decimal]) -> Lot:
    """Take kilograms out of several lots (by key) and return the lot they become.

    All or nothing; the same tap twice is one. It costs what its ingredients cost. ValidationError
    on `grams_<key>` of the lot that cannot give as much, or on a field of what is made.
    """
    _lock(made.programme)
    held = {key: hold(scope, key) for key in sorted(ingredients)}
    if before := Movement.objects.filter(client_uuid=made.client_uuid).first():
        return before.into
    if not held:
        raise ValidationError(NOTHING_TAKEN)
    if any(lot.programme_id != made.programme.pk for lot in held.values()):
        raise Lot.DoesNotExist
    lot = open_lot(scope=scope, lot=_lot_of(scope, made, held, ingredients))
    shared = {"destination": Destination.TRANSFORMATION, "on": made.on, "into": lot}
    for rank, key in enumerate(held):
        mark = uuid5(made.client_uuid, str(rank)) if rank else made.client_uuid
        out = Out(
            **shared,
            grams=ingredients[key],
            session=made.session,
            note=made.note,
            client_uuid=mark,
        )
        _take(scope, key, out)
    return lot


def _lock(programme: Programme) -> None:
    """Wait for the programme first, as whoever opens a lot does: nobody waits for each other."""
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)


def _take(scope: Scope, key: int, out: Out) -> None:
    try:
        take(scope=scope, lot=key, out=out)
    except ValidationError as error:
        raise ValidationError({f"grams_{key}": error.messages}) from error


def _lot_of(
    scope: Scope, made: Made, held: Mapping[int, Lot], ingredients: Mapping[int, Decimal]
) -> Lot:
    """Return the lot that is made, not saved: it keeps of its ingredients what stays true."""
    if made.date_kind == DateKind.USE_BY and made.expires_on and made.expires_on < made.on:
        raise ValidationError(
            {"expires_on": PAST_USE_BY.format(on=formatting.day(made.expires_on))}
        )
    told = estimate(scope, made.programme.territory, made.product, made.grams, made.on)
    costs = [_share(lot.cost, ingredients[key], lot) for key, lot in held.items()]
    known = [cost for cost in costs if cost is not None]
    return Lot(
        programme=made.programme,
        site=made.site,
        product=made.product,
        grams=made.grams,
        on=made.on,
        pieces=made.pieces,
        date_kind=made.date_kind,
        expires_on=made.expires_on,
        origin=Origin.TRANSFORMATION,
        value=told and told.value,
        value_source=told.source if told else "",
        cost=sum(known) if known else None,
        is_public_money=any(lot.is_public_money for lot in held.values()),
        is_organic=all(lot.is_organic for lot in held.values()),
    )


def _share(amount: Decimal | None, grams: Decimal, lot: Lot) -> Decimal | None:
    """Return the part of an amount of the whole lot, to the cent; None when it is not known."""
    return None if amount is None else round_half_up(amount * grams / lot.grams, 2)


@dataclass(frozen=True)
class Move:
    """Kilograms of a lot carried to another place."""

    site: Site
    grams: Decimal
    on: date
    note: str = ""
    client_uuid: UUID = field(default_factory=uuid4)


@transaction.atomic
def transfer(*, scope: Scope, lot: int, move: Move) -> Lot:
    """Carry kilograms of a lot (its key) elsewhere and return the lot they are there.

    It keeps its dates, its supplier, and the recall it may be under. The same tap twice is one.
    """
    _lock(Programme.objects.get(lots=lot))
    held = hold(scope, lot)
    if before := Movement.objects.filter(client_uuid=move.client_uuid).first():
        return before.into
    if held.site_id == move.site.pk:
        raise ValidationError({"site": SAME_PLACE})
    kept = {name: getattr(held, name) for name in _KEPT}
    there = Lot(
        origin=Origin.TRANSFER,
        site=move.site,
        grams=move.grams,
        on=move.on,
        value=_share(held.value, move.grams, held),
        cost=_share(held.cost, move.grams, held),
        **kept,
    )
    there = open_lot(scope=scope, lot=there)
    out = Out(
        destination=Destination.TRANSFER,
        grams=move.grams,
        on=move.on,
        into=there,
        note=move.note,
        client_uuid=move.client_uuid,
    )
    take(scope=scope, lot=lot, out=out)
    return there


#: What a lot stays wherever it is.
_KEPT = (
    "programme",
    "product",
    "variety",
    "value_source",
    "supplier",
    "through",
    "slip",
    "supplier_lot",
    "date_kind",
    "expires_on",
    "is_public_money",
    "is_organic",
    "recalled_on",
    "recall_reason",
)
