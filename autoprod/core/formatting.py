"""Numbers, amounts, dates and hours written the French way, as plain text.

Screens, documents, charts and exports all write their figures here, so that one amount never has
two spellings. Typography follows the « Lexique des règles typographiques en usage à l'Imprimerie
nationale »: narrow no-break space between thousands, no-break space before a unit.

An integer is in the base unit stored by the database (cents, grams, minutes); a Decimal is in the
unit people read (euros, kilograms, hours). A float is refused: it has already lost cents.
"""

import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

THOUSANDS = "\u202f"  # narrow no-break space
SPACE = "\u00a0"  # no-break space, before a unit
MINUS = "\u2212"  # a hyphen would let the line break between the sign and the figure
MISSING = "–"
NOT_APPLICABLE = "s.o."

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

Amount = int | Decimal


def _decimal(value: Amount) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError(f"an int or a Decimal is needed, not {type(value).__name__}")
    return Decimal(value)


def _base_units(value: Amount, per_unit: int) -> int:
    """Whole base units: an int is already one, a Decimal counts `per_unit` of them."""
    if isinstance(value, Decimal):
        value = (value * per_unit).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return int(_decimal(value))


def number(value: Amount | None, places: int | None = None) -> str:
    """« 4 205 », « 10,7 », « −3 »; `places` fixes the decimals (half up), else those needed."""
    if value is None:
        return MISSING
    exact = _decimal(value)
    if places is not None:
        exact = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    whole, _, decimals = f"{abs(exact):,f}".partition(".")
    if places is None:
        decimals = decimals.rstrip("0")
    written = whole.replace(",", THOUSANDS) + (f",{decimals}" if decimals else "")
    is_negative = exact < 0
    return f"{MINUS}{written}" if is_negative else written


def euros(value: Amount | None) -> str:
    """« 97 200 € » from 9 720 000 cents; two decimals when there are cents, none otherwise."""
    if value is None:
        return MISSING
    cents = _base_units(value, 100)
    places = 2 if cents % 100 else 0
    return f"{number(Decimal(cents) / 100, places)}{SPACE}€"


def kilograms(value: Amount | None, places: int | None = None) -> str:
    """« 12,4 kg » from 12 400 grams, to the gram unless `places` rounds it."""
    if value is None:
        return MISSING
    return f"{number(Decimal(_base_units(value, 1000)) / 1000, places)}{SPACE}kg"


def hours(value: Amount | None) -> str:
    """« 4 h 30 » from 270 minutes, « 552 h », « 45 min » under one hour, « 0 h » for none."""
    if value is None:
        return MISSING
    total = _base_units(value, 60)
    whole, minutes = divmod(abs(total), 60)
    sign = MINUS if total < 0 else ""
    if whole == 0 and minutes:
        return f"{sign}{minutes}{SPACE}min"
    written = f"{sign}{number(whole)}{SPACE}h"
    return f"{written}{SPACE}{minutes:02d}" if minutes else written


def percent(value: Amount | None, places: int = 1) -> str:
    """« 10,7 % » from Decimal("10.7"); « s.o. » when the denominator was zero (None)."""
    if value is None:
        return NOT_APPLICABLE
    return f"{number(value, places)}{SPACE}%"


def celsius(value: Amount | None) -> str:
    """« 3,5 °C » from 35 tenths of a degree."""
    if value is None:
        return MISSING
    return f"{number(Decimal(_base_units(value, 10)) / 10, 1)}{SPACE}°C"


def counted(value: Amount | None, singular: str, plural: str) -> str:
    """« 0 personne », « 1 personne », « 2 personnes »: French plural starts at two."""
    if value is None:
        return MISSING
    noun = plural if abs(_decimal(value)) >= 2 else singular
    return f"{number(value)}{SPACE}{noun}"


def since(days: int | None) -> str:
    """« depuis 17 jours »; of none, « depuis aujourd’hui »."""
    if days is None:
        return MISSING
    return f"depuis {counted(days, 'jour', 'jours')}" if days else "depuis aujourd’hui"


def _day_number(day_of_month: int) -> str:
    return "1er" if day_of_month == 1 else str(day_of_month)


def day_and_month(value: datetime.date | None) -> str:
    """« 1er février », without the year."""
    if value is None:
        return MISSING
    return f"{_day_number(value.day)}{SPACE}{MONTHS[value.month - 1]}"


def day(value: datetime.date | None, *, weekday: bool = False) -> str:
    """« 1er février 2016 », or « lundi 1er février 2016 » with its `weekday`."""
    if value is None:
        return MISSING
    written = f"{day_and_month(value)}{SPACE}{value.year}"
    return f"{WEEKDAYS[value.weekday()]} {written}" if weekday else written


def month(value: datetime.date | None) -> str:
    """« février 2016 »."""
    if value is None:
        return MISSING
    return f"{MONTHS[value.month - 1]}{SPACE}{value.year}"


def day_range(start: datetime.date | None, end: datetime.date | None) -> str:
    """« du 1er janvier au 31 décembre 2015 », both days included; one side may be open."""
    if start is None and end is None:
        return MISSING
    if end is None:
        return f"depuis le {day(start)}"
    if start is None:
        return f"jusqu’au {day(end)}"
    if start == end:
        return f"le {day(start)}"
    if start.year != end.year:
        first = day(start)
    elif start.month != end.month:
        first = day_and_month(start)
    else:
        first = _day_number(start.day)
    return f"du {first} au {day(end)}"


def clock(value: datetime.time | datetime.datetime | None) -> str:
    """« 8 h 05 », « 14 h »."""
    if value is None:
        return MISSING
    written = f"{value.hour}{SPACE}h"
    return f"{written}{SPACE}{value.minute:02d}" if value.minute else written


def moment(value: datetime.datetime | None) -> str:
    """« 3 mars 2026, 8 h 05 » on the reader's clock; ValueError without a time zone."""
    if value is None:
        return MISSING
    local = timezone.localtime(value)
    return f"{day(local)}, {clock(local)}"


def edited(value: datetime.datetime) -> str:
    """« Édité le 4 avril 2016 à 9 h 04 », what every document and export says of itself."""
    local = timezone.localtime(value)
    return f"Édité le {day(local)} à {clock(local)}"


def clock_range(start: datetime.time | None, end: datetime.time | None) -> str:
    """« 8 h – 12 h »; an open end shows the start alone."""
    if start is None or end is None:
        return clock(start if end is None else end)
    return f"{clock(start)}{SPACE}–{SPACE}{clock(end)}"
