"""Tables: columns declared once, for the screen and for the export."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Column:
    """One column: `value(row)` is what the export writes, `show(value)` what the screen says."""

    label: str
    value: Callable[[Any], Any]
    show: Callable[[Any], str] | None = None
    align: str = "start"
    #: False keeps the column for the export.
    on_screen: bool = True

    def __post_init__(self) -> None:
        """Refuse an alignment the style sheet does not know."""
        if self.align not in {"start", "end"}:
            raise ValueError(f"unknown alignment: {self.align}")

    def is_empty(self, row: Any) -> bool:
        """Tell whether there is nothing to say: a phone leaves the line out."""
        return self.value(row) in (None, "")

    def cell(self, row: Any) -> SafeString:
        """Return the escaped text of the cell; an empty value is a dash for the eye."""
        if self.is_empty(row):
            return conditional_escape("–")
        value = self.value(row)
        return conditional_escape(self.show(value) if self.show else value)


@dataclass(frozen=True)
class Table:
    """What `components/table.html` draws."""

    caption: str
    header: list[dict]
    body: list[dict]
    empty_state: dict | None = None


def table(
    columns: Sequence[Column],
    rows: Iterable[models.Model],
    *,
    caption: str,
    url: Callable[[Any], str] | None = None,
    empty_state: dict | None = None,
) -> Table:
    """Return a drawable table; `url(row)` makes the first cell a link."""
    visible = [column for column in columns if column.on_screen]
    return Table(
        caption=caption,
        header=[{"label": column.label, "align": column.align} for column in visible],
        body=[
            {
                "url": url(row) if url else None,
                "cells": [
                    {
                        "label": c.label,
                        "html": c.cell(row),
                        "align": c.align,
                        "empty": c.is_empty(row),
                    }
                    for c in visible
                ],
            }
            for row in rows
        ],
        empty_state=empty_state,
    )
