"""Columns of tools and of loans."""

from autoprod.core.formatting import day
from autoprod.core.tables import Column

#: The rows come with who had the tool, as the reader may know it.
LOANS = (
    Column("Outil", lambda row: str(row.tool)),
    Column("Prêté à", lambda row: row.holder.label),
    Column("Sorti le", lambda row: row.lent_on, day),
    Column("Retour prévu", lambda row: row.due_on, day),
    Column("Rendu le", lambda row: row.returned_on, day),
    Column("État au retour", lambda row: row.state_in),
)
