"""A garden of 2015, small enough to be counted by hand."""

from datetime import date
from decimal import Decimal

from gardens.enums import Destination, Origin
from gardens.models import Variety
from programmes.enums import Module
from tests.factories import gardens as grow
from tests.factories.programmes import LONG_AGO, code

DAY = date(2015, 3, 2)


def grow_year(frame) -> None:
    """Give a garden a year of everything that is counted of one.

    42 kg of courgettes at 2 € become 12 for eight growers, 15 in thirty baskets, 8 to the grocery,
    5 on a table of twenty-five, 1 composted and 1 lost; 6 kg of bread without a price are received
    and 2 of them given; tomatoes are received and given, never harvested.
    """
    programme, site = frame.programme, frame.site
    programme.modules = [Module.GARDEN]
    programme.save()
    courgette = grow.product()
    grow.make_price(courgette, Decimal(2), frame.territory, source="Mercuriale du CCAS")
    variety = Variety.objects.get(name="Verte de Milan", territory=None)
    grow.make_planting(programme, frame.grown.plot, variety=variety, planted_on=DAY)
    lot = grow.make_harvest(programme, site, "42", on=DAY, variety=variety).lot
    for destination, weight, recipients in (
        (Destination.GROWERS, "12", 8),
        (Destination.BASKET, "15", 30),
        (Destination.GROCERY, "8", None),
        (Destination.TABLE, "5", 25),
        (Destination.COMPOST, "1", None),
        (Destination.LOSS, "1", None),
    ):
        grow.make_movement(lot, weight, destination=destination, recipients=recipients)
    bread = grow.make_lot(programme, site, "6", on=DAY, supplier=frame.network)
    grow.make_movement(bread, "2")
    tomatoes = grow.make_lot(programme, site, "3", on=DAY, product=grow.product("tomate"))
    grow.make_movement(
        tomatoes, "3", destination=Destination.ORGANISATION, organisation=frame.funder
    )
    apples = grow.make_lot(
        programme, site, "9", on=DAY, product=grow.product("pomme"), origin=Origin.PURCHASE
    )
    sauce = grow.make_lot(programme, site, "4", on=DAY, origin=Origin.TRANSFORMATION)
    grow.make_movement(apples, "5", destination=Destination.TRANSFORMATION, into=sauce)
    for kind, quantity, on in (
        ("eau_pluie", 100, LONG_AGO),
        ("eau_pluie", 300, DAY),
        ("compost_apport", 12, DAY),
    ):
        kinds = {"kind": code("operation_kinds", kind), "quantity": Decimal(quantity)}
        grow.make_operation(programme, frame.grown.garden, done_on=on, **kinds)
