"""Small counts: what may be published of a table of persons, and what is regrouped.

A cell of 1 to threshold − 1 persons is never published alone, nor what would give it back by
subtraction from the total, which is published. Zero says nothing of anybody, and is.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """Values published together: their positions in the table, and their sum."""

    members: tuple[int, ...]
    total: int
    #: Whether every member is under the threshold.
    is_all_small: bool = False


def is_small(value: int, threshold: int) -> bool:
    """Tell whether a count of persons is too small to be published."""
    return 0 < value < threshold


def may_show(value: int, whole: int, threshold: int) -> bool:
    """Tell whether a count may be published beside the whole: neither it nor the rest is small."""
    return not is_small(value, threshold) and not is_small(whole - value, threshold)


def regroup(values: Sequence[int], threshold: int) -> list[Group]:
    """Return what is published of a partition of persons, in the order of the values.

    The small values are put together, with the next smallest when they alone would let one be
    guessed. Nothing at all is published when it would take the whole table to hide a value.
    """
    indexes = range(len(values))
    hidden = [i for i in indexes if is_small(values[i], threshold)]
    others = [i for i in indexes if i not in hidden]
    while hidden and others and not _keeps_secret(hidden, others, values, threshold):
        # All those of the same value: choosing one of them would tell which is which.
        smallest = min(values[i] for i in others)
        hidden += [i for i in others if values[i] == smallest]
        others = [i for i in others if values[i] != smallest]
    if hidden and not others:
        return []
    shown = [Group((i,), values[i]) for i in others]
    if not hidden:
        return shown
    return [*shown, _together(sorted(hidden), values, threshold)]


def _together(members: Sequence[int], values: Sequence[int], threshold: int) -> Group:
    are_small = all(is_small(values[i], threshold) for i in members)
    return Group(tuple(members), sum(values[i] for i in members), is_all_small=are_small)


def _keeps_secret(
    group: Sequence[int], shown: Sequence[int], values: Sequence[int], threshold: int
) -> bool:
    """Tell whether no small member of the group can be worked out from its sum.

    The reader knows the threshold, the rule, who is in the group, and that what was added to it
    is no greater than what is still shown.
    """
    small = [i for i in group if is_small(values[i], threshold)]
    added = len(group) - len(small)
    total = sum(values[i] for i in group)
    if len(group) < 2 or total < threshold:
        return False
    ceiling = min(values[i] for i in shown)
    most = (len(small) - 1) * (threshold - 1) + added * ceiling
    least = (len(small) - 1) + added * threshold
    lowest, highest = max(1, total - most), min(threshold - 1, total - least)
    return lowest < highest
