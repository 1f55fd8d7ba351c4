"""Texts: keys that sort and search without accents, and no social security number in free text."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.db import models
from stdnum.fr import nir

# Letters that Unicode does not decompose, and that people type without their stroke.
_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ħ": "h", "ı": "i"}
)

NIR_FOUND = (
    "Ce texte semble contenir un numéro de sécurité sociale, que la loi interdit de garder ici. "
    "Effacez-le, puis enregistrez de nouveau."
)
# Sex, year, month (pseudo-months included), department, commune, order, key. People group the
# digits like this or not at all; an IBAN or a SIRET is grouped otherwise and is left alone.
_NIR = re.compile(
    r"(?<![0-9])[1278]{s}[0-9]{2}{s}(?:0[1-9]|1[0-2]|[2-9][0-9]){s}(?:[0-9]{2}|2[AB]){s}"
    r"[0-9]{3}{s}[0-9]{3}(?:{s}[0-9]{2})?(?![0-9])".replace("{s}", r"[ \u00a0\u202f.\-_/]?"),
    re.IGNORECASE,
)
# Any other grouping: accused only when the key is right, which chance gives once in 97.
_FIFTEEN = re.compile(
    r"(?<![0-9])[1-478](?:[ \u00a0\u202f.\-_/]?[0-9AB]){14}(?![0-9])", re.IGNORECASE
)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKD", text.casefold())


def sort_key(text: str) -> str:
    """Return the text in plain lower-case letters and digits: « Œuvre d’Élodie » → oeuvre d elodie.

    SQLite and PostgreSQL sort accents differently: both sort this key the same way.
    """
    # Twice: a compatibility letter may decompose into a capital (Unicode, D146).
    folded = _fold(_fold(text)).translate(_LETTERS)
    plain = "".join(char for char in folded if unicodedata.category(char)[0] != "M")
    return " ".join("".join(char if char.isalnum() else " " for char in plain).split())


def search_key(*texts: str) -> str:
    """Return one key for several texts; look for the `sort_key` of what is typed inside it."""
    return " ".join(key for text in texts if (key := sort_key(text or "")))


class SortKeyField(models.CharField):
    """The sort key of one or several other fields, computed at each save and indexed.

    `save(update_fields=…)` must name it, and `update()` and `bulk_update()` do not compute it.
    """

    description = "clé de tri"

    def __init__(self, *args, source: str | tuple[str, ...] = "name", **kwargs) -> None:
        """`source` names the field or fields it is made from."""
        self.source = source
        always = {"editable": False, "blank": True}
        super().__init__(*args, **{"max_length": 255, "db_index": True, **kwargs, **always})

    def deconstruct(self):
        """Give migrations what they need to build the field again."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Compute the key, put it on the object and return it."""
        names = (self.source,) if isinstance(self.source, str) else self.source
        key = search_key(*(getattr(model_instance, name) for name in names))[: self.max_length]
        setattr(model_instance, self.attname, key)
        return key


def contains_nir(text: str) -> bool:
    """Tell whether the text seems to hold a French social security number (NIR)."""
    if _NIR.search(text):
        return True
    compact = (re.sub(r"[^0-9AB]", "", found[0].upper()) for found in _FIFTEEN.finditer(text))
    return any(nir.is_valid(number) for number in compact)


def validate_no_nir(text: str) -> None:
    """Raise a ValidationError for a social security number in a text.

    Décret 2019-341 lists who may process it; accompanied gardens are not on the list.
    """
    if contains_nir(text):
        raise ValidationError(NIR_FOUND, code="nir")


class PlainTextField(models.TextField):
    """Free text, which refuses a social security number."""

    description = "texte libre"
    default_validators = [validate_no_nir]
