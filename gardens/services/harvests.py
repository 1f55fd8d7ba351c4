"""Harvests: one weighing opens a lot, and may say at once where it goes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.scoping import Scope
from gardens.enums import Origin, Quality
from gardens.models import Harvest, Lot, Planting, Product, Variety
from gardens.services.lots import open_lot
from gardens.services.movements import Out, take
from programmes.models import Programme, Session, Site

FUTURE = "Une récolte ne se pèse pas à l’avance."
NOT_OF_SPECIES = "Cette variété n’est pas de ce produit."


@dataclass(frozen=True)
class Weighing:
    """What the scales said, in kilograms without the crate."""

    programme: Programme
    site: Site
    product: Product
    grams: Decimal
    on: date
    variety: Variety | None = None
    session: Session | None = None
    planting: Planting | None = None
    tare: Decimal = Decimal(0)
    pieces: int | None = None
    is_estimated: bool = False
    quality: Quality = Quality.FIRST
    client_uuid: UUID = field(default_factory=uuid4)
    observed_at: datetime = field(default_factory=timezone.now)


@transaction.atomic
def weigh(*, scope: Scope, weighing: Weighing, outs: Sequence[Out] = ()) -> Harvest:
    """Write a weighing, its lot and what leaves it at once; return it. The same tap twice is one.

    The caller has read the programme through the scope. ValidationError when it does not hold
    together: then nothing is written.
    """
    # One after the other, so that a tap sent twice at once finds its first.
    Programme.objects.select_for_update(no_key=True).get(pk=weighing.programme.pk)
    if before := Harvest.objects.filter(client_uuid=weighing.client_uuid).first():
        return before
    _check(weighing)
    harvest = Harvest(weighed_by_id=int(scope.actor_key or 0) or None, **vars(weighing))
    harvest.full_clean()
    harvest.save()
    record(scope, Verb.CREATE, harvest)
    lot = open_lot(scope=scope, lot=_lot_of(harvest))
    for out in outs:
        take(scope=scope, lot=lot.pk, out=out)
    return harvest


def _check(weighing: Weighing) -> None:
    if weighing.on > timezone.localdate():
        raise ValidationError({"on": FUTURE})
    variety = weighing.variety
    if variety and variety.species_id != weighing.product.species_id:
        raise ValidationError({"variety": NOT_OF_SPECIES})


def _lot_of(harvest: Harvest) -> Lot:
    """Return the lot of a harvest, not saved."""
    names = ("programme", "product", "variety", "on", "grams", "pieces", "site")
    garden = getattr(harvest.site, "garden", None)
    return Lot(
        origin=Origin.HARVEST,
        harvest=harvest,
        is_organic=bool(garden and garden.is_organic),
        **{name: getattr(harvest, name) for name in names},
    )
