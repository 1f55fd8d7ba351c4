"""Demo data of the harvests: two seasons of three gardens, in invented but believable kilograms.

Weights follow each product's season, rise and fall; where they go are the growers, the
organisations that the fiche says receive vegetables, the table, the compost. Each weighing is known
by its mark: loading twice adds nothing. Rows are written together, under the ledger's own triggers.
"""

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import Max
from django.utils import timezone

from beneficiaries.management.demo.lots import draw
from beneficiaries.management.demo.lots import lot as luck
from gardens.enums import Destination, Origin, Quality
from gardens.models import Garden, Harvest, Lot, Movement, Product, Variety
from gardens.services.weighings import mark_of
from programmes.access import holders
from programmes.enums import PartnerRole, Role
from programmes.models import Organisation, Partnership, Programme, Session, Site

HERE = Path(__file__).resolve().parent
SEASONS = 2
#: Gardens are not the same size: shares of what is typed in the file, the largest last.
FACTORS = (Decimal("0.8"), Decimal("1.0"), Decimal("1.5"))
WEIGHED_AT = time(11, 0)
_MARK = uuid5(NAMESPACE_URL, "autoprod:demo:recoltes")
_GRAM = Decimal("0.1")
#: What keeps stays in stock for weeks; the rest is gone the same day.
KEEPS = frozenset({"pomme_de_terre", "oignon", "potimarron", "courge_butternut", "ail"})
_TUESDAY = 1


@dataclass(frozen=True)
class Season:
    """When a product is picked, week after week, and how much at the height of it."""

    code: str
    first: int
    last: int
    peak: Decimal


@dataclass(frozen=True)
class Picked:
    """One weighing to write: its mark tells it from the others."""

    mark: UUID
    site: Site
    session: Session | None
    product: Product
    variety: Variety | None
    on: date
    grams: Decimal


def load(*, programme: Programme, on: date, until: datetime) -> None:
    """Create what is missing of the harvests of the last two seasons, up to the day of the demo."""
    found = [
        one
        for year in range(on.year - SEASONS + 1, on.year + 1)
        for one in _picked(programme, year)
        if _instant(one.on) <= until
    ]
    done = set(Harvest.objects.filter(programme=programme).values_list("client_uuid", flat=True))
    fresh = sorted((one for one in found if one.mark not in done), key=lambda one: one.on)
    lots = _lots(programme, _harvests(programme, fresh))
    _leave(programme, lots, on)


def _instant(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, WEIGHED_AT))


def _seasons() -> list[Season]:
    with (HERE / "harvests.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        Season(row["product"], int(row["first"]), int(row["last"]), Decimal(row["peak"]))
        for row in rows
    ]


def _picked(programme: Programme, year: int) -> Iterator[Picked]:
    """Yield what is picked of a year: once a week in each garden, on a day somebody is there."""
    sites = [garden.site for garden in _gardens(programme)]
    days = _days(programme, year)
    products = {one.code: one for one in Product.objects.filter(territory=None)}
    varieties = _varieties()
    for rank, site in enumerate(sites):
        factor = FACTORS[rank % len(FACTORS)]
        for season in _seasons():
            good_year = _between(0.75, 1.2, year, site.name, season.code)
            product = products[season.code]
            named = [None, *varieties.get(product.species_id, [])]
            for week in range(season.first, season.last + 1):
                words = (year, site.name, season.code, week)
                grams = (_weight(season, week, words) * factor * good_year).quantize(_GRAM)
                on, session = days.get((site.pk, week)) or (_tuesday(year, week), None)
                mark = uuid5(_MARK, f"{programme.pk} {site.pk} {year} {week} {season.code}")
                if grams:
                    variety = draw(named, *words, "variety")
                    yield Picked(mark, site, session, product, variety, on, grams)


def _gardens(programme: Programme) -> list[Garden]:
    rows = Garden.objects.filter(site__programmes=programme).select_related("site")
    return list(rows.order_by("site__sort_key"))


def _days(programme: Programme, year: int) -> dict[tuple[int, int], tuple[date, Session]]:
    """Return {(site, week): (day, session)}: the first session of each week at each site."""
    rows = Session.objects.filter(programme=programme, cancelled_on=None, on__year=year)
    found: dict[tuple[int, int], tuple[date, Session]] = {}
    for session in rows.prefetch_related("sites").order_by("starts_at", "pk"):
        week = session.on.isocalendar()
        if week.year == year:
            for site in session.places:
                found.setdefault((site.pk, week.week), (session.on, session))
    return found


def _varieties() -> dict[int, list[Variety]]:
    found: dict[int, list[Variety]] = {}
    for variety in Variety.objects.filter(territory=None).order_by("pk"):
        found.setdefault(variety.species_id, []).append(variety)
    return found


def _tuesday(year: int, week: int) -> date:
    return date.fromisocalendar(year, week, 1) + timedelta(days=_TUESDAY)


