"""French identifiers: SIRET, RNA number, INSEE code, telephone number.

Each is stored in one compact form, whatever spaces people type, so that two spellings of one
number are one value for unique constraints, imports and searches.
"""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siret

INVALID_SIRET = (
    "Ce numéro SIRET n’existe pas. Vérifiez ses 14 chiffres sur l’avis de situation "
    "ou sur l’Annuaire des entreprises."
)
INVALID_RNA = "Un numéro RNA commence par W et compte 9 autres caractères, par exemple W591001234."
INVALID_INSEE = "Un code commune compte 5 caractères, par exemple 59606 ou 2A004."
INVALID_PHONE = "Écrivez un numéro à 10 chiffres, par exemple 06 12 34 56 78, ou +32 470 12 34 56."

# The letter or digit after the department's first digit covers overseas (DILA, format RNA).
_RNA = re.compile(r"W[0-9][A-Z0-9][0-9]{7}")
# COG: « 2A » and « 2B » for Corsica; 99xxx for a birth abroad.
_INSEE = re.compile(r"(?:2[AB]|[0-9]{2})[0-9]{3}")
_FRENCH_PHONE = re.compile(r"0[1-9][0-9]{8}")
_WORLD_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
#: Overseas numbers are dialled like others but have their own country code (plan national de
#: numérotation, Arcep): the first four digits dialled, and that code.
_OVERSEAS = {
    "+590": ("0590", "0690", "0691"),
    "+594": ("0594", "0694"),
    "+596": ("0596", "0696", "0697"),
    "+262": ("0262", "0263", "0269", "0639", "0692", "0693"),
}


def compact(text: str) -> str:
    """Return the text in capitals, without spaces, dots, hyphens and slashes."""
    return re.sub(r"[\s.\-/\u2010-\u2015()]", "", text).upper()


def validate_siret(text: str) -> None:
    """Raise a ValidationError unless it is a SIRET: 14 digits and their key, La Poste's included.

    The offices of La Poste (SIREN 356000000) have another key (INSEE).
    """
    try:
        siret.validate(text)
    except NumberError as error:
        raise ValidationError(INVALID_SIRET, code="invalid") from error
    if not text.strip("0 "):  # fourteen zeros have a right key
        raise ValidationError(INVALID_SIRET, code="invalid")


def validate_rna(text: str) -> None:
    """Raise a ValidationError unless it has the form of a RNA number (associations)."""
    if not _RNA.fullmatch(text):
        raise ValidationError(INVALID_RNA, code="invalid")


def validate_insee_code(text: str) -> None:
    """Raise a ValidationError unless it has the form of a commune's code."""
    if not _INSEE.fullmatch(text):
        raise ValidationError(INVALID_INSEE, code="invalid")


def validate_phone(text: str) -> None:
    """Raise a ValidationError unless it is a number with its country code (E.164)."""
    if not _WORLD_PHONE.fullmatch(text):
        raise ValidationError(INVALID_PHONE, code="invalid")


def normalise_phone(text: str) -> str:
    """Return « +33612345678 » for « 06 12 34 56 78 »; what is not a number comes back compact."""
    number = re.sub(r"^00(?=[1-9])", "+", compact(text))
    number = re.sub(r"^\+330", "+33", number)  # « +33 (0)6 12 34 56 78 »
    if not _FRENCH_PHONE.fullmatch(number):
        return number
    for code, starts in _OVERSEAS.items():
        if number.startswith(starts):
            return code + number[1:]
    return "+33" + number[1:]


def display_phone(stored: str) -> str:
    """Return « 06 12 34 56 78 » as dialled in France; a foreign number stays as it is stored."""
    dialled = stored
    for code in ("+33", *_OVERSEAS):
        national = "0" + stored.removeprefix(code)
        if stored.startswith(code) and _FRENCH_PHONE.fullmatch(national):
            dialled = national
            break
    if not _FRENCH_PHONE.fullmatch(dialled):
        return stored
    return "\u00a0".join(dialled[i : i + 2] for i in range(0, 10, 2))


def display_siret(stored: str) -> str:
    """Return « 732 829 320 00074 »."""
    if len(stored) != 14:
        return stored
    return "\u00a0".join((stored[:3], stored[3:6], stored[6:9], stored[9:]))


class IdentifierFormField(forms.CharField):
    """Reads an identifier however it is spaced; shows the stored one as people write it."""

    def __init__(self, *, normalise=compact, display=str, **kwargs) -> None:
        """`normalise` gives the stored form, `display` the written one."""
        self.normalise, self.display = normalise, display
        # What is typed has spaces: only the stored form has a length limit.
        kwargs.pop("max_length", None)
        super().__init__(**kwargs)

    def to_python(self, value: object) -> str:
        """Return the stored form."""
        text = super().to_python(value)
        return self.normalise(text) if text else text

    def prepare_value(self, value: object) -> object:
        """Return the written form."""
        return self.display(value) if isinstance(value, str) else value


class _IdentifierField(models.CharField):
    """A CharField that normalises on the way in: forms, imports, filters and fixtures alike."""

    length = 14

    def __init__(self, *args, **kwargs) -> None:
        """`max_length` is the identifier's own unless a migration says otherwise."""
        kwargs.setdefault("max_length", self.length)
        super().__init__(*args, **kwargs)

    @staticmethod
    def normalise(text: str) -> str:
        """Return the stored form."""
        return compact(text)

    @staticmethod
    def display(text: str) -> str:
        """Return the form people read."""
        return text

    def to_python(self, value: object) -> str | None:
        """Return the stored form, None or an empty text as they are."""
        text = super().to_python(value)
        return self.normalise(text) if text else text

    def get_prep_value(self, value: object) -> str | None:
        """Return the stored form for the database."""
        return self.to_python(super().get_prep_value(value))

    def formfield(self, **kwargs) -> forms.Field:
        """Return the form field that accepts spaces."""
        defaults = {
            "form_class": IdentifierFormField,
            "normalise": self.normalise,
            "display": self.display,
        }
        return super().formfield(**{**defaults, **kwargs})


class SiretField(_IdentifierField):
    """A SIRET, 14 digits with a right key."""

    description = "numéro SIRET"
    default_validators = [validate_siret]
    display = staticmethod(display_siret)


class RnaField(_IdentifierField):
    """A number of the national register of associations, W and 9 characters."""

    description = "numéro RNA"
    default_validators = [validate_rna]
    length = 10


class InseeCodeField(_IdentifierField):
    """A commune's INSEE code: a text, since 01004 is not 1004 and Corsica has letters."""

    description = "code commune INSEE"
    default_validators = [validate_insee_code]
    length = 5


class PhoneField(_IdentifierField):
    """A telephone number, stored with its country code and shown as dialled."""

    description = "numéro de téléphone"
    default_validators = [validate_phone]
    length = 16
    normalise = staticmethod(normalise_phone)
    display = staticmethod(display_phone)
