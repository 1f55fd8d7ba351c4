"""A garden to measure on: a weighing each session, shared out at once, and what comes otherwise."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from beneficiaries.models import Enrolment, Household, HouseholdMember
from gardens.enums import Destination, Origin, PlantingMethod
from gardens.models import (
    Apiary,
    Colony,
    Garden,
    Harvest,
    Loan,
    Lot,
    Movement,
    Operation,
    Planting,
    Plot,
    Product,
    ProductPrice,
    Tool,
    Variety,
)
from programmes.models import Organisation, Programme, ReferenceCode, Session, Site

_ORIGINS = (Origin.DONATION, Origin.PURCHASE, Origin.HONEY)
_TO = (
    Destination.BASKET,
    Destination.TABLE,
    Destination.ORGANISATION,
    Destination.GROCERY,
    Destination.COMPOST,
    Destination.LOSS,
    Destination.OWNER,
    Destination.SEEDS,
)


def plant(
    programme: Programme,
    sites: Sequence[Site],
    sessions: Sequence[Session],
    organisations: Sequence[Organisation],
) -> None:
    """Write the garden of a programme, on its first site, and its food."""
    products = list(Product.objects.filter(species__varieties__isnull=False).distinct()[:12])
    _price(programme, products)
    _grow(programme, sites[0])
    lots = _harvest(programme, sites, sessions, products[:9])
    lots += _receive(programme, sites, sessions, products[9:], organisations)
    _give(lots, sessions, organisations)
    _keep(programme, sites[0])


def house(enrolments: Sequence[Enrolment]) -> None:
    """Put persons together two by two; one in five has no household."""
    territory = enrolments[0].programme.territory
    homes = Household._base_manager.bulk_create(
        Household(territory=territory) for _ in range(len(enrolments) // 2 + 1)
    )
    HouseholdMember._base_manager.bulk_create(
        HouseholdMember(household=homes[n // 2], person=enrolment.person)
        for n, enrolment in enumerate(enrolments)
        if n % 5
    )


def _price(programme: Programme, products: Sequence[Product]) -> None:
    """Price each product but the last of those harvested, anew each year."""
    ProductPrice._base_manager.bulk_create(
        ProductPrice(
            territory=programme.territory,
            product=product,
            starts_on=date(year, 1, 1),
            price=Decimal(2) + n,
            source=f"Relevé {year}",
        )
        for n, product in enumerate(products)
        for year in (2014, 2015)
        if n != 8 and not programme.territory.product_prices.filter(product=product).exists()
    )


def _grow(programme: Programme, site: Site) -> None:
    garden, _ = Garden.objects.get_or_create(site=site)
    kind = ReferenceCode.objects.in_list("plot_kinds")[0]
    plot = Plot.objects.create(garden=garden, name="Planche", kind=kind)
    varieties = Variety.objects.filter(territory=None).select_related("species")
    Planting._base_manager.bulk_create(
        Planting(
            programme=programme,
            plot=plot,
            species=variety.species,
            variety=variety if n % 3 else None,
            method=PlantingMethod.RAISED,
            planted_on=date(2014 + n % 3, 4, 1),
        )
        for n, variety in enumerate(varieties)
    )
    kinds = {kind.code: kind for kind in ReferenceCode.objects.in_list("operation_kinds")}
    Operation._base_manager.bulk_create(
        Operation(
            programme=programme,
            garden=garden,
            kind=kinds[code],
            done_on=date(2015, month, 2),
            quantity=Decimal(month),
        )
        for code in ("eau_pluie", "compost_apport", "arrosage")
        for month in range(1, 13)
    )


def _harvest(
    programme: Programme,
    sites: Sequence[Site],
    sessions: Sequence[Session],
    products: Sequence[Product],
) -> list[Lot]:
    varieties = {variety.species_id: variety for variety in Variety.objects.all()}
    harvests = [
        Harvest(
            programme=programme,
            site=sites[n % len(sites)],
            product=products[n % len(products)],
            variety=varieties.get(products[n % len(products)].species_id),
            on=session.on,
            grams=Decimal(8 + n % 7),
            observed_at=session.ends_at,
        )
        for n, session in enumerate(sessions)
    ]
    Harvest._base_manager.bulk_create(harvests, batch_size=500)
    names = ("programme", "site", "product", "variety", "on", "grams")
    return _open(
        [
            Lot(
                number=f"R{n}",
                origin=Origin.HARVEST,
                harvest=harvest,
                **{name: getattr(harvest, name) for name in names},
            )
            for n, harvest in enumerate(harvests)
        ]
    )


def _receive(
    programme: Programme,
    sites: Sequence[Site],
    sessions: Sequence[Session],
    products: Sequence[Product],
    organisations: Sequence[Organisation],
) -> list[Lot]:
    """Return what is given, bought or taken from hives: one each seven sessions."""
    return _open(
        [
            Lot(
                programme=programme,
                number=f"D{n}",
                origin=_ORIGINS[n % 3],
                product=products[n % len(products)],
                on=session.on,
                grams=Decimal(9),
                site=sites[n % len(sites)],
                supplier=organisations[n % len(organisations)],
                value=Decimal("10.01") if n % 2 else None,
                value_source="Bordereau" if n % 2 else "",
            )
            for n, session in enumerate(sessions[::7])
        ]
    )


def _open(lots: list[Lot]) -> list[Lot]:
    return Lot._base_manager.bulk_create(lots, batch_size=500)


def _give(
    lots: Sequence[Lot], sessions: Sequence[Session], organisations: Sequence[Organisation]
) -> None:
    """Share each lot out; some is corrected, transformed, or taken back."""
    by_day = {session.on: session for session in sessions}
    shared, others = [], []
    for n, lot in enumerate(lots):
        values = {"lot": lot, "on": lot.on, "session": by_day[lot.on]}
        shared.append(
            Movement(**values, destination=Destination.GROWERS, grams=Decimal(3), recipients=6)
        )
        to = _TO[n % len(_TO)]
        giver = organisations[n % len(organisations)]
        to_whom = {"organisation": giver} if to == Destination.ORGANISATION else {}
        others.append(
            Movement(**values, destination=to, grams=Decimal(2), recipients=n % 5, **to_whom)
        )
        if n % 10 == 0:
            off = {"destination": Destination.WEIGHING, "grams": Decimal("0.5")}
            others.append(Movement(**values, **off, reason="Tare"))
        if n % 20 == 1:
            became = {"destination": Destination.TRANSFORMATION, "into": lots[n - 1]}
            others.append(Movement(**values, **became, grams=Decimal(1)))
    Movement._base_manager.bulk_create([*shared, *others], batch_size=500)
    Movement._base_manager.bulk_create(
        Movement(
            lot=line.lot,
            on=line.on,
            session=line.session,
            destination=line.destination,
            recipients=line.recipients,
            grams=-line.grams,
            reverses=line,
            reason="Erreur",
        )
        for line in shared[::9]
    )


def _keep(programme: Programme, site: Site) -> None:
    """Keep bees and tools."""
    apiary = Apiary.objects.create(programme=programme, site=site, name="Rucher")
    for number in range(10):
        Colony.objects.create(apiary=apiary, number=str(number), installed_on=date(2014, 4, 1))
        tool = Tool.objects.create(programme=programme, number=str(number), name="Bêche")
        lent_on = date(2015, 1 + number, 1)
        Loan.objects.create(tool=tool, site=site, lent_on=lent_on, due_on=lent_on)
