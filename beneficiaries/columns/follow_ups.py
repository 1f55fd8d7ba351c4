"""Columns of those whose news are to be taken."""

from autoprod.core.fields import display_phone
from autoprod.core.formatting import day
from autoprod.core.tables import Column

TO_ASK = (
    Column("Personne", lambda row: str(row.person)),
    Column("Téléphone", lambda row: row.person.phone, display_phone),
    Column("Référent", lambda row: row.referent and str(row.referent)),
    Column("Sortie", lambda row: row.left_on, day),
    Column("Motif", lambda row: row.exit_motive and row.exit_motive.label),
)
