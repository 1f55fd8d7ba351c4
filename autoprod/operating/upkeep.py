"""What every floor throws away once it is old; the worker does it every hour."""

from collections.abc import Callable

_tasks: dict[str, Callable[[], object]] = {}


def register(name: str, task: Callable[[], object]) -> None:
    """Add something to do; called from an app's `ready`."""
    if _tasks.setdefault(name, task) is not task:
        raise ValueError(f"upkeep already has a {name}")


def run() -> list[str]:
    """Do everything that is registered and return the names, in order."""
    for task in _tasks.values():
        task()
    return list(_tasks)
