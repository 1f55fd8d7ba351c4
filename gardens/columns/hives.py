"""Columns of the hives."""

from autoprod.core.formatting import day, kilograms, number
from autoprod.core.tables import Column

#: Honey taken from an apiary, its lot read with it.
HONEY = (
    Column("Récolté le", lambda row: row.lot.on, day),
    Column("Lot", lambda row: row.lot.number),
    Column("Poids", lambda row: row.lot.grams, kilograms, align="end"),
    Column("Humidité (%)", lambda row: row.humidity, number, align="end"),
    Column("Malgré un délai d’attente", lambda row: row.override_reason),
)
