"""Model fields of the house: amounts in whole base units, French identifiers, sorted texts."""

from autoprod.core.fields.amounts import (
    AmountFormField,
    CentsField,
    GramsField,
    HoursFormField,
    MinutesField,
    SquareMetresField,
    TenthsField,
)
from autoprod.core.fields.identifiers import (
    IdentifierFormField,
    InseeCodeField,
    PhoneField,
    RnaField,
    SiretField,
    display_phone,
    display_siret,
    validate_siret,
)
from autoprod.core.fields.texts import (
    PlainTextField,
    SortKeyField,
    contains_nir,
    search_key,
    sort_key,
    validate_no_nir,
)

__all__ = [
    "AmountFormField",
    "CentsField",
    "GramsField",
    "HoursFormField",
    "IdentifierFormField",
    "InseeCodeField",
    "MinutesField",
    "PhoneField",
    "PlainTextField",
    "RnaField",
    "SiretField",
    "SortKeyField",
    "SquareMetresField",
    "TenthsField",
    "contains_nir",
    "display_phone",
    "display_siret",
    "search_key",
    "sort_key",
    "validate_no_nir",
    "validate_siret",
]
