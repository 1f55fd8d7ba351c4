"""Draws that always fall the same way: on any machine, in any order, at any time."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


def lot(*words: object) -> float:
    """Return a number of [0, 1) that these words alone decide."""
    text = "/".join(str(word) for word in words)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6]) / 2**48


def draw(things: Sequence[Thing], *words: object) -> Thing:
    """Return one of the things, which the words decide."""
    return things[int(lot(*words) * len(things))]
