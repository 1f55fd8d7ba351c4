"""Where a row lives, found by walking its scope path in Python: `for_scope` does it in SQL."""

from django.db import models

from autoprod.core.scoping import SELF
from programmes.models import Programme, Territory


def _anchors(row: models.Model, path: str) -> set[models.Model]:
    """Follow a scope path row by row."""
    rows = {row}
    for name in () if path == SELF else path.split("__"):
        reached = set()
        for current in rows:
            value = getattr(current, name)
            reached |= set(value.all()) if hasattr(value, "all") else {value}
        rows = reached - {None}
    return rows


def home_of(row: models.Model) -> tuple[set[Programme], set[Territory]]:
    """Return the programmes and the territories a row belongs to."""
    declared = type(row).SCOPE_PATH
    paths = (declared,) if isinstance(declared, str) else declared
    anchors = {anchor for path in paths for anchor in _anchors(row, path)}
    programmes = {anchor for anchor in anchors if isinstance(anchor, Programme)}
    territories = {anchor for anchor in anchors if isinstance(anchor, Territory)}
    return programmes, territories | {programme.territory for programme in programmes}
