"""A weighing sheet typed back: a line a weighing, words and letters, as on the paper."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from autoprod.core.fields import contains_nir
from gardens.documents.harvests import LINES
from gardens.imports.harvests import Line, Reader
from programmes.models import Site

NIR = "Ceci ressemble à un numéro de sécurité sociale\u00a0: il ne s’écrit pas ici."
#: Name, title, how wide it may be, its keyboard.
COLUMNS = (
    ("product", "Produit", 80, "text"),
    ("variety", "Variété", 80, "text"),
    ("weight", "Poids net (kg)", 12, "decimal"),
    ("pieces", "ou pièces", 6, "numeric"),
    ("where", "Vers", 30, "text"),
    ("receiver", "Association", 120, "text"),
)
_LISTS = {"product": "produits", "variety": "varietes", "receiver": "associations"}


@dataclass
class TypedLine:
    """One line of the page: its mark, what is typed, what is wrong with it."""

    number: int
    mark: UUID
    cells: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def fields(self) -> list[dict]:
        """Return what the template draws of each cell."""
        return [
            {
                "name": f"{name}_{self.number}",
                "column": name,
                "title": title,
                "label": f"{title}, ligne {self.number}",
                "value": self.cells.get(name, ""),
                "longest": longest,
                "mode": mode,
                "list": _LISTS.get(name, ""),
            }
            for name, title, longest, mode in COLUMNS
        ]


class TypedHarvests:
    """The lines of a sheet of one garden and one day."""

    def __init__(self, reader: Reader, site: Site, on: date) -> None:
        """Show blank lines."""
        self.reader, self.site, self.on = reader, site, on
        self.titles = [title for _, title, _, _ in COLUMNS]
        self.lines = [TypedLine(number, uuid4()) for number in range(1, LINES + 1)]

    def read(self, data: Mapping[str, str]) -> list[Line]:
        """Return the lines that were filled; each keeps what was typed, and its faults."""
        place = {"day": self.on.isoformat(), "site": self.site.name}
        found = []
        for line in self.lines:
            line.mark = _uuid(data.get(f"mark_{line.number}", "")) or line.mark
            for name, _, longest, _ in COLUMNS:
                said = data.get(f"{name}_{line.number}", "")
                line.cells[name] = " ".join(said.split())[:longest]
            if not any(line.cells.values()):
                continue
            read = self.reader.read(line.number, {**line.cells, **place}, line.mark)
            if any(contains_nir(cell) for cell in line.cells.values()):
                read.faults, read.weighing = [NIR], None
            line.faults = read.faults
            found.append(read)
        return found

    @property
    def is_faulty(self) -> bool:
        """Tell whether a line is to be looked at again."""
        return any(line.faults for line in self.lines)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
