"""Columns of the harvests."""

from autoprod.core.formatting import MISSING, counted, day, kilograms
from autoprod.core.tables import Column
from gardens.models import Harvest


def _what(row: Harvest) -> str:
    return f"{row.product} ({row.variety})" if row.variety else str(row.product)


def _weight(row: Harvest) -> str:
    """Return the weight that counts, said when it is an estimate or was corrected."""
    if row.kept == 0:
        return "annulée"
    told = kilograms(row.kept)
    if row.is_estimated:
        told += f" ({counted(row.pieces, 'pièce', 'pièces')}, poids estimé)"
    return told if row.kept == row.grams else f"{told} (pesé {kilograms(row.grams)})"


def _who(row: Harvest) -> str:
    by = row.weighed_by
    return f"{by.first_name} {by.last_name[:1]}.".strip(" .") if by else MISSING


#: Each row comes with `kept`, its weight once corrected. Who weighed stays in the team.
HARVESTS = (
    Column("Jour", lambda row: row.on, day),
    Column("Produit", _what),
    Column("Poids", _weight, align="end"),
    Column("Jardin", lambda row: row.site.name),
    Column("Lot", lambda row: row.lot.number),
    Column("Reste en stock", lambda row: row.lot.balance.left, kilograms, align="end"),
    Column("Pesé par", _who),
)
