"""« Entrer comme… »: the ready-made people of a demo base, and what each is there."""

from collections.abc import Callable, Iterable

from autoprod.accounts.models import User
from autoprod.core.models import Installation

Labels = Callable[[], Iterable[tuple[User, str]]]

_registered: list[Labels] = []


def register_demo_labels(labels: Labels) -> Labels:
    """Keep the function that gives (user, role label) pairs: roles are known on a floor above."""
    _registered[:] = [labels]
    return labels


def is_open() -> bool:
    """Tell whether this base is a demo."""
    installation = Installation.current()
    return bool(installation and installation.is_demo)


def people() -> list[tuple[User, str]]:
    """Return who can be entered as, with their label; nobody outside a demo base."""
    if not is_open():
        return []
    return [(user, label) for labels in _registered for user, label in labels() if user.is_active]
