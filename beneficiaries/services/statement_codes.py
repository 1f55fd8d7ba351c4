"""Codes of statements: drawn at random, they say nothing of anybody, and are read back.

What is printed of them is in `documents/statement_codes.py`, which documents may import.
"""

import re
import secrets
from dataclasses import dataclass

from beneficiaries.documents.statement_codes import PREFIX

#: No character taken for another, on paper or aloud (0 O, 1 I L, 2 Z, 5 S, 8 B, U V), and no
#: vowel, so that no word is ever drawn. 23 of them: see `_weighed`.
ALPHABET = "2346789CDFGHJKMNPQRTWXY"
LENGTH = 12

_CODE = f"[{ALPHABET}]{{{LENGTH}}}"
_SQUARE = re.compile(rf"{PREFIX}:({_CODE}):([1-9][0-9]?)")
_TYPED = re.compile(_CODE)


@dataclass(frozen=True)
class Mark:
    """What a page says of itself: the code of its statement, and which page of it this is."""

    code: str
    page: int = 1


def new_code() -> str:
    """Return a code: eleven characters at random (9 × 10^14 of them), and one that checks them."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return drawn + next(last for last in ALPHABET if _is_whole(drawn + last))


def mark_in(text: str) -> Mark | None:
    """Return the code and page that a square says; None when it is not one of ours."""
    found = _SQUARE.fullmatch(text.strip())
    if found is None or not _is_whole(found[1]):
        return None
    return Mark(code=found[1], page=int(found[2]))


def code_in(text: str) -> str | None:
    """Return the code that a square says or that somebody typed; None when its check fails.

    Small letters, spaces and dashes of somebody who copies the groups are taken.
    """
    if (mark := mark_in(text)) is not None:
        return mark.code
    typed = re.sub(r"[\s-]+", "", text).upper()
    return typed if _TYPED.fullmatch(typed) and _is_whole(typed) else None


def _is_whole(code: str) -> bool:
    return _weighed(code) % len(ALPHABET) == 0


def _weighed(code: str) -> int:
    """Return the sum of the characters, each weighed by its place.

    Modulo a prime number of characters, larger than the number of places, one wrong character
    or two exchanged ones always change it.
    """
    return sum(place * ALPHABET.index(char) for place, char in enumerate(code, start=1))
