"""Models of the garden and its food; write `from gardens.models import Lot`."""

from gardens.models.crops import Operation, OperationPhoto, Planting
from gardens.models.food import GiftNote, GiftNoteFile, Lot, LotBalance, Movement
from gardens.models.gardens import Garden, GardenLabel, LandAgreement
from gardens.models.harvests import Harvest
from gardens.models.hives import (
    Apiary,
    ApiaryDeclaration,
    Colony,
    HiveTreatment,
    HiveVisit,
    HoneyHarvest,
)
from gardens.models.plots import Plot, PlotHolding
from gardens.models.species import Product, ProductPrice, Species, Variety
from gardens.models.tools import Loan, Repair, Tool, ToolPhoto

__all__ = [
    "Apiary",
    "ApiaryDeclaration",
    "Colony",
    "Garden",
    "GardenLabel",
    "GiftNote",
    "GiftNoteFile",
    "Harvest",
    "HiveTreatment",
    "HiveVisit",
    "HoneyHarvest",
    "LandAgreement",
    "Loan",
    "Lot",
    "LotBalance",
    "Movement",
    "Operation",
    "OperationPhoto",
    "Planting",
    "Plot",
    "PlotHolding",
    "Product",
    "ProductPrice",
    "Repair",
    "Species",
    "Tool",
    "ToolPhoto",
    "Variety",
]
