"""Columns of the hives."""

from autoprod.core.formatting import day, kilograms, number
from autoprod.core.tables import Column
from gardens.models import HoneyHarvest


def weight_of(row: HoneyHarvest) -> str:
    """Return the weight that counts, and what was weighed first when it was corrected."""
    if not row.taken_off:
        return kilograms(row.kept)
    return f"{kilograms(row.kept)} (pesé {kilograms(row.lot.grams)})"


#: Honey taken from an apiary, read `with_correction`.
HONEY = (
    Column("Récolté le", lambda row: row.lot.on, day),
    Column("Lot", lambda row: row.lot.number),
    Column("Poids", weight_of, align="end"),
    Column("Humidité (%)", lambda row: row.humidity, number, align="end"),
    Column("Malgré un délai d’attente", lambda row: row.override_reason),
)
