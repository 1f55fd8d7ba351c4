"""Columns of the list of gardens."""

from autoprod.core.formatting import number
from autoprod.core.tables import Column


def square_metres(value) -> str:
    """Return « 1 500 m² »."""
    return f"{number(value)}\u00a0m²"


#: The rows come with the number of their plots, and with the labels they hold.
GARDENS = (
    Column("Jardin", lambda row: row.site.name),
    Column("Quartier", lambda row: row.site.district and row.site.district.name),
    Column("Surface cultivée", lambda row: row.cultivated, square_metres, "end"),
    Column("Parcelles", lambda row: row.plot_count or None, number, "end"),
    Column("Eau", lambda row: row.water and row.water.label),
    Column("Conduite", lambda row: "en bio" if row.is_organic else ""),
    Column("Labels", lambda row: ", ".join(row.label_names)),
)
