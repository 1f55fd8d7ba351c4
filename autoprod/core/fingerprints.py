"""A short mark of a document's figures: the same figures always give the same mark."""

import datetime
import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal

LENGTH = 8


def _number(value: Decimal) -> str:
    """12.50 and 12.5 are one figure, and minus zero is zero."""
    if not value.is_finite():
        raise ValueError("a published figure is a finite number")
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _plain(value: object) -> object:
    """Return what JSON writes of a value, a text for whatever JSON would round or refuse."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return _number(value)
        case datetime.datetime():
            if value.utcoffset() is None:
                raise ValueError("an instant needs a time zone")
            return value.astimezone(datetime.UTC).isoformat()
        case datetime.date() | datetime.time():
            return value.isoformat()
        case Mapping():
            return {_key(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError("the keys of a document's figures are texts")
    return str(key)


def canonical_json(value: object) -> str:
    """Return the only JSON text of a value: sorted keys, no space, decimals as texts.

    Read back by `json.loads` it gives a value with the same canonical text. TypeError for a float
    or a set, whose writing is not unique.
    """
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(value: object) -> str:
    """Return the first 8 hexadecimal digits of the SHA-256 of the canonical JSON."""
    digest = hashlib.sha256(canonical_json(value).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:LENGTH]
