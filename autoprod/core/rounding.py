"""Shares, means and roundings of published figures: exact, then half up.

Python's `round` and the default context of `decimal` round 12.5 to 12; French administration
rounds it to 13. A float is refused everywhere: it has already been rounded.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

Exact = int | Decimal | Fraction


def _exact(value: Exact) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
        raise TypeError(f"an int or a Decimal is needed, not {type(value).__name__}")
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError("a finite number is needed")
    return Fraction(value)


def _places(units: int, places: int) -> Decimal:
    """`units` × 10^-places, whatever the precision of the current decimal context."""
    return Decimal((int(units < 0), tuple(map(int, str(abs(units)))), -places))


def round_half_up(value: Exact, places: int = 0) -> Decimal:
    """Return the value with so many decimals, halves away from zero; TypeError for a float."""
    exact = _exact(value)
    units = (abs(exact) * 10**places + Fraction(1, 2)).__floor__()
    return _places(-units if exact < 0 else units, places)


def share(part: Exact, whole: Exact, places: int = 1) -> Decimal | None:
    """Return the percentage `part` is of `whole`, one decimal; None (« s.o. ») when it is 0."""
    numerator, denominator = _exact(part), _exact(whole)
    if denominator == 0:
        return None
    return round_half_up(100 * numerator / denominator, places)


def mean(total: Exact, count: Exact, places: int = 1) -> Decimal | None:
    """Return total ÷ count, one decimal; None (« s.o. ») when the count is 0."""
    numerator, denominator = _exact(total), _exact(count)
    if denominator == 0:
        return None
    return round_half_up(numerator / denominator, places)


def largest_remainder(
    parts: Sequence[Exact], total: Exact = 100, places: int = 1
) -> list[Decimal] | None:
    """Return the parts as shares that add up to `total` exactly; None when they are all 0.

    Each share is rounded down, then the missing units go to the largest remainders, in the order
    of the list between equals. ValueError for a negative part, or a total with more decimals.
    """
    exact = [_exact(part) for part in parts]
    if any(part < 0 for part in exact):
        raise ValueError("a share cannot be negative")
    whole, units = sum(exact), _exact(total) * 10**places
    if units.denominator != 1:
        raise ValueError("the total has more decimals than the shares")
    if whole == 0:
        return None
    wanted = [part * units / whole for part in exact]
    given = [amount.__floor__() for amount in wanted]
    missing = int(units) - sum(given)
    # sorted() is stable: equal remainders stay in list order.
    by_remainder = sorted(range(len(exact)), key=lambda i: given[i] - wanted[i])
    for index in by_remainder[:missing]:
        given[index] += 1
    return [_places(amount, places) for amount in given]
