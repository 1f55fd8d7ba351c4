"""Columns of the outcomes."""

from autoprod.core.formatting import day
from autoprod.core.tables import Column

#: The rows come with what they count as.
OUTCOMES = (
    Column("Personne", lambda row: str(row.enrolment.person)),
    Column("Orientation", lambda row: row.kind.label),
    Column("Contrat", lambda row: row.contract and row.contract.label),
    Column("Chez", lambda row: row.employer and row.employer.name),
    Column("Précision", lambda row: row.label),
    Column("Du", lambda row: row.starts_on, day),
    Column("Au", lambda row: row.ends_on, day),
    Column("Compte comme", lambda row: row.counts_as),
)
