"""Waits on a condition, never on a duration."""

import time
from collections.abc import Callable
from threading import Event

_LOOK_AGAIN_SECONDS = 0.02


def wait_until(condition: Callable[[], object], what: str, *, seconds: float = 30) -> None:
    """Return as soon as the condition holds; fail when it still does not after `seconds`."""
    deadline = time.monotonic() + seconds
    nothing = Event()
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"still waiting after {seconds} s: {what}")
        nothing.wait(_LOOK_AGAIN_SECONDS)
