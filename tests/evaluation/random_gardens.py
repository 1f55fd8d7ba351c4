"""Random gardens: what grows, comes in and goes out of two programmes, days at the edges."""

from datetime import date
from decimal import Decimal
from itertools import count
from random import Random

from beneficiaries.models import Household, HouseholdMember, Person
from gardens.enums import ColonyEnd, Destination, Origin, PlantingMethod
from gardens.models import (
    Colony,
    Harvest,
    Loan,
    Lot,
    LotBalance,
    Movement,
    Operation,
    Planting,
    Species,
    Variety,
)
from programmes.models import Session
from tests.factories import gardens as grow
from tests.factories import programmes as make

DAYS = [
    date(2014, 12, 31),
    date(2015, 1, 1),
    date(2015, 2, 14),
    date(2015, 3, 1),
    date(2015, 12, 31),
    date(2016, 1, 1),
]
PRODUCTS = ["courgette", "tomate", "pain", "miel"]
SPECIES = ["courgette", "tomate"]
ORIGINS = [Origin.HARVEST] * 4 + [Origin.HONEY, Origin.DONATION, Origin.PURCHASE]
OUT = [
    Destination.GROWERS,
    Destination.GROWERS,
    Destination.BASKET,
    Destination.GROCERY,
    Destination.TABLE,
    Destination.ORGANISATION,
    Destination.ORGANISATION,
    Destination.OWNER,
    Destination.SEEDS,
    Destination.COMPOST,
    Destination.LOSS,
    Destination.WEIGHING,
    Destination.COUNT,
    Destination.TRANSFORMATION,
]
KINDS = ["eau_pluie", "compost_apport", "arrosage"]
_numbers = count(1)


def _drawn_lot(random: Random) -> dict:
    return {
        "programme": random.choice([0, 0, 0, 1]),
        "origin": random.choice(ORIGINS),
        "product": random.choice(PRODUCTS),
        "variety": random.choice([None, 0, 1, 2]),
        "by_planting": random.random() < 0.2,
        "on": random.choice(DAYS),
        "grams": random.randint(1, 40_000),
        "value": random.choice([None, None, random.randint(1, 9_999)]),
        "supplier": random.choice([None, 0, 1]),
        "outs": [
            (
                random.choice(OUT),
                random.randint(1, 400),
                random.choice(DAYS),
                random.randint(0, 1),
                random.choice([None, 0, 3, 8]),
                random.choice([None, 0]),
                random.random() < 0.25,
            )
            for _ in range(random.randint(0, 4))
        ],
    }


def _drawn_planting(random: Random) -> tuple:
    return (
        random.choice([0, 0, 1]),
        random.choice(SPECIES),
        random.choice([None, 0, 1, 2]),
        sorted(random.choices(DAYS, k=3)),
        random.choice(["planned", "sown", "planted", "ended"]),
    )


def draw_garden(random: Random) -> dict:
    """Return a garden in plain values."""
    return {
        "plantings": [_drawn_planting(random) for _ in range(random.randint(0, 5))],
        "lots": [_drawn_lot(random) for _ in range(random.randint(0, 7))],
        "prices": [
            (random.choice(PRODUCTS), day, random.randint(1, 999))
            for day in random.sample(DAYS, random.randint(0, 3))
        ],
        "colonies": [
            (*sorted(random.choices(DAYS, k=2)), random.random() < 0.5)
            for _ in range(random.randint(0, 3))
        ],
        "operations": [
            (random.choice(KINDS), random.choice(DAYS), random.choice([None, 12_345, 20_001, 500]))
            for _ in range(random.randint(0, 8))
        ],
        "loans": random.choices(DAYS, k=random.randint(0, 3)),
        "homes": [
            (random.randint(0, 1), random.choice([None, *DAYS]), random.random() < 0.3)
            for _ in range(6)
        ],
    }


def save_garden(drawn: dict, on) -> None:
    """Write a drawn garden on the stage of a world, whose persons are there."""
    garden, plot = _land(on)
    varieties = _varieties(on)
    for product, day, cents in drawn["prices"]:
        price = Decimal(cents).scaleb(-2)
        source = f"Relevé de {price}"
        grow.make_price(
            grow.product(product),
            price,
            on.programmes[0].territory,
            starts_on=day,
            source=source,
        )
    plantings = [_planting(on, plot, varieties, *each) for each in drawn["plantings"]]
    givers = [make.make_organisation(on.programmes[0].territory) for _ in range(2)]
    for each in drawn["lots"]:
        _lot(each, on, varieties, plantings, givers)
    apiary = grow.make_apiary(on.programmes[0], on.sites[0])
    for first, last, is_over in drawn["colonies"]:
        end = {"ended_on": last, "end": ColonyEnd.DEAD} if is_over else {}
        Colony.objects.create(apiary=apiary, number=str(next(_numbers)), installed_on=first, **end)
    for kind, day, grams in drawn["operations"]:
        Operation.objects.create(
            programme=on.programmes[0],
            garden=garden,
            kind=make.code("operation_kinds", kind),
            done_on=day,
            quantity=grams and Decimal(grams).scaleb(-3),
        )
    for day in drawn["loans"]:
        tool = grow.make_tool(on.programmes[0])
        Loan.objects.create(tool=tool, site=on.sites[0], lent_on=day, due_on=day)
    _house(drawn["homes"])


