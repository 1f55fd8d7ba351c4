"""What a garden grew, gave and kept, again as plain loops."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction

from autoprod.core.periods import Period
from beneficiaries.models import HouseholdMember
from gardens.models import Colony, Loan, Lot, Movement, Operation, Planting, ProductPrice
from tests.evaluation.naive_rows import Answer, counted, presences

GIVEN = ("growers", "basket", "grocery", "table", "organisation", "owner")
FOR_GOOD = (*GIVEN, "seeds", "compost", "loss")


# Kilograms.


def _lots(programmes: set[int], period: Period) -> list[Lot]:
    rows = Lot.objects.select_related("product__species", "variety", "harvest__planting__variety")
    return [lot for lot in rows if lot.programme_id in programmes and period.contains(lot.on)]


def _net(lot: Lot) -> Decimal:
    lines = Movement.objects.filter(lot=lot)
    return lot.grams - sum(line.grams for line in lines if line.destination == "weighing")


def _moved(programmes: set[int], period: Period) -> list[Movement]:
    rows = Movement.objects.select_related("lot__product__species", "lot__variety", "organisation")
    return [
        line for line in rows if line.lot.programme_id in programmes and period.contains(line.on)
    ]


def _standing(programmes: set[int], period: Period) -> list[Movement]:
    """Return the movements that nobody took back."""
    lines = _moved(programmes, period)
    undone = set(Movement.objects.values_list("reverses", flat=True))
    return [line for line in lines if line.reverses_id is None and line.pk not in undone]


_LOT_KEYS: dict[str, Callable] = {
    "product": lambda lot: lot.product_id,
    "garden": lambda lot: lot.site_id,
    "month": lambda lot: lot.on.replace(day=1),
    "supplier": lambda lot: lot.supplier_id,
}
_MOVEMENT_KEYS: dict[str, Callable] = {
    "destination": lambda line: line.destination,
    "organisation": lambda line: line.organisation_id,
    "product": lambda line: line.lot.product_id,
}


def _coming(origin: str, *names: str) -> Callable:
    def answer(programmes: set[int], period: Period) -> Answer:
        rows = [lot for lot in _lots(programmes, period) if lot.origin == origin]
        return sum(map(_net, rows)), {n: counted(rows, _LOT_KEYS[n], _net) for n in names}

    return answer


def _going(destinations: Iterable[str], *names: str) -> Callable:
    def answer(programmes: set[int], period: Period) -> Answer:
        rows = [line for line in _moved(programmes, period) if line.destination in destinations]
        by = {n: counted(rows, _MOVEMENT_KEYS[n], lambda line: line.grams) for n in names}
        return sum(line.grams for line in rows), by

    return answer


def organisations_served(programmes: set[int], period: Period) -> Answer:
    rows = [line for line in _standing(programmes, period) if line.destination == "organisation"]
    return len({line.organisation_id for line in rows}), {}


def food_stock(programmes: set[int], period: Period) -> Answer:
    rows = [
        lot for lot in Lot.objects.all() if lot.programme_id in programmes and lot.on <= period.end
    ]

    def left(lot: Lot) -> Decimal:
        lines = [line for line in Movement.objects.filter(lot=lot) if line.on <= period.end]
        return lot.grams - sum(line.grams for line in lines)

    by = {name: counted(rows, _LOT_KEYS[name], left) for name in ("product", "garden")}
    return sum(map(left, rows)), by


def _served(destination: str) -> Callable:
    def answer(programmes: set[int], period: Period) -> Answer:
        most: dict = {}
        for line in _standing(programmes, period):
            if line.destination == destination and line.recipients:
                place = line.lot.programme_id, line.on, line.session_id
                most[place] = max(most.get(place, 0), line.recipients)
        return sum(most.values()), {}

    return answer


# Varieties.


def _told(pairs: list[tuple]) -> set[tuple]:
    """Return (species, sorted name) once each; no name where another of the species has one."""
    named = {(species.pk, variety.sort_key) for species, variety in pairs if variety}
    unnamed = {species.pk for species, variety in pairs if not variety}
    return named | {(key, "") for key in unnamed - {species for species, _ in named}}


def _of_lot(lot: Lot) -> tuple:
    planting = lot.harvest.planting if lot.harvest_id else None
    return lot.product.species, lot.variety or (planting and planting.variety)


def _plantings(programmes: set[int], period: Period) -> list[Planting]:
    found = []
    for planting in Planting.objects.select_related("species", "variety"):
        begun = [day for day in (planting.sown_on, planting.planted_on) if day]
        is_there = any(day <= period.end for day in begun)
        is_over = planting.ended_on and planting.ended_on < period.start
        if planting.programme_id in programmes and is_there and not is_over:
            found.append(planting)
    return found


def _by_family(keys: set[tuple], plantings: list[Planting]) -> dict:
    families = {planting.species_id: planting.species.family_id for planting in plantings}
    return counted(keys, lambda key: families[key[0]])


def varieties_grown(programmes: set[int], period: Period) -> Answer:
    rows = _plantings(programmes, period)
    keys = _told([(planting.species, planting.variety) for planting in rows])
    return len(keys), {"family": _by_family(keys, rows)}


def varieties_grown_heirloom(programmes: set[int], period: Period) -> Answer:
    rows = [p for p in _plantings(programmes, period) if p.variety and p.variety.is_heirloom]
    keys = _told([(planting.species, planting.variety) for planting in rows])
    return len(keys), {"family": _by_family(keys, rows)}


def _harvested(programmes: set[int], period: Period) -> set[tuple]:
    rows = [lot for lot in _lots(programmes, period) if lot.origin == "harvest" and _net(lot) > 0]
    return _told([_of_lot(lot) for lot in rows if lot.product.species])


def varieties_harvested(programmes: set[int], period: Period) -> Answer:
    return len(_harvested(programmes, period)), {}


def _given(programmes: set[int], period: Period) -> list[tuple]:
    rows = [line for line in _standing(programmes, period) if line.destination in GIVEN]
    return [_of_lot(line.lot) for line in rows if line.lot.product.species]


def varieties_given(programmes: set[int], period: Period) -> Answer:
    return len(_told(_given(programmes, period))), {}


def varieties_given_heirloom(programmes: set[int], period: Period) -> Answer:
    pairs = _given(programmes, period)
    old = [(species, variety) for species, variety in pairs if variety and variety.is_heirloom]
    return len(_told(old)), {}


def varieties_given_otherwise(programmes: set[int], period: Period) -> Answer:
    harvested = _harvested(programmes, period)
    species = {key for key, _ in harvested}
    given = _told(_given(programmes, period))
    return len({k for k in given if k not in harvested and (k[1] or k[0] not in species)}), {}


# Money, an estimate.


def _worth(lot: Lot, on, grams: Decimal) -> tuple[Decimal | None, str | None]:
    """Return what grams of a lot would cost, cut at the thousandth of a cent, and the source."""
    if lot.value is not None:
        exact = Fraction(lot.value) * Fraction(grams) / Fraction(lot.grams) * 100_000
        return Decimal(int(exact)).scaleb(-5), lot.value_source
    prices = ProductPrice.objects.filter(
        territory=lot.programme.territory_id, product=lot.product_id
    )
    known = sorted((p for p in prices if p.starts_on <= on), key=lambda price: price.starts_on)
    return (known[-1].price * grams, known[-1].source) if known else (None, None)


def harvest_value(programmes: set[int], period: Period) -> Answer:
    rows = [lot for lot in _lots(programmes, period) if lot.origin == "harvest"]
    found = [_worth(lot, lot.on, _net(lot)) for lot in rows]
    return _valued(found), {"source": _by_source(found)}


def _valued(found: list[tuple]) -> Decimal | int:
    return sum(value for value, _ in found if value)


def _by_source(found: list[tuple]) -> dict:
    known = [pair for pair in found if pair[0]]
    return counted(known, lambda pair: pair[1], lambda pair: pair[0])


def _value(destinations: Iterable[str]) -> Callable:
    def answer(programmes: set[int], period: Period) -> Answer:
        rows = [line for line in _moved(programmes, period) if line.destination in destinations]
        found = [_worth(line.lot, line.on, line.grams) for line in rows]
        pairs = list(zip(rows, found, strict=True))
        by_destination = counted(pairs, lambda p: p[0].destination, lambda p: p[1][0] or 0)
        return _valued(found), {"destination": by_destination, "source": _by_source(found)}

    return answer


def _unpriced(destinations: Iterable[str]) -> Callable:
    def answer(programmes: set[int], period: Period) -> Answer:
        rows = [line for line in _moved(programmes, period) if line.destination in destinations]
        missing = [line for line in rows if _worth(line.lot, line.on, line.grams)[0] is None]
        return sum(line.grams for line in missing), {}

    return answer


def households_present(programmes: set[int], period: Period) -> Answer:
    homes = set()
    for person in {line.enrolment.person for line in presences(programmes, period)}:
        rows = [
            row
            for row in HouseholdMember.objects.filter(person=person)
            if (row.joined_on is None or row.joined_on <= period.end)
            and (row.left_on is None or row.left_on > period.end)
        ]
        homes.add(("home", rows[0].household_id) if rows else ("person", person.pk))
    return len(homes), {}


# Hives, water, compost and tools.


def colonies_living(programmes: set[int], period: Period) -> Answer:
    rows = [c for c in Colony.objects.all() if c.apiary.programme_id in programmes]
    living = [c for c in rows if c.installed_on <= period.end]
    return len([c for c in living if c.ended_on is None or c.ended_on > period.end]), {}


def _noted(programmes: set[int], period: Period, kind: str) -> list[tuple]:
    """Return (operation, by how much it is more than the one before in the same garden)."""
    rows = Operation.objects.select_related("kind").order_by("done_on", "pk")
    before, found = {}, []
    for row in (
        row for row in rows if row.kind.code == kind and row.done_on and row.quantity is not None
    ):
        gain = max(row.quantity - before.get(row.garden_id, row.quantity), 0)
        before[row.garden_id] = row.quantity
        if row.programme_id in programmes and period.contains(row.done_on):
            found.append((row, gain))
    return found


def water_collected(programmes: set[int], period: Period) -> Answer:
    return sum(gain for _, gain in _noted(programmes, period, "eau_pluie")), {}


def compost_brought(programmes: set[int], period: Period) -> Answer:
    return sum(row.quantity for row, _ in _noted(programmes, period, "compost_apport")), {}


def tools_lent(programmes: set[int], period: Period) -> Answer:
    rows = [loan for loan in Loan.objects.all() if loan.tool.programme_id in programmes]
    return len([loan for loan in rows if period.contains(loan.lent_on)]), {}


LOOPS: dict[str, Callable[[set[int], Period], Answer]] = {
    "food_harvested": _coming("harvest", "product", "garden", "month"),
    "food_honey": _coming("honey", "garden"),
    "food_donated": _coming("donation", "supplier", "product"),
    "food_bought": _coming("purchase", "supplier", "product"),
    "food_out": _going(FOR_GOOD, "destination"),
    "food_given": _going(GIVEN, "destination", "product"),
    "food_to_organisations": _going(["organisation"], "organisation", "product"),
    "food_transformed": _going(["transformation"], "product"),
    "food_composted": _going(["compost"], "product"),
    "food_lost": _going(["loss"], "product"),
    "portions_served": _served("table"),
    "baskets_served": _served("basket"),
    "given_value": _value(GIVEN),
    "given_unpriced": _unpriced(GIVEN),
    "growers_share": _going(["growers"]),
    "growers_value": _value(["growers"]),
    "growers_unpriced": _unpriced(["growers"]),
} | {
    loop.__name__: loop
    for loop in (
        organisations_served,
        food_stock,
        varieties_grown,
        varieties_grown_heirloom,
        varieties_harvested,
        varieties_given,
        varieties_given_heirloom,
        varieties_given_otherwise,
        harvest_value,
        households_present,
        colonies_living,
        water_collected,
        compost_brought,
        tools_lent,
    )
}
