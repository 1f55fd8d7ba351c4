"""One row of each model of the gardens, for the world of a test."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from autoprod.accounts.models import User
from beneficiaries.models import Enrolment, Household
from gardens.enums import Destination, Origin
from gardens.models import (
    Apiary,
    Colony,
    Garden,
    GardenLabel,
    GiftNote,
    Harvest,
    HiveTreatment,
    HiveVisit,
    HoneyHarvest,
    LandAgreement,
    Loan,
    Lot,
    Movement,
    Operation,
    Planting,
    Plot,
    PlotHolding,
    Product,
    ProductPrice,
    Repair,
    Species,
    Tool,
    Variety,
)
from programmes.models import Organisation, Programme, Session, Site
from tests.factories import gardens as grow
from tests.factories.programmes import LONG_AGO


@dataclass(frozen=True)
class Grown:
    """What one programme grows, gives, keeps and lends."""

    garden: Garden
    label: GardenLabel
    agreement: LandAgreement
    plot: Plot
    holding: PlotHolding
    #: Added by the territory.
    species: Species
    variety: Variety
    product: Product
    price: ProductPrice
    planting: Planting
    operation: Operation
    harvest: Harvest
    #: Of the harvest, some of it given to an organisation with a note.
    lot: Lot
    gift: Movement
    note: GiftNote
    apiary: Apiary
    colony: Colony
    visit: HiveVisit
    treatment: HiveTreatment
    honey: HoneyHarvest
    #: Lent to a person; the other one is in repair.
    tool: Tool
    loan: Loan
    repair: Repair


def grow_in(
    programme: Programme,
    site: Site,
    *,
    session: Session,
    enrolment: Enrolment,
    household: Household,
    organisation: Organisation,
    user: User,
) -> Grown:
    """Return the rows of a programme, on its site."""
    garden = grow.make_garden(site)
    plot = grow.make_plot(garden)
    species = grow.make_species(programme.territory)
    variety = grow.make_variety(species)
    product = grow.make_product(programme.territory, species)
    planting = grow.make_planting(programme, plot)
    operation = grow.make_operation(programme, garden, planting=planting, session=session)
    grow.make_operation_photo(operation)
    harvest = _harvest(programme, site, planting)
    gift = Movement.objects.create(
        lot=harvest.lot,
        destination=Destination.ORGANISATION,
        organisation=organisation,
        grams=Decimal(4),
        on=harvest.on,
    )
    note = grow.make_gift_note(programme, gift)
    grow.make_gift_note_file(note)
    apiary = grow.make_apiary(programme, site)
    grow.make_declaration(apiary)
    colony = grow.make_colony(apiary)
    tool = grow.make_tool(programme)
    grow.make_tool_photo(tool)
    return Grown(
        garden=garden,
        label=grow.make_label(garden, organisation),
        agreement=grow.make_agreement(garden, organisation),
        plot=plot,
        holding=grow.make_holding(plot, household),
        species=species,
        variety=variety,
        product=product,
        price=grow.make_price(product, Decimal(3)),
        planting=planting,
        operation=operation,
        harvest=harvest,
        lot=harvest.lot,
        gift=gift,
        note=note,
        apiary=apiary,
        colony=colony,
        visit=grow.make_visit(colony, noted_by=user),
        treatment=grow.make_treatment(colony),
        honey=_honey(apiary),
        tool=tool,
        loan=grow.make_loan(tool, site, enrolment=enrolment),
        repair=grow.make_repair(grow.make_tool(programme, "Tondeuse")),
    )


# Written without the services: the journal of a world is empty.


def _harvest(programme: Programme, site: Site, planting: Planting) -> Harvest:
    """Return ten kilograms of courgettes, with their lot."""
    weighed = {"product": grow.product(), "on": LONG_AGO, "grams": Decimal(10)}
    harvest = Harvest.objects.create(
        programme=programme, site=site, planting=planting, observed_at=timezone.now(), **weighed
    )
    Lot.objects.create(
        programme=programme,
        site=site,
        number=f"{LONG_AGO.year}-0001",
        origin=Origin.HARVEST,
        harvest=harvest,
        **weighed,
    )
    return harvest


def _honey(apiary: Apiary) -> HoneyHarvest:
    """Return five kilograms of honey, with their lot."""
    lot = Lot.objects.create(
        programme=apiary.programme,
        site=apiary.site,
        number=f"{LONG_AGO.year}-0002",
        origin=Origin.HONEY,
        product=grow.product("miel"),
        on=LONG_AGO,
        grams=Decimal(5),
    )
    return HoneyHarvest.objects.create(apiary=apiary, lot=lot)
