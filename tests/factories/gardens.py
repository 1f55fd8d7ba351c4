"""Rows of the gardens for tests: the plainest valid values."""

import hashlib
from datetime import timedelta
from decimal import Decimal
from itertools import count

from autoprod.core.files import JPEG, CheckedUpload
from autoprod.core.scoping import Scope
from beneficiaries.models import Household
from gardens.enums import Destination, Origin, PlantingMethod
from gardens.models import (
    Apiary,
    ApiaryDeclaration,
    Colony,
    Garden,
    GardenLabel,
    GiftNote,
    GiftNoteFile,
    Harvest,
    HiveTreatment,
    HiveVisit,
    HoneyHarvest,
    LandAgreement,
    Loan,
    Lot,
    Movement,
    Operation,
    OperationPhoto,
    Planting,
    Plot,
    PlotHolding,
    Product,
    ProductPrice,
    Repair,
    Species,
    Tool,
    ToolPhoto,
    Variety,
)
from gardens.services.harvests import Weighing, weigh
from gardens.services.lots import open_lot
from gardens.services.movements import Out, take
from programmes.models import Organisation, Programme, ReferenceCode, Site, Territory
from tests.factories.programmes import LONG_AGO, code

EVERYTHING = Scope.everything(reason="essai")
#: Of as many digits, so that sorted as texts they keep their order.
_numbers = count(100_001)


def product(value: str = "courgette") -> Product:
    """Return a shipped product."""
    return Product.objects.get(code=value, territory=None)


def forget_shipped() -> None:
    """Delete the reference lists, and first what is shipped that names them."""
    for model in (Variety, Product, Species, ReferenceCode):
        model.objects.all().delete()


def make_garden(site: Site, **fields) -> Garden:
    """Return the garden of a site."""
    return Garden.objects.create(site=site, **fields)


def make_plot(garden: Garden, name: str = "", **fields) -> Plot:
    """Return a plot of a garden."""
    values = {"kind": code("plot_kinds", "planche"), "name": name or f"Planche {next(_numbers)}"}
    return Plot.objects.create(garden=garden, **values | fields)


def make_planting(programme: Programme, plot: Plot, species: str = "courgette", **fields):
    """Return courgettes planted long ago, still in the ground."""
    values = {
        "species": Species.objects.get(code=species, territory=None),
        "method": PlantingMethod.RAISED,
        "planted_on": LONG_AGO,
    }
    return Planting.objects.create(programme=programme, plot=plot, **values | fields)


def make_operation(programme: Programme, garden: Garden, **fields) -> Operation:
    """Return something done in a garden long ago."""
    values = {"kind": code("operation_kinds", "arrosage"), "done_on": LONG_AGO}
    return Operation.objects.create(programme=programme, garden=garden, **values | fields)


def make_harvest(programme: Programme, site: Site, kilograms="10", **fields) -> Harvest:
    """Return a weighing of courgettes long ago, with its lot."""
    values = {"product": product(), "on": LONG_AGO, "grams": Decimal(kilograms)}
    weighing = Weighing(programme=programme, site=site, **values | fields)
    return weigh(scope=EVERYTHING, weighing=weighing)


def make_lot(programme: Programme, site: Site, kilograms="10", **fields) -> Lot:
    """Return a donation of bread long ago."""
    values = {
        "product": product("pain"),
        "origin": Origin.DONATION,
        "on": LONG_AGO,
        "grams": Decimal(kilograms),
    }
    lot = Lot(programme=programme, site=site, **values | fields)
    return open_lot(scope=EVERYTHING, lot=lot)


def make_movement(lot: Lot, kilograms="1", **fields) -> Movement:
    """Return a share-out among growers, on the day the lot came in."""
    values = {"destination": Destination.GROWERS, "on": lot.on, "grams": Decimal(kilograms)}
    return take(scope=EVERYTHING, lot=lot.pk, out=Out(**values | fields))


def make_apiary(programme: Programme, site: Site, **fields) -> Apiary:
    """Return an apiary."""
    values = {"name": f"Rucher {next(_numbers)}"}
    return Apiary.objects.create(programme=programme, site=site, **values | fields)


def make_colony(apiary: Apiary, **fields) -> Colony:
    """Return a colony installed long ago."""
    values = {"number": str(next(_numbers)), "installed_on": LONG_AGO}
    return Colony.objects.create(apiary=apiary, **values | fields)


def make_tool(programme: Programme, name: str = "Bêche", **fields) -> Tool:
    """Return a tool."""
    values = {"number": f"{next(_numbers):03d}", "name": name}
    return Tool.objects.create(programme=programme, **values | fields)


def make_loan(tool: Tool, site: Site, **fields) -> Loan:
    """Return a loan of long ago to a place, not given back."""
    borrower = {} if {"enrolment", "organisation", "session"} & fields.keys() else {"site": site}
    values = {"lent_on": LONG_AGO, "due_on": LONG_AGO + timedelta(days=7), **borrower}
    return Loan.objects.create(tool=tool, **values | fields)


