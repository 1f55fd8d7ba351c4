"""Columns of persons, found by their names; their birth and age in words."""

from datetime import date

from autoprod.core.fields import display_phone
from autoprod.core.formatting import counted, day
from autoprod.core.tables import Column
from beneficiaries.models import PersonIdentity


def birth_of(identity: PersonIdentity) -> str:
    """Return « 12 mars 1973 », « 1973 (année seule) », or nothing."""
    if identity.born_on is None:
        return ""
    if identity.is_birth_year_only:
        return f"{identity.born_on.year} (année seule)"
    return day(identity.born_on)


def age_of(identity: PersonIdentity | None, on: date) -> str:
    """Return « 43 ans » on a day, empty when unknown.

    With the year alone, it is the age reached in the year, and said so.
    """
    age = identity and identity.age_on(on)
    if age is None:
        return ""
    words = counted(age, "an", "ans")
    return f"{words} dans l’année" if identity.is_birth_year_only else words


#: The rows are `services.searches.Found`.
FOUND = (
    Column("Personne", lambda row: str(row.person)),
    Column("Téléphone", lambda row: row.person.phone, display_phone),
    Column("Actions", lambda row: ", ".join(row.programmes)),
)
#: For who may read identities.
BORN = Column("Année de naissance", lambda row: row.birth_year)
