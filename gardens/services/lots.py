"""Lots: food that comes in, each with its number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core import formatting
from autoprod.core.scoping import Scope
from gardens.enums import DateKind, Origin
from gardens.models import Lot, Product
from gardens.services.prices import estimate
from programmes.models import Organisation, Programme, Site

FUTURE = "Une livraison ne se note pas à l’avance."
PAST_USE_BY = "La DLC est passée le {on}\u00a0: ce produit ne se prend pas."
NO_LINE = "Notez au moins un produit."
TOO_HEAVY = (
    "{said} d’un coup\u00a0: vérifiez la virgule. Au-delà de {most}, notez en plusieurs fois."
)
TOO_OLD = "Vérifiez l’année\u00a0: rien ne se note avant {year}."
#: More kilograms at once are a comma forgotten: on the scales of a garden, from a lorry.
_ON_SCALES, _IN_A_LORRY = Decimal(1_000), Decimal(20_000)
#: Before, a year is a mistake of typing.
_FIRST_YEAR = 2000


@dataclass(frozen=True)
class Slip:
    """Who brought what, where and when: one sheet of paper for several products."""

    programme: Programme
    site: Site
    origin: Origin
    on: date
    supplier: Organisation
    through: Organisation | None = None
    number: str = ""
    is_public_money: bool = False


@dataclass(frozen=True)
class Line:
    """One product of a slip, in kilograms and euros."""

    product: Product
    grams: Decimal
    supplier_lot: str = ""
    date_kind: str = ""
    expires_on: date | None = None
    temperature: Decimal | None = None
    value: Decimal | None = None
    value_source: str = ""
    cost: Decimal | None = None
    is_organic: bool = False


@transaction.atomic
def receive(*, scope: Scope, slip: Slip, lines: Sequence[Line]) -> list[Lot]:
    """Open a lot for each line of a slip, in their order, and return them: all or none.

    Without a value, the reference price of the day gives one, with its source. ValidationError on
    `<field>_<rank>` of the line that does not hold together (ranks start at one).
    """
    if slip.on > timezone.localdate():
        raise ValidationError({"on": FUTURE})
    if not lines:
        raise ValidationError(NO_LINE)
    lots = []
    for rank, line in enumerate(lines, start=1):
        try:
            lots.append(_receive(scope, slip, line))
        except ValidationError as error:
            raise ValidationError(_beside(error, rank)) from error
    return lots


def _receive(scope: Scope, slip: Slip, line: Line) -> Lot:
    if line.date_kind == DateKind.USE_BY and line.expires_on and line.expires_on < slip.on:
        said = PAST_USE_BY.format(on=formatting.day(line.expires_on))
        raise ValidationError({"expires_on": said})
    values = dict(vars(line))
    if line.value is None:
        territory = slip.programme.territory
        told = estimate(scope, territory, line.product, line.grams, slip.on)
        values |= {"value": told and told.value, "value_source": told.source if told else ""}
    lot = Lot(
        programme=slip.programme,
        site=slip.site,
        origin=slip.origin,
        on=slip.on,
        supplier=slip.supplier,
        through=slip.through,
        slip=slip.number,
        is_public_money=slip.is_public_money,
        **values,
    )
    return open_lot(scope=scope, lot=lot)


def _beside(error: ValidationError, rank: int) -> dict[str, list[str]]:
    """Return the messages of a line, each under the name of its field on the page."""
    names = {"value_source": "value", "date_kind": "expires_on"}
    return {f"{names.get(name, name)}_{rank}": told for name, told in error.message_dict.items()}


def check_weight(kilograms: Decimal, origin: Origin) -> None:
    """Raise ValidationError for more kilograms than may come in at once."""
    most = _ON_SCALES if origin == Origin.HARVEST else _IN_A_LORRY
    if kilograms > most:
        words = {"said": formatting.kilograms(kilograms), "most": formatting.kilograms(most)}
        raise ValidationError({"grams": TOO_HEAVY.format(**words)})


def check_day(on: date) -> None:
    """Raise ValidationError for a day of another century."""
    if on.year < _FIRST_YEAR:
        raise ValidationError({"on": TOO_OLD.format(year=_FIRST_YEAR)})


@transaction.atomic
def open_lot(*, scope: Scope, lot: Lot) -> Lot:
    """Give an unsaved lot its number, save it and return it; its balance is all of it.

    ValidationError when what it says does not hold together.
    """
    check_weight(lot.grams, lot.origin)
    check_day(lot.on)
    # Whoever opens a lot at the same time waits here: two lots never get the same number.
    Programme.objects.select_for_update(no_key=True).get(pk=lot.programme_id)
    lot.number = _next_number(lot)
    lot.full_clean(exclude=["harvest"])
    lot.save()
    record(scope, Verb.CREATE, lot)
    return lot


def _next_number(lot: Lot) -> str:
    """Return « 2026-0042 »: the year it came in, and its rank in the programme's year."""
    year = f"{lot.on.year}-"
    rows = Lot.objects.filter(programme=lot.programme_id, number__startswith=year)
    last = rows.aggregate(last=Max("number"))["last"]
    rank = int(last.removeprefix(year)) + 1 if last else 1
    return f"{year}{rank:04d}"