def make_label(garden: Garden, organisation: Organisation, **fields) -> GardenLabel:
    """Return a label that an organisation gave long ago."""
    values = {"kind": code("garden_labels", "eco_jardins"), "obtained_on": LONG_AGO}
    return GardenLabel.objects.create(garden=garden, organisation=organisation, **values | fields)


def make_agreement(garden: Garden, organisation: Organisation | None, **fields) -> LandAgreement:
    """Return land that an organisation lends."""
    values = {"kind": code("land_agreement_kinds"), "starts_on": LONG_AGO}
    return LandAgreement.objects.create(garden=garden, organisation=organisation, **values | fields)


def make_holding(plot: Plot, household: Household | None = None, **fields) -> PlotHolding:
    """Return a plot held by a household since long ago."""
    values = {"starts_on": LONG_AGO}
    return PlotHolding.objects.create(plot=plot, household=household, **values | fields)


def make_species(territory: Territory, name: str = "", **fields) -> Species:
    """Return a species that a territory added."""
    name = name or f"Espèce {next(_numbers)}"
    values = {"family": code("plant_families"), "code": name.lower()}
    return Species.objects.create(territory=territory, name=name, **values | fields)


def make_variety(species: Species, name: str = "", **fields) -> Variety:
    """Return a variety of a species, added by the same territory."""
    name = name or f"Variété {next(_numbers)}"
    return Variety.objects.create(species=species, name=name, territory=species.territory, **fields)


def make_product(territory: Territory, species: Species | None = None, **fields) -> Product:
    """Return a product that a territory added."""
    name = fields.pop("name", f"Produit {next(_numbers)}")
    values = {"category": code("product_categories"), "code": name.lower()}
    return Product.objects.create(
        territory=territory, species=species, name=name, **values | fields
    )


def make_price(product: Product, price: Decimal, territory=None, **fields) -> ProductPrice:
    """Return what a kilogram of a product costs since long ago."""
    values = {"starts_on": LONG_AGO, "source": "Relevé du marché"}
    territory = territory or product.territory
    return ProductPrice.objects.create(
        territory=territory, product=product, price=price, **values | fields
    )


def make_operation_photo(operation: Operation) -> OperationPhoto:
    """Return the photograph of an operation."""
    photo = OperationPhoto.from_upload(_picture(), by="", operation=operation)
    photo.save()
    return photo


def make_tool_photo(tool: Tool) -> ToolPhoto:
    """Return the photograph of a tool."""
    photo = ToolPhoto.from_upload(_picture(), by="", tool=tool)
    photo.save()
    return photo


def _picture() -> CheckedUpload:
    content = b"\xff\xd8\xff"
    return CheckedUpload("Photo", content, JPEG, hashlib.sha256(content).hexdigest())


def make_gift_note(programme: Programme, *movements: Movement, **fields) -> GiftNote:
    """Return the note of what was given on the day of its movements."""
    first = movements[0]
    values = {"organisation": first.organisation, "number": f"D{next(_numbers)}", "on": first.on}
    note = GiftNote.objects.create(programme=programme, **values | fields)
    note.movements.set(movements)
    return note


def make_gift_note_file(note: GiftNote) -> GiftNoteFile:
    """Return the signed note, scanned."""
    file = GiftNoteFile.from_upload(_picture(), by="", note=note)
    file.save()
    return file


def make_declaration(apiary: Apiary, **fields) -> ApiaryDeclaration:
    """Return the declaration of the first autumn."""
    values = {"year": LONG_AGO.year, "declared_on": LONG_AGO.replace(month=9), "colony_count": 3}
    return ApiaryDeclaration.objects.create(apiary=apiary, **values | fields)


def make_visit(colony: Colony, **fields) -> HiveVisit:
    """Return a visit of a colony, long ago."""
    return HiveVisit.objects.create(colony=colony, **{"on": LONG_AGO} | fields)


def make_treatment(colony: Colony, **fields) -> HiveTreatment:
    """Return a treatment of long ago."""
    values = {"medicine": "Acide oxalique", "dose": "5 ml par cadre", "starts_on": LONG_AGO}
    values |= {"ends_on": LONG_AGO}
    return HiveTreatment.objects.create(colony=colony, **values | fields)


def make_honey(apiary: Apiary, kilograms="10", **fields) -> HoneyHarvest:
    """Return honey taken long ago, with its lot."""
    lot = make_lot(
        apiary.programme, apiary.site, kilograms, product=product("miel"), origin=Origin.HONEY
    )
    return HoneyHarvest.objects.create(apiary=apiary, lot=lot, **fields)


def make_repair(tool: Tool, **fields) -> Repair:
    """Return a repair that is not over."""
    values = {"starts_on": LONG_AGO, "problem": "Lame émoussée"}
    return Repair.objects.create(tool=tool, **values | fields)
