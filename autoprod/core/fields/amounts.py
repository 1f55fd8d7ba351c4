"""Amounts stored as integers in their smallest unit: cents, grams, minutes, tenths of a degree.

SQLite keeps a DecimalField as a floating point number, so that sums and constraints on it go wrong
by a cent. An amount is a whole number in the database, where sums, comparisons and constraints
are exact, and a `Decimal` of the unit people read (euros, kilograms, degrees) everywhere else:

- attributes, `values()`, `Sum`, `Min`, `Max`, `F("a") + F("b")` give a `Decimal`; filters and
  constraints take one. An int counts the same unit (`amount=12` is 12 €); a float is refused.
- `F("price") * F("quantity")` works with an integer field. To compare with a constant inside an
  expression, write `Value(Decimal("1.50"), output_field=CentsField())`.
- `Avg` would cut the cents off: it is refused. Divide a sum by a count with `rounding.mean`.

Durations are plain integers of minutes, since no one adds up decimal hours.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Avg, StdDev, Variance
from django.db.models.expressions import Combinable, register_combinable_fields
from django.db.models.query_utils import DeferredAttribute

from autoprod.core import formatting
from autoprod.core.fields.reading import read_hours, read_number

#: In base units. Far above any amount of ours, far enough below 2^63 for sums of many rows.
LIMIT = 10**14
#: In minutes: 100 000 hours, far below 2^31.
MINUTES_LIMIT = 6_000_000

INVALID = "Écrivez un nombre, par exemple %(example)s."
NEGATIVE = "Écrivez un nombre positif ou nul."
TOO_LARGE = "Ce nombre est trop grand. Vérifiez-le."


@dataclass(frozen=True)
class Unit:
    """A unit people read: how many decimals it has, how it is written, what to say of more."""

    places: int
    symbols: tuple[str, ...]
    example: str
    too_precise: str


EUROS = Unit(
    2,
    ("€", "euros", "euro"),
    "1\u202f234,50",
    "Écrivez ce montant au centime près\u00a0: deux chiffres après la virgule au plus.",
)
KILOGRAMS = Unit(
    3,
    ("kg",),
    "12,5",
    "Écrivez ce poids au gramme près\u00a0: trois chiffres après la virgule au plus.",
)
SQUARE_METRES = Unit(
    2,
    ("m²", "m2"),
    "9,6",
    "Écrivez cette surface avec deux chiffres après la virgule au plus.",
)
DEGREES = Unit(
    1, ("°c", "°"), "3,5", "Écrivez cette température avec un chiffre après la virgule au plus."
)


def _base_units(number: Decimal, unit: Unit) -> Fraction:
    """Exact, where Decimal arithmetic would round past 28 digits."""
    return Fraction(number) * 10**unit.places


class AmountFormField(forms.Field):
    """Reads « 1 234,50 » or « 1234.50 € » and gives a Decimal; None when empty."""

    widget = forms.TextInput

    def __init__(self, *, unit: Unit, allow_negative: bool = False, **kwargs) -> None:
        """`unit` says how many decimals are allowed."""
        self.unit = unit
        self.allow_negative = allow_negative
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        """Ask phones for their number keys; no list of earlier amounts."""
        return {"inputmode": "decimal", "autocomplete": "off"}

    def prepare_value(self, value: object) -> object:
        """Write a number as it may be typed; leave what was typed alone."""
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            return value
        exact = Decimal(value)
        is_cents = self.unit is EUROS and exact % 1 != 0
        return formatting.number(exact, 2 if is_cents else None)

    def to_python(self, value: object) -> Decimal | None:
        """Return the number, exact; a ValidationError says what to write instead."""
        if value in self.empty_values:
            return None
        try:
            number = Decimal(value) if isinstance(value, int | Decimal) else self._read(value)
        except ValueError as error:
            message = INVALID % {"example": self.unit.example}
            raise ValidationError(message, code="invalid") from error
        check_amount(number, self.unit, allow_negative=self.allow_negative)
        return number

    def _read(self, value: object) -> Decimal:
        return read_number(str(value), self.unit.symbols)


def check_amount(number: Decimal, unit: Unit, *, allow_negative: bool) -> None:
    """Raise a ValidationError in French for an amount that cannot be kept exactly."""
    if not number.is_finite():
        raise ValidationError(INVALID % {"example": unit.example}, code="invalid")
    if abs(number) > Decimal(LIMIT).scaleb(-unit.places):
        raise ValidationError(TOO_LARGE, code="too_large")
    if _base_units(number, unit).denominator != 1:
        raise ValidationError(unit.too_precise, code="too_precise")
    if number < 0 and not allow_negative:
        raise ValidationError(NEGATIVE, code="negative")


class _AmountAttribute(DeferredAttribute):
    """Makes an int a Decimal as soon as it is assigned: 12 means 12 €, never 12 cents."""

    def __set__(self, instance: models.Model, value: object) -> None:
        if isinstance(value, bool | float):
            raise TypeError(f"an amount is a Decimal, not a {type(value).__name__}")
        instance.__dict__[self.field.attname] = Decimal(value) if isinstance(value, int) else value


class AmountField(models.Field):
    """An integer of base units in the database, a Decimal of `unit` in Python.

    Not an IntegerField: Django would then turn `F("a") + F("b")` into plain cents.
    """

    unit: Unit
    empty_strings_allowed = False
    descriptor_class = _AmountAttribute

    def __init__(self, *args, allow_negative: bool = False, **kwargs) -> None:
        """Without `allow_negative`, the database itself refuses a negative amount."""
        self.allow_negative = allow_negative
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        """Give migrations what they need to build the field again."""
        name, path, args, kwargs = super().deconstruct()
        if self.allow_negative:
            kwargs["allow_negative"] = True
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        """Name the column's type; the positive one carries a CHECK on both engines."""
        return "BigIntegerField" if self.allow_negative else "PositiveBigIntegerField"

    def from_db_value(self, value: int | None, expression, connection) -> Decimal | None:
        """Return a column or a sum as a Decimal."""
        if isinstance(expression, Avg | StdDev | Variance):
            raise TypeError("amounts are averaged by rounding.mean, from their sum and count")
        return None if value is None else Decimal(value).scaleb(-self.unit.places)

    def to_python(self, value: object) -> Decimal | None:
        """Return a Decimal from what forms, fixtures and code may give."""
        if value is None or isinstance(value, Decimal):
            return value
        if isinstance(value, bool | float):
            raise TypeError(f"an amount is a Decimal, not a {type(value).__name__}")
        try:
            return Decimal(value) if isinstance(value, int) else read_number(str(value))
        except ValueError as error:
            raise ValidationError(INVALID % {"example": self.unit.example}) from error

    def validate(self, value: Decimal | None, model_instance: models.Model) -> None:
        """Refuse what the column cannot hold, in French, before the database does."""
        super().validate(value, model_instance)
        if value is not None:
            check_amount(value, self.unit, allow_negative=self.allow_negative)

    def get_prep_value(self, value: object) -> int | None:
        """Return base units; ValueError or ValidationError rather than a silent rounding."""
        number = self.to_python(super().get_prep_value(value))
        if number is None:
            return None
        check_amount(number, self.unit, allow_negative=True)
        return int(_base_units(number, self.unit))

    def get_db_prep_value(self, value, connection, prepared=False):
        """Return base units in the type the engine's driver wants."""
        value = super().get_db_prep_value(value, connection, prepared)
        return connection.ops.adapt_integerfield_value(value, self.get_internal_type())

    def value_to_string(self, obj: models.Model) -> str:
        """Return the amount for a serialised fixture."""
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs) -> forms.Field:
        """Return the form field that reads French numbers."""
        defaults = {"form_class": AmountFormField, "unit": self.unit}
        return super().formfield(**{**defaults, "allow_negative": self.allow_negative, **kwargs})


