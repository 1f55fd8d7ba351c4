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


def regroup(values: Sequence[int], threshold: int, *, ordered: bool = False) -> list[Group]:
    """Return what is published of a partition of persons, in the order of the values.

    In an ordered table (ages, levels) a small value joins its neighbour; in another, all the
    small ones are put together, with the next smallest when they alone would let one be guessed.
    """
    groups = [(index,) for index in range(len(values))]
    merged = _with_neighbours if ordered else _together
    groups = merged(groups, values, threshold)
    return [
        Group(
            members,
            sum(values[i] for i in members),
            is_all_small=len(members) > 1 and all(is_small(values[i], threshold) for i in members),
        )
        for members in groups
    ]


def _together(groups: list, values: Sequence[int], threshold: int) -> list[tuple[int, ...]]:
    hidden = [i for (i,) in groups if is_small(values[i], threshold)]
    if not hidden:
        return groups
    others = sorted((i for (i,) in groups if values[i] >= threshold), key=lambda i: (values[i], i))
    while others and not _keeps_secret(hidden, values, threshold, others):
        hidden.append(others.pop(0))
    shown = [group for group in groups if group[0] not in hidden]
    return [*shown, tuple(sorted(hidden))]


def _with_neighbours(groups: list, values: Sequence[int], threshold: int) -> list[tuple[int, ...]]:
    groups = list(groups)
    while len(groups) > 1:
        exposed = next((g for g in groups if _is_exposed(g, values, threshold)), None)
        if exposed is None:
            break
        at = groups.index(exposed)
        # The smaller of its two neighbours, the next one when they are equal.
        sides = [i for i in (at + 1, at - 1) if 0 <= i < len(groups)]
        near = min(sides, key=lambda i: sum(values[j] for j in groups[i]))
        first, second = sorted((at, near))
        groups[first : second + 1] = [groups[first] + groups[second]]
    return groups


def _is_exposed(group: tuple[int, ...], values: Sequence[int], threshold: int) -> bool:
    small = any(is_small(values[i], threshold) for i in group)
    return small and not _keeps_secret(group, values, threshold, ())


def _keeps_secret(
    group: Sequence[int], values: Sequence[int], threshold: int, shown: Sequence[int]
) -> bool:
    """Tell whether no small member can be worked out from the sum of the group.

    The reader knows the threshold, the rule, who is in the group, and that what was added to it
    is no greater than what is still shown.
    """
    small = [i for i in group if is_small(values[i], threshold)]
    added = [i for i in group if values[i] >= threshold]
    total = sum(values[i] for i in group)
    if total < threshold:
        return False
    ceiling = min((values[i] for i in shown), default=total)
    most = (len(small) - 1) * (threshold - 1) + len(added) * ceiling
    least = (len(small) - 1) + len(added) * threshold
    lowest, highest = max(1, total - most), min(threshold - 1, total - least)
    return lowest < highest
