"""Numbers and durations as people type them in France, read exactly or refused."""

import re
from decimal import Decimal
from fractions import Fraction

#: Longer than any amount: a pasted page is refused before it is looked at.
MAX_LENGTH = 40
_MINUSES = str.maketrans({"\u2212": "-", "\u2013": "-"})
_NUMBER = re.compile(r"([+-]?)([0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:[.,]([0-9]+))?")
_HOURS = re.compile(r"([+-]?)([0-9]{1,3}(?: [0-9]{3})+|[0-9]+) ?[h:] ?(?:([0-9]{1,2})(?: ?mi?n)?)?")
_MINUTES = re.compile(r"([+-]?[0-9]+) ?mi?n(?:utes?)?")


def _tidy(text: str) -> str:
    if len(text) > MAX_LENGTH:
        raise ValueError("too long for a number")
    return " ".join(text.translate(_MINUSES).lower().split())


def read_number(text: str, units: tuple[str, ...] = ()) -> Decimal:
    """Return the number in « 1 234,50 », « 1234.50 » or « −3 kg »; ValueError otherwise.

    Spaces (no-break ones too) may separate thousands only, so that « 12 50 » is not read 1 250.
    """
    tidy = _tidy(text)
    for unit in units:
        tidy = tidy.removesuffix(unit).rstrip()
    found = _NUMBER.fullmatch(tidy)
    if not found:
        raise ValueError("not a number")
    sign, whole, decimals = found.groups()
    return Decimal(f"{sign}{whole.replace(' ', '')}.{decimals or '0'}")


def read_hours(text: str) -> Fraction:
    """Return the minutes in « 4 h 30 », « 4:30 », « 4,5 » or « 45 min »; ValueError otherwise.

    The result is not whole when the text is finer than a minute, as « 1,33 » hour is.
    """
    tidy = _tidy(text)
    if found := _MINUTES.fullmatch(tidy):
        return Fraction(found[1])
    found = _HOURS.fullmatch(tidy)
    if not found:
        return Fraction(read_number(tidy)) * 60
    sign, hours, minutes = found.groups()
    if int(minutes or 0) >= 60:
        raise ValueError("an hour has sixty minutes")
    total = int(hours.replace(" ", "")) * 60 + int(minutes or 0)
    return Fraction(-total if sign == "-" else total)