def _land(on) -> tuple:
    garden = grow.make_garden(on.sites[0])
    return garden, grow.make_plot(garden)


def _varieties(on) -> dict[str, list]:
    """Return two varieties of each species, one heirloom, and one spelt as another is."""
    territory = on.programmes[0].territory
    found = {}
    for code in SPECIES:
        species = Species.objects.get(code=code, territory=None)
        shipped = Variety.objects.filter(species=species, territory=None).first()
        found[code] = [
            grow.make_variety(species, "Ancienne", is_heirloom=True),
            shipped,
            Variety.objects.create(species=species, name=shipped.name.upper(), territory=territory),
        ]
    return found


def _planting(on, plot, varieties, programme, species, variety, days, state) -> Planting:
    sown, planted, ended = days
    dates = {
        "planned": {"sow_on": sown},
        "sown": {"sown_on": sown},
        "planted": {"sown_on": sown, "planted_on": planted},
        "ended": {"planted_on": planted, "ended_on": ended},
    }
    return Planting.objects.create(
        programme=on.programmes[programme],
        plot=plot,
        species=Species.objects.get(code=species, territory=None),
        variety=None if variety is None else varieties[species][variety],
        method=PlantingMethod.RAISED,
        **dates[state],
    )


def _lot(drawn: dict, on, varieties: dict, plantings: list, givers: list) -> None:
    programme, product = on.programmes[drawn["programme"]], grow.product(drawn["product"])
    named = varieties.get(drawn["product"]) if drawn["variety"] is not None else None
    values = {
        "programme": programme,
        "product": product,
        "variety": named[drawn["variety"]] if named else None,
        "on": drawn["on"],
        "grams": Decimal(drawn["grams"]).scaleb(-3),
        "site": on.sites[drawn["grams"] % 2],
    }
    harvest = None
    if drawn["origin"] == Origin.HARVEST:
        same = [one for one in plantings if one.species_id == product.species_id]
        planting = same[0] if same and drawn["by_planting"] else None
        harvest = Harvest.objects.create(
            **values, planting=planting, observed_at=make.at(drawn["on"], "08:00")
        )
    cents = drawn["value"]
    lot = Lot.objects.create(
        **values,
        number=f"L{next(_numbers)}",
        origin=drawn["origin"],
        harvest=harvest,
        value=None if cents is None else Decimal(cents).scaleb(-2),
        value_source="" if cents is None else "Bordereau",
        supplier=None if drawn["supplier"] is None else givers[drawn["supplier"]],
    )
    session = Session.objects.filter(programme=programme).order_by("pk").first()
    for out in drawn["outs"]:
        _move(lot, drawn["grams"], out, givers, session)


def _move(lot: Lot, grams: int, out: tuple, givers: list, session) -> None:
    """Take thousandths of the lot, so that nothing goes below zero; some is taken back."""
    destination, part, day, giver, recipients, at, is_taken_back = out
    weight = grams * part // 1000
    weight = min(weight, int(LotBalance.objects.get(lot=lot).left.scaleb(3)))
    if not weight:
        return
    values = {
        "lot": lot,
        "destination": destination,
        "on": max(day, lot.on),
        "organisation": givers[giver] if destination == Destination.ORGANISATION else None,
        "recipients": recipients,
        "session": None if at is None else session,
        "into": lot if destination == Destination.TRANSFORMATION else None,
    }
    reason = "Essai" if destination in (Destination.WEIGHING, Destination.COUNT) else ""
    kilograms = Decimal(weight).scaleb(-3)
    line = Movement.objects.create(**values, grams=kilograms, reason=reason)
    if is_taken_back:
        Movement.objects.create(**values, grams=-kilograms, reverses=line, reason="Erreur")


def _house(homes: list[tuple]) -> None:
    """Put persons together, two by two at most; some have left since, some come later."""
    persons = list(Person.objects.order_by("pk"))
    shared = [None, None]
    for person, (home, joined, has_left) in zip(persons, homes, strict=False):
        if shared[home] is None:
            shared[home] = Household.objects.create(territory=person.territory)
        left = date(2015, 12, 31) if has_left and (not joined or joined <= DAYS[3]) else None
        HouseholdMember.objects.create(
            household=shared[home], person=person, joined_on=joined, left_on=left
        )
