"""A month's paper sheet as a grid: a row per person, a column per half-day, a letter per cell.

« P2 », « P/2 » or « 9h30/R » say the site where somebody is, when it is not their usual one.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError

from autoprod.core.fields import sort_key
from autoprod.core.formatting import WEEKDAYS, counted, day_and_month
from beneficiaries.enums import Presence
from beneficiaries.forms.typed_letters import NOT_READ, Letters
from beneficiaries.forms.typed_sheets import ADDED, NO_NAME, NOBODY, TWICE
from beneficiaries.models import Enrolment
from beneficiaries.services.rolls import Roll, Row, is_in, state_of
from beneficiaries.services.typed_months import MonthOutcome, TypedCell
from beneficiaries.services.typed_sheets import SEVERAL
from programmes.models import ReferenceCode, Session, Site

#: More cells than the server reads of one form: such a sheet is typed week by week.
MOST_CELLS = 4_500
OUTSIDE = "Cette personne n’est pas dans l’action ce jour-là\u00a0: effacez cette case."
#: Why nothing is typed of a half-day.
STATES = {"closed": "clôturée", "future": "à venir", "cancelled": "annulée"}
_AT_SITE = re.compile(r"(?P<presence>[^/]*?)\s*/\s*(?P<site>.+)|(?P<letter>[pP])\s*(?P<number>\d)")


@dataclass
class Column:
    """One half-day: how it is read and, when nothing is typed of it, why."""

    session: Session
    letters: Letters
    sites: Sequence[Site]
    state: str
    fault: str = ""

    @property
    def day(self) -> str:
        """Return « lun. 16/03 », as on paper."""
        return f"{WEEKDAYS[self.session.on.weekday()][:3]}. {self.session.on:%d/%m}"

    @property
    def words(self) -> str:
        """Return « lun. 16 mars, 8 h – 12 h »."""
        weekday = WEEKDAYS[self.session.on.weekday()][:3]
        return f"{weekday}. {day_and_month(self.session.on)}, {self.session.hours}"

    @property
    def is_open(self) -> bool:
        """Tell whether cells of this half-day are typed."""
        return self.state == "open"

    @property
    def closed_word(self) -> str:
        """Return « clôturée », « à venir »; empty while it is open."""
        return STATES.get(self.state, "")

    def usual(self, site: Site | None) -> Site | None:
        """Return where somebody is who is there without more words: their site, or the first."""
        return site if site in self.sites else next(iter(self.sites), None)


@dataclass
class Cell:
    """One box of the paper: what is stored of it in letters, what is typed instead, its fault."""

    key: str
    column: Column
    row: Row | None = None
    was: str = ""
    version: int = 0
    typed: str | None = None
    fault: str = ""
    #: Why nothing is typed there: « out », « closed », « signed ».
    kept: str = ""

    @property
    def shown(self) -> str:
        """Return what stands in the field."""
        return self.was if self.typed is None else self.typed


@dataclass
class Line:
    """One row of the paper: somebody, where they usually are, their cells."""

    key: str
    label: str = ""
    site: Site | None = None
    cells: Sequence[Cell] = ()
    enrolment: Enrolment | None = None
    name: str = ""
    fault: str = ""
    is_signed: bool = False

    @property
    def faults(self) -> list[Cell]:
        """Return its cells to look at again."""
        return [cell for cell in self.cells if cell.fault]


@dataclass
class TypedMonth:
    """The grid of some rolls; `signed` are the frozen (first, last) days of each enrolment."""

    rolls: Sequence[Roll]
    labels: Mapping[int, str]
    reasons: Sequence[ReferenceCode]
    signed: Mapping[int, Sequence[tuple[date, date]]]
    columns: list[Column] = field(init=False)
    lines: list[Line] = field(init=False)
    added: list[Line] = field(init=False)
    sites: list[Site] = field(init=False)
    others: dict[str, Enrolment] = field(init=False)

    def __post_init__(self) -> None:
        """Lay the paper out: those some roll expects, by name, then the lines left blank."""
        self.sites = list(dict.fromkeys(site for roll in self.rolls for site in roll.sites))
        self.columns = [
            Column(
                roll.session,
                Letters(roll.session, self.sites, self.reasons),
                roll.sites,
                state_of(roll.session),
            )
            for roll in self.rolls
        ]
        shown = {row.enrolment.pk: row.enrolment for roll in self.rolls for row in roll.rows}
        known = shown | {row.enrolment.pk: row.enrolment for r in self.rolls for row in r.others}
        self._rows = [
            {row.enrolment.pk: row for row in (*roll.rows, *roll.others)} for roll in self.rolls
        ]
        people = sorted(shown.values(), key=lambda one: (one.person.sort_key, one.pk))
        self.lines = [self._line(one) for one in people]
        self.others = {self.labels[k]: one for k, one in known.items() if k not in shown}
        self.added = [
            Line(f"plus-{n}", cells=[Cell(_key(c, f"plus-{n}"), c) for c in self.columns])
            for n in range(1, ADDED + 1)
        ]

    @property
    def count(self) -> int:
        """Return how many cells there are."""
        return (len(self.lines) + len(self.added)) * len(self.columns)

    @property
    def is_open(self) -> bool:
        """Tell whether anything can be typed at all."""
        return any(column.is_open for column in self.columns)

    @property
    def was(self) -> str:
        """Return what the page shows of the lines there are, sent back with what is typed."""
        cells = (cell for line in self.lines for cell in line.cells if cell.version)
        return json.dumps({cell.key: [cell.was, cell.version] for cell in cells})

    @property
    def faulty(self) -> list[tuple[Line, Cell]]:
        """Return the cells to look at again, each with its line."""
        return [(line, cell) for line in (*self.lines, *self.added) for cell in line.faults]

    def _line(self, one: Enrolment) -> Line:
        site = next((site for site in self.sites if site.pk == one.last_site), None)
        cells = [self._cell(one, at, site) for at in range(len(self.columns))]
        is_signed = any(cell.kept == "signed" for cell in cells)
        return Line(str(one.pk), self.labels[one.pk], site, cells, one, is_signed=is_signed)

    def _cell(self, one: Enrolment, at: int, site: Site | None) -> Cell:
        column, row = self.columns[at], self._rows[at].get(one.pk)
        cell = Cell(_key(column, one.pk), column, row)
        if row and row.line:
            cell.was, cell.version = self._words(row, column, site), row.line.version
        cell.kept = self._kept(one, column)
        return cell

    def _kept(self, one: Enrolment, column: Column) -> str:
        on = column.session.on
        if any(first <= on <= last for first, last in self.signed.get(one.pk, ())):
            return "signed"
        if not column.is_open:
            return "closed"
        return "" if is_in(one, on) else "out"

    def _words(self, row: Row, column: Column, site: Site | None) -> str:
        """Return « P », or « P2 » and « 9h30/2 » when somebody is not where they usually are."""
        words, place = column.letters.words_of(row), row.line.site
        if row.status != Presence.PRESENT or place == column.usual(site):
            return words
        number = self.sites.index(place) + 1 if place in self.sites else place.short_name
        return f"{words}{number}" if words == "P" and place in self.sites else f"{words}/{number}"

    def read(self, data: Mapping[str, str]) -> list[TypedCell]:
        """Return what is asked of the cells that were touched; a fault is told on its cell."""
        was, found, seen = _was(data.get("was", "")), [], set()
        for line in (*self.lines, *self.added):
            touched = [cell for cell in line.cells if not cell.kept and _touch(cell, data, was)]
            if not line.label:
                line.name = data.get(f"name_{line.key}", "").strip()[:120]
                touched = self._added(line, touched, seen)
            for cell in touched:
                try:
                    found.append(self._typed(line, cell))
                except ValidationError as error:
                    cell.fault = " ".join(error.messages)
        return found

    def _added(self, line: Line, touched: list[Cell], seen: set[int]) -> list[Cell]:
        """Find who is added by hand, and return the cells to read: none when nobody is found."""
        if not touched:
            return []
        wanted = sort_key(line.name)
        found = [one for label, one in self.others.items() if sort_key(label) == wanted]
        if len(found) != 1 or found[0].pk in seen:
            line.fault = NO_NAME if not line.name else TWICE if len(found) == 1 else NOBODY
            touched[0].fault = line.fault
            return []
        seen.add(found[0].pk)
        line.enrolment = found[0]
        line.site = next((site for site in self.sites if site.pk == found[0].last_site), None)
        return touched

    def _typed(self, line: Line, cell: Cell) -> TypedCell:
        column, enrolment = cell.column, line.enrolment
        if not is_in(enrolment, column.session.on):
            raise ValidationError(OUTSIDE)
        asked = (column.session.pk, enrolment.pk)
        if not cell.typed:
            return TypedCell(*asked, None, cell.version)
        presence, site = self._at_site(cell.typed, column, column.usual(line.site))
        tap = column.letters.tap(presence, site, cell.version)
        if cell.row and len(cell.row.lines) > 1 and tap.status == Presence.PRESENT:
            raise ValidationError(SEVERAL)
        return TypedCell(*asked, tap, cell.version)

    def _at_site(self, typed: str, column: Column, usual: Site | None) -> tuple[str, Site | None]:
        """Return what is typed of the presence alone, and the site."""
        parts = _AT_SITE.fullmatch(typed)
        if parts is None:
            return typed, usual
        site = column.letters.site(parts["site"] or parts["number"])
        presence = parts["letter"] or parts["presence"]
        if not presence:
            raise ValidationError(NOT_READ)
        return presence, site

    def tell(self, outcome: MonthOutcome) -> None:
        """Note on each cell why the base did not take it."""
        for line in (*self.lines, *self.added):
            for cell in line.cells if line.enrolment else ():
                asked = (cell.column.session.pk, line.enrolment.pk)
                cell.fault = cell.fault or outcome.faults.get(asked, "")

    @property
    def refused(self) -> set[int]:
        """Return the half-days (keys) where a cell is to look at again."""
        return {cell.column.session.pk for _, cell in self.faulty}

    def keep(self, sent: "TypedMonth") -> None:
        """Show again what was typed of the half-days that are not written, with their faults."""
        cells = {cell.key: cell for line in (*self.lines, *self.added) for cell in line.cells}
        refused = sent.refused
        for old in (*sent.lines, *sent.added):
            stuck = [c for c in old.cells if c.column.session.pk in refused and c.typed is not None]
            for cell in stuck:
                if cell.key in cells and not cells[cell.key].kept:
                    cells[cell.key].typed, cells[cell.key].fault = cell.typed, cell.fault
            new = next((line for line in self.added if line.key == old.key), None)
            if new and stuck:
                new.name, new.fault = old.name, old.fault
        for column in self.columns:
            faults = [c for _, c in self.faulty if c.column is column]
            if faults:
                column.fault = "non enregistrée"


def _key(column: Column, row: int | str) -> str:
    return f"{column.session.pk}_{row}"


def _touch(cell: Cell, data: Mapping[str, str], was: Mapping[str, tuple[str, int]]) -> bool:
    """Note what is typed of a cell, and tell whether it is anything new."""
    typed = data.get(f"c_{cell.key}", "").strip()[:20]
    seen, cell.version = was.get(cell.key, ("", 0))
    if typed == seen:
        return False
    cell.typed = typed
    return True


def _was(text: str) -> dict[str, tuple[str, int]]:
    """Return what the page showed, by cell; nothing of what is no such thing."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    pairs = found.items() if isinstance(found, dict) else ()
    return {key: tuple(pair) for key, pair in pairs if _is_pair(pair)}


def _is_pair(pair: object) -> bool:
    if not isinstance(pair, list) or len(pair) != 2:
        return False
    return isinstance(pair[0], str) and isinstance(pair[1], int)


def without_faults(cells: Iterable[TypedCell], refused: set[int]) -> list[TypedCell]:
    """Return the cells of the half-days that may be written whole."""
    return [cell for cell in cells if cell.session not in refused]


def said_of(saved: int, faults: int) -> str:
    """Return what the page says once sent."""
    if not saved and not faults:
        return "Aucune case n’a changé."
    if not saved:
        return f"Rien n’est encore enregistré, {counted(faults, 'case', 'cases')} à revoir."
    words = counted(saved, "présence enregistrée", "présences enregistrées")
    if not faults:
        return f"{words}."
    return f"{words}, {counted(faults, 'case à revoir', 'cases à revoir')}."
