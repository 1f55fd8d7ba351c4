"""The demo's larder: gifts and purchases received, soup, gift notes, a recalled lot, prices.

Receivers come from the published fiche; what is brought, its weights and its prices are invented.
Each slip is known by its number: loading twice adds nothing.
"""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from autoprod.core.scoping import Scope
from gardens.enums import DateKind, Destination, Origin
from gardens.models import GiftNote, Lot, Product, ProductPrice
from gardens.services.gift_notes import issue, sign, to_write
from gardens.services.lots import Line, Slip, receive
from gardens.services.movements import Out, take
from gardens.services.recalls import recall
from gardens.services.transformations import Made, transform
from programmes.models import Organisation, Programme, ReferenceCode, Site

_EVERYTHING = Scope.everything(reason="démonstration")
_WEEKS = 6
_WEDNESDAY = 2
_SOURCE = "Relevé fictif du marché, pour la démonstration"
#: Euros for a kilogram, invented; mixed vegetables have none.
_PRICES = {
    "courgette": "2.40",
    "tomate": "3.20",
    "pomme_de_terre": "1.60",
    "carotte": "1.90",
    "laitue": "3.50",
    "haricot_vert": "5.20",
    "oignon": "2.00",
    "potimarron": "2.90",
    "poireau": "2.80",
    "betterave": "2.60",
    "radis": "4.00",
    "epinard": "4.50",
    "blette": "3.00",
    "pomme": "2.30",
    "ail": "9.00",
    "aubergine": "3.40",
    "chou_de_milan": "2.20",
    "chou_frise_kale": "5.00",
    "concombre": "2.50",
    "courge_butternut": "2.70",
    "feve": "4.20",
    "fraise": "8.50",
    "framboise": "16.00",
    "haricot_a_ecosser": "5.80",
    "mache": "12.00",
    "navet": "2.30",
    "oignon_blanc": "2.60",
    "persil": "10.00",
    "petit_pois": "6.50",
    "poivron": "4.30",
    "rhubarbe": "3.90",
    "tomate_cerise": "5.60",
    "miel": "14.00",
    "pain": "3.80",
    "lait": "1.20",
    "fromage": "11.00",
    "farine": "1.10",
    "huile": "4.60",
    "soupe": "4.50",
}


def load(*, programme: Programme, on: date) -> None:
    """Create what is missing of the larder of the last weeks, up to the day of the demo."""
    on = min(on, timezone.localdate())
    _prices(programme, on)
    site = Site.objects.filter(programmes=programme).order_by("sort_key", "pk").first()
    giver = _organisation(programme, "Midi Partage", "aide_alimentaire")
    if site is None:
        return
    for weeks in reversed(range(_WEEKS)):
        day = on - timedelta(days=(on.weekday() - _WEDNESDAY) % 7 + 7 * weeks)
        slip = Slip(programme, site, Origin.DONATION, day, giver, number=f"BL-{day:%y%m%d}")
        if lots := _receive(slip, _gift(day, weeks)):
            _use(lots, on)
    _buy(programme, site, giver, on)
    _recall(programme, on)
    _write_notes(programme, on)


def _prices(programme: Programme, on: date) -> None:
    products = {one.code: one for one in Product.objects.filter(territory=None)}
    known = ProductPrice.objects.filter(territory=programme.territory)
    known = set(known.values_list("product__code", "starts_on"))
    ProductPrice.objects.bulk_create(
        ProductPrice(
            territory=programme.territory,
            product=products[code],
            starts_on=date(on.year - 1, 1, 1),
            price=Decimal(price),
            source=_SOURCE,
        )
        for code, price in _PRICES.items()
        if (code, date(on.year - 1, 1, 1)) not in known
    )


def _organisation(programme: Programme, name: str, kind: str) -> Organisation:
    codes = ReferenceCode.objects.in_list("organisation_kinds").filter(territory=None)
    return Organisation.objects.get_or_create(
        territory=programme.territory, name=name, defaults={"kind": codes.get(code=kind)}
    )[0]


def _line(code: str, grams: str, **fields) -> Line:
    return Line(Product.objects.get(code=code, territory=None), Decimal(grams), **fields)


