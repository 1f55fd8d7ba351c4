"""What is typed of a paper sheet: a letter or hours per person, a site by its initial or number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from autoprod.core.fields import sort_key
from autoprod.core.formatting import counted
from beneficiaries.enums import Presence
from beneficiaries.forms.typed_letters import NOT_READ, Letters
from beneficiaries.services.rolls import Roll, Row
from beneficiaries.services.typed_sheets import SEVERAL, Typed
from programmes.models import ReferenceCode

NOBODY = "Personne de ce nom à ajouter\u00a0: choisissez dans la liste, ou inscrivez-la d’abord."
NO_NAME = "Écrivez d’abord le nom."
TWICE = "Cette personne est déjà sur une autre ligne."
#: Lines to add by hand: those left blank on paper.
ADDED = 3


@dataclass
class Line:
    """One line of the page: who, what is typed of them, and what is wrong with it."""

    key: str
    row: Row | None = None
    label: str = ""
    presence: str = ""
    site: str = ""
    name: str = ""
    version: int = 0
    fault: str = ""
    #: What was typed instead, and could not be saved.
    typed: tuple[str, str] | None = None
    #: Nothing is typed of it: its month is signed.
    is_kept: bool = False

    @property
    def was(self) -> str:
        """Return what the page shows, sent back with what is typed: what is not touched stays."""
        return f"{self.presence}|{self.site}"

    @property
    def shown(self) -> tuple[str, str]:
        """Return what stands in the two fields."""
        return self.typed or (self.presence, self.site)


class TypedSheet:
    """The lines of a roll as typed text, and back."""

    def __init__(
        self,
        roll: Roll,
        *,
        labels: Mapping[int, str],
        reasons: Sequence[ReferenceCode],
        signed: set[int],
    ) -> None:
        """Show what is stored; `labels` names each enrolment (key) as the paper does."""
        self.session, self.sites, self.reasons = roll.session, roll.sites, list(reasons)
        self.letters = Letters(roll.session, roll.sites, reasons)
        self.labels = labels
        self.others = {labels[row.enrolment.pk]: row for row in roll.others}
        places = {site.pk: number for number, site in enumerate(roll.sites)}
        rows = sorted(roll.rows, key=lambda row: places.get(row.site.pk, 0) if row.site else 0)
        self.lines = [self._line(row, signed) for row in rows]
        self.added = [Line(f"plus-{number}") for number in range(1, ADDED + 1)]

    def _line(self, row: Row, signed: set[int]) -> Line:
        key = row.enrolment.pk
        return Line(
            key=str(key),
            row=row,
            label=self.labels[key],
            presence=self.letters.words_of(row),
            site=row.site.short_name if row.site else "",
            version=row.line.version if row.line else 0,
            is_kept=key in signed,
        )

    def read(self, data: Mapping[str, str]) -> list[Typed]:
        """Return what is asked of the lines that were touched; a fault is told on its line."""
        found, seen = [], set()
        for line in [*self.lines, *self.added]:
            if line.is_kept or not _touch(line, data):
                continue
            try:
                found.append(self._typed(line, seen))
            except ValidationError as error:
                line.fault = " ".join(error.messages)
        return found

    def keep(self, faulty: Iterable[Line]) -> None:
        """Show again what was typed of the lines that are not saved, each with its fault."""
        shown = {line.key: line for line in [*self.lines, *self.added]}
        for line in faulty:
            if line.key in shown:
                for name in ("typed", "name", "fault"):
                    setattr(shown[line.key], name, getattr(line, name))

    def _typed(self, line: Line, seen: set[int]) -> Typed:
        row = line.row or self._other(line, seen)
        key = row.enrolment.pk
        if not line.typed[0]:
            if not row.lines:
                raise ValidationError(NOT_READ)
            return Typed(key, None, line.version)
        site = self.letters.site(line.typed[1]) if line.typed[1] else row.site
        tap = self.letters.tap(line.typed[0], site, line.version)
        if len(row.lines) > 1 and tap.status == Presence.PRESENT:
            raise ValidationError(SEVERAL)
        return Typed(key, tap, line.version)

    def _other(self, line: Line, seen: set[int]) -> Row:
        """Return who is added by hand."""
        if not line.name:
            raise ValidationError(NO_NAME)
        wanted = sort_key(line.name)
        found = [row for label, row in self.others.items() if sort_key(label) == wanted]
        if len(found) != 1:
            raise ValidationError(NOBODY)
        line.row = found[0]
        if found[0].enrolment.pk in seen:
            raise ValidationError(TWICE)
        seen.add(found[0].enrolment.pk)
        return found[0]

    @property
    def faulty(self) -> list[Line]:
        """Return the lines to look at again."""
        return [line for line in [*self.lines, *self.added] if line.fault]


def _touch(line: Line, data: Mapping[str, str]) -> bool:
    """Note what is typed of a line, and tell whether it is anything new."""
    line.typed = (
        data.get(f"presence_{line.key}", "").strip()[:20],
        data.get(f"site_{line.key}", "").strip()[:40],
    )
    line.name = data.get(f"name_{line.key}", "").strip()[:120]
    line.version = _number(data.get(f"version_{line.key}", ""))
    if line.row is None:
        return bool(line.name or line.typed[0])
    was = data.get(f"was_{line.key}", "|")
    is_empty = not line.typed[0] and was.startswith("|")
    return was != "|".join(line.typed) and not is_empty


def _number(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 10 else 0


def said_of(saved: int, faults: int) -> str:
    """Return what the page says once sent."""
    if not saved and not faults:
        return "Aucune ligne n’a changé."
    words = counted(saved, "ligne enregistrée", "lignes enregistrées")
    if not faults:
        return f"{words}."
    return f"{words}, {counted(faults, 'ligne à revoir', 'lignes à revoir')}."
