"""Room for the frames of Python, so that tests do not spend their time asking for it.

CPython 3.11 keeps frames in pieces of 16 KiB, asked of the system when one is full and given back
when it empties (Python/pystate.c, `push_chunk`). Under pytest and Django the stack is deep, and a
loop at the edge of a piece asks for the next one at every turn: measured, a third of a run. A first
frame that takes more than half of a large piece leaves the rest of it to all the frames above.
"""

import threading
from collections.abc import Callable, Iterator

import pytest

#: Eight bytes each: more than half of a mebibyte, so that a whole one is asked for.
_LOCALS = 70_000


def _roomy() -> Callable[[Callable[[], object]], object]:
    names = " = ".join(f"x{number}" for number in range(_LOCALS))
    source = f"def roomy(do):\n    if do is None:\n        {names} = None\n    return do()"
    made: dict = {}
    exec(source, made)
    return made["roomy"]


roomy = _roomy()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> object:
    """Run a test as pytest does, in a roomy frame."""
    runner = item.config.pluginmanager.getplugin("runner")
    return roomy(lambda: runner.pytest_runtest_protocol(item, nextitem))


@pytest.fixture(scope="session", autouse=True)
def threads_are_roomy() -> Iterator[None]:
    """Give the same room to the threads: the server of the journeys answers in its own."""
    patch = pytest.MonkeyPatch()
    run = threading.Thread.run
    patch.setattr(threading.Thread, "run", lambda self: roomy(lambda: run(self)))
    yield
    patch.undo()