def _use_by(day: date, days: int) -> dict:
    return {"date_kind": DateKind.USE_BY, "expires_on": day + timedelta(days=days)}


def _gift(day: date, weeks: int) -> list[Line]:
    """Return what is brought one week; the cold is read at the door."""
    fresh = {"temperature": Decimal("3.5"), "supplier_lot": f"F{day:%j}"}
    return [
        _line("pain", f"{6 + weeks}"),
        _line("lait", "12", **_use_by(day, 7), **fresh),
        _line("fromage", "3.4", **_use_by(day, 10), **fresh),
        _line("legumes_divers", f"{18 + 2 * weeks}"),
    ]


def _receive(slip: Slip, lines: list[Line]) -> list[Lot]:
    """Receive a slip once; return the lots opened now."""
    if Lot.objects.filter(programme=slip.programme, slip=slip.number).exists():
        return []
    return receive(scope=_EVERYTHING, slip=slip, lines=lines)


def _use(lots: list[Lot], on: date) -> None:
    """Give what came, and cook the vegetables, on the day it came; the last gift is still there."""
    bread, milk, cheese, vegetables = lots
    if bread.on > on - timedelta(days=7):
        return
    _take(bread, Destination.GROCERY, bread.grams, recipients=14)
    _take(milk, Destination.GROCERY, milk.grams - 2, recipients=12)
    _take(milk, Destination.LOSS, Decimal(2), note="Briques percées")
    soup = Product.objects.get(code="soupe", territory=None)
    kept = _use_by(vegetables.on, 90)
    made = Made(vegetables.programme, vegetables.site, soup, Decimal(9), vegetables.on, **kept)
    pot = transform(scope=_EVERYTHING, made=made, ingredients={vegetables.pk: Decimal(12)})
    _take(pot, Destination.TABLE, Decimal(6), recipients=20)
    receiver = _receiver(vegetables.programme)
    _take(vegetables, Destination.ORGANISATION, vegetables.grams - 12, organisation=receiver)
    _take(cheese, Destination.ORGANISATION, Decimal(2), organisation=receiver)
    if cheese.on < on - timedelta(days=13):
        _take(cheese, Destination.GROCERY, Decimal("1.4"), recipients=7)


def _receiver(programme: Programme) -> Organisation:
    return _organisation(programme, "Maison du Pain de vie", "association")


def _take(lot: Lot, destination: Destination, grams: Decimal, **fields) -> None:
    out = Out(destination=destination, grams=grams, on=lot.on, **fields)
    take(scope=_EVERYTHING, lot=lot.pk, out=out)


def _buy(programme: Programme, site: Site, through: Organisation, on: date) -> None:
    """Receive what was bought on the first of the month, ordered through somebody else."""
    day = on.replace(day=1)
    slip = Slip(
        programme,
        site,
        Origin.PURCHASE,
        day,
        _organisation(programme, "Grossiste du Hainaut (fictif)", "entreprise"),
        through=through,
        number=f"F-{day:%y%m}",
        is_public_money=True,
    )
    lines = [
        _line("farine", "25", cost=Decimal("24.50")),
        _line("huile", "10", cost=Decimal(41)),
    ]
    _receive(slip, lines)


def _recall(programme: Programme, on: date) -> None:
    """Recall the cheese of two weeks ago, once."""
    rows = Lot.objects.filter(programme=programme, product__code="fromage")
    if rows.exclude(recalled_on=None).exists():
        return
    lot = rows.filter(on__lte=on - timedelta(days=8)).order_by("-on", "-pk").first()
    if lot:
        reason = "Rappel du fabricant\u00a0: défaut de pasteurisation"
        recall(scope=_EVERYTHING, lots=[lot.pk], reason=reason, on=lot.on + timedelta(days=2))


def _write_notes(programme: Programme, on: date) -> None:
    """Write the notes of the last weeks but one, signed the next day."""
    for gift in reversed(to_write(_EVERYTHING, programme)):
        if on - timedelta(weeks=_WEEKS) < gift.on < on - timedelta(days=13):
            note: GiftNote = issue(
                scope=_EVERYTHING,
                programme=programme,
                organisation=gift.organisation,
                on=gift.on,
            )
            sign(scope=_EVERYTHING, note=note, signed_on=gift.on + timedelta(days=1))