class CentsField(AmountField):
    """Money: cents in the database, euros in Python."""

    description = "montant en euros"
    unit = EUROS


class GramsField(AmountField):
    """Weights: grams in the database, kilograms in Python."""

    description = "poids en kilogrammes"
    unit = KILOGRAMS


class SquareMetresField(AmountField):
    """Areas: hundredths of a square metre in the database, square metres in Python."""

    description = "surface en mètres carrés"
    unit = SQUARE_METRES


class TenthsField(AmountField):
    """Temperatures: tenths of a degree in the database, degrees Celsius in Python."""

    description = "température en degrés"
    unit = DEGREES


for _amount in (CentsField, GramsField, SquareMetresField, TenthsField):
    for _connector in (Combinable.ADD, Combinable.SUB):
        register_combinable_fields(_amount, _connector, _amount, _amount)
    register_combinable_fields(_amount, Combinable.MUL, models.IntegerField, _amount)
    register_combinable_fields(models.IntegerField, Combinable.MUL, _amount, _amount)


class HoursFormField(forms.Field):
    """Reads « 4 h 30 », « 4:30 », « 4,5 » or « 45 min » and gives minutes; None when empty."""

    widget = forms.TextInput

    def __init__(self, *, allow_negative: bool = False, **kwargs) -> None:
        """`allow_negative` is for corrections of an account of hours."""
        self.allow_negative = allow_negative
        super().__init__(**kwargs)

    def prepare_value(self, value: object) -> object:
        """Write minutes as « 4 h 30 »; leave what was typed alone."""
        return formatting.hours(value) if isinstance(value, int) else value

    def to_python(self, value: object) -> int | None:
        """Return whole minutes; a ValidationError says what to write instead."""
        if value in self.empty_values:
            return None
        try:
            minutes = Fraction(value) if isinstance(value, int) else read_hours(str(value))
        except ValueError as error:
            message = "Écrivez une durée, par exemple 4\u00a0h\u00a030 ou 4,5."
            raise ValidationError(message, code="invalid") from error
        if abs(minutes) > MINUTES_LIMIT:
            raise ValidationError(TOO_LARGE, code="too_large")
        if minutes.denominator != 1:
            message = "Écrivez cette durée à la minute près, par exemple 1\u00a0h\u00a020."
            raise ValidationError(message, code="too_precise")
        if minutes < 0 and not self.allow_negative:
            raise ValidationError("Écrivez une durée positive ou nulle.", code="negative")
        return int(minutes)


class MinutesField(models.IntegerField):
    """A duration in whole minutes, an int in Python and in the database."""

    description = "durée en minutes"

    def __init__(self, *args, allow_negative: bool = False, **kwargs) -> None:
        """Without `allow_negative`, the database itself refuses a negative duration."""
        self.allow_negative = allow_negative
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        """Give migrations what they need to build the field again."""
        name, path, args, kwargs = super().deconstruct()
        if self.allow_negative:
            kwargs["allow_negative"] = True
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        """Name the column's type; the positive one carries a CHECK on both engines."""
        return "IntegerField" if self.allow_negative else "PositiveIntegerField"

    def get_prep_value(self, value: object) -> int | None:
        """Return the minutes; a float or a Decimal would be cut, so TypeError."""
        if isinstance(value, bool | float | Decimal):
            raise TypeError(f"minutes are an int, not a {type(value).__name__}")
        return super().get_prep_value(value)

    def formfield(self, **kwargs) -> forms.Field:
        """Return the form field that reads durations."""
        defaults = {"form_class": HoursFormField, "allow_negative": self.allow_negative}
        return super().formfield(**{**defaults, **kwargs})
