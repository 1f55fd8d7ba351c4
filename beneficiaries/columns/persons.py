"""Columns of persons, found by their names."""

from autoprod.core.fields import display_phone
from autoprod.core.tables import Column

#: The rows come with their `stays`: what the scope opens, in words.
FOUND = (
    Column("Personne", str),
    Column("Téléphone", lambda row: row.phone, display_phone),
    Column("Actions", lambda row: row.stays),
)
