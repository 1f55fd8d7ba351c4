"""What is typed of a paper sheet: a letter or hours per person, a site by its initial or number."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.core.exceptions import ValidationError

from autoprod.core.fields import sort_key
from autoprod.core.formatting import clock, counted
from autoprod.core.periods import ONE_DAY, instant_at
from beneficiaries.enums import Presence
from beneficiaries.services.attendance import Tap
from beneficiaries.services.rolls import Roll, Row
from beneficiaries.services.typed_sheets import SEVERAL, Typed
from programmes.models import ReferenceCode, Session, Site

NOT_READ = "Tapez P, E, A, ou une heure\u00a0: 9h30, 9h30-11h, -11h."
NO_REASON = "Il n’y a pas de motif {number}\u00a0: voyez la liste au-dessus."
NO_SITE = "Aucun site ne commence par «\u00a0{typed}\u00a0»\u00a0: tapez son numéro."
TWO_SITES = "Plusieurs sites commencent par «\u00a0{typed}\u00a0»\u00a0: tapez son numéro."
NO_HOUR = "Cette heure n’existe pas."
SKIPPED = "Cette heure n’existe pas ce jour-là\u00a0: les pendules passent à l’heure d’été."
NOBODY = "Personne de ce nom à ajouter\u00a0: choisissez dans la liste, ou inscrivez-la d’abord."
NO_NAME = "Écrivez d’abord le nom."
TWICE = "Cette personne est déjà sur une autre ligne."
#: Lines to add by hand: those left blank on paper.
ADDED = 3
LETTERS = {
    "p": Presence.PRESENT,
    "e": Presence.EXCUSED,
    "a": Presence.ABSENT,
    "abs": Presence.ABSENT,
}
_LETTER = re.compile(r"(p|e|abs|a)(\d?)")
_HOUR = r"(\d{1,2})(?:[h:.](\d{2})?|(\d{2}))?"
_HOURS = re.compile(rf"(?:{_HOUR})?(?:[-–](?:{_HOUR}))?")


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
            presence=self.words_of(row),
            site=row.site.short_name if row.site else "",
            version=row.line.version if row.line else 0,
            is_kept=key in signed,
        )

    def words_of(self, row: Row) -> str:
        """Return « P », « E2 », « A », « 9h30-11h »: what would be typed to say what is stored."""
        if not row.line:
            return ""
        if row.status == Presence.ABSENT:
            return "A"
        if row.status == Presence.EXCUSED:
            keys = [reason.pk for reason in self.reasons]
            known = row.line.reason_id in keys
            return f"E{keys.index(row.line.reason_id) + 1}" if known else "E"
        first, last = row.lines[0].starts_at, row.lines[-1].ends_at
        start = "" if first == self.session.starts_at else _short(first, self.session)
        end = "" if last == self.session.ends_at else f"-{_short(last, self.session)}"
        return f"{start}{end}" or "P"

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
        tap = self._tap(line, row)
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

    def _tap(self, line: Line, row: Row) -> Tap:
        asked = line.typed[0].lower().replace(" ", "").replace("\u00a0", "")
        site = self._site(line.typed[1]) if line.typed[1] else row.site
        session = self.session
        if letter := _LETTER.fullmatch(asked):
            status = LETTERS[letter[1]]
            whole = (session.starts_at, session.ends_at) if status == Presence.PRESENT else ()
            start, end = whole or (None, None)
            reason = self._reason(status, letter[2])
        elif asked and (hours := _HOURS.fullmatch(asked)):
            status, reason = Presence.PRESENT, None
            start = self._instant(hours[1], hours[2] or hours[3]) or session.starts_at
            end = self._instant(hours[4], hours[5] or hours[6], after=start) or session.ends_at
        else:
            raise ValidationError(NOT_READ)
        return Tap(
            status=status,
            site=site,
            reason=reason,
            starts_at=start,
            ends_at=end,
            version=line.version,
        )

    def _reason(self, status: str, number: str) -> ReferenceCode | None:
        if not number:
            return None
        if status != Presence.EXCUSED:
            raise ValidationError(NOT_READ)
        if not 1 <= int(number) <= len(self.reasons):
            raise ValidationError(NO_REASON.format(number=number))
        return self.reasons[int(number) - 1]

    def _instant(
        self, hour: str | None, minute: str | None, *, after: datetime | None = None
    ) -> datetime | None:
        """Return the instant of the session at an hour of its clocks, None for no hour."""
        if hour is None:
            return None
        try:
            shown = time(int(hour), int(minute or 0))
        except ValueError as error:
            raise ValidationError(NO_HOUR) from error
        first, found = after or self.session.starts_at, []
        for day in (self.session.on, self.session.on + ONE_DAY):
            try:
                found.append(instant_at(day, shown, self.session.zone))
            except ValueError as error:
                raise ValidationError(SKIPPED) from error
        inside = [at for at in found if first <= at <= self.session.ends_at]
        return (inside or found)[0]

    def _site(self, typed: str) -> Site:
        """Return the site of a number or of the beginning of a name."""
        if typed.isdigit() and 1 <= int(typed) <= len(self.sites):
            return self.sites[int(typed) - 1]
        wanted = sort_key(typed)
        exact = [site for site in self.sites if wanted == sort_key(site.short_name)]
        found = exact or [site for site in self.sites if wanted and _begins(site, wanted)]
        if len(found) != 1:
            raise ValidationError((TWO_SITES if found else NO_SITE).format(typed=typed))
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


def _begins(site: Site, wanted: str) -> bool:
    """Tell whether a name of the site begins so, with its article or without."""
    name = sort_key(site.name)
    names = (sort_key(site.short_name), name, re.sub(r"^(les|le|la|l) ", "", name))
    return any(name.startswith(wanted) for name in names)


def _short(at: datetime, session: Session) -> str:
    return clock(at.astimezone(session.zone)).replace("\u00a0", "")


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