def _between(low: float, high: float, *words: object) -> Decimal:
    return Decimal(str(round(low + (high - low) * luck(*words), 3)))


def _weight(season: Season, week: int, words: Sequence[object]) -> Decimal:
    """Return the kilograms of a week: a hump over the season, with some luck; at times nothing."""
    if luck(*words, "skipped") < 0.15:
        return Decimal(0)
    length = season.last - season.first + 1
    hump = math.sin(math.pi * (week - season.first + 0.5) / length)
    return season.peak * Decimal(str(round(hump, 3))) * _between(0.6, 1.3, *words)


def _harvests(programme: Programme, picked: Sequence[Picked]) -> list[Harvest]:
    last = picked[-1].on if picked else timezone.localdate()
    leader = holders([programme], [Role.WORKSHOP_LEADER], on=last).order_by("pk").first()
    return Harvest.objects.bulk_create(
        Harvest(
            programme=programme,
            site=one.site,
            session=one.session,
            product=one.product,
            variety=one.variety,
            on=one.on,
            grams=one.grams,
            tare=Decimal("0.6"),
            quality=Quality.FIRST,
            weighed_by=leader,
            client_uuid=one.mark,
            observed_at=_instant(one.on),
        )
        for one in picked
    )


def _lots(programme: Programme, harvests: Sequence[Harvest]) -> list[Lot]:
    """Open the lot of each harvest, numbered after those that are there."""
    ranks: dict[int, int] = {}
    rows = []
    for harvest in harvests:
        year = harvest.on.year
        ranks[year] = (ranks[year] if year in ranks else _last_rank(programme, year)) + 1
        rows.append(
            Lot(
                programme=programme,
                number=f"{year}-{ranks[year]:04d}",
                origin=Origin.HARVEST,
                harvest=harvest,
                product=harvest.product,
                variety=harvest.variety,
                on=harvest.on,
                grams=harvest.grams,
                site=harvest.site,
                is_organic=True,
            )
        )
    return Lot.objects.bulk_create(rows)


def _last_rank(programme: Programme, year: int) -> int:
    rows = Lot.objects.filter(programme=programme, number__startswith=f"{year}-")
    last = rows.aggregate(last=Max("number"))["last"]
    return int(last.removeprefix(f"{year}-")) if last else 0


def _leave(programme: Programme, lots: Sequence[Lot], on: date) -> None:
    """Write where each lot went, on its day; what keeps and is recent stays."""
    receivers = _receivers(programme, on)
    leaving = [list(_movements(lot, receivers, on)) for lot in lots]
    # A lot once a statement: PostgreSQL follows what is left once the whole statement is written.
    for place in range(max(map(len, leaving), default=0)):
        Movement.objects.bulk_create(ways[place] for ways in leaving if len(ways) > place)


def _receivers(programme: Programme, on: date) -> list[Organisation]:
    links = Partnership.objects.filter(programme=programme, role=PartnerRole.RECIPIENT)
    links = links.active(on).select_related("organisation")
    return [link.organisation for link in links.order_by("organisation__sort_key")]


def _movements(lot: Lot, receivers: Sequence[Organisation], on: date) -> Iterator[Movement]:
    mark = lot.harvest.client_uuid
    for place, (destination, grams) in enumerate(_ways(lot, on)):
        is_gift = destination == Destination.ORGANISATION
        is_shared = destination == Destination.GROWERS
        yield Movement(
            lot=lot,
            destination=destination,
            grams=grams,
            on=lot.on,
            organisation=draw(receivers, mark, "receiver") if is_gift else None,
            session=lot.harvest.session,
            recipients=draw(range(4, 12), mark, "growers") if is_shared else None,
            author=lot.harvest.weighed_by,
            client_uuid=mark_of(mark, place),
        )


def _ways(lot: Lot, on: date) -> list[tuple[Destination, Decimal]]:
    """Return where a lot goes, its parts never more than it."""
    if lot.product.code in KEEPS and lot.on > on - timedelta(weeks=10):
        part = (lot.grams * Decimal("0.4")).quantize(_GRAM)
        return [(Destination.GROWERS, part)] if part else []
    drawn = luck(lot.harvest.client_uuid)
    if lot.grams > 8 and drawn < 0.6:
        gift = (lot.grams * Decimal("0.45")).quantize(_GRAM)
        waste = (lot.grams * Decimal("0.05")).quantize(_GRAM)
        parts = [(Destination.ORGANISATION, gift), (Destination.COMPOST, waste)]
        parts.insert(0, (Destination.GROWERS, lot.grams - gift - waste))
        return [(way, part) for way, part in parts if part]
    for limit, way in _CHANCES:
        if drawn < limit:
            return [(way, lot.grams)]
    return [(Destination.COMPOST, lot.grams)]


_CHANCES = (
    (0.5, Destination.GROWERS),
    (0.8, Destination.ORGANISATION),
    (0.95, Destination.TABLE),
    (0.98, Destination.GROCERY),
)
