"""What is typed of a presence, a letter or hours, and of a site, its number or its initial."""

import re
from collections.abc import Sequence
from datetime import datetime, time

from django.core.exceptions import ValidationError

from autoprod.core.fields import sort_key
from autoprod.core.formatting import clock
from autoprod.core.periods import ONE_DAY, instant_at
from beneficiaries.enums import Presence
from beneficiaries.services.attendance import Tap
from beneficiaries.services.rolls import Row
from programmes.models import ReferenceCode, Session, Site

NOT_READ = "Tapez P, E, A, ou une heure\u00a0: 9h30, 9h30-11h, -11h."
NO_REASON = "Il n’y a pas de motif {number}\u00a0: voyez la liste au-dessus."
NO_SITE = "Aucun site ne commence par «\u00a0{typed}\u00a0»\u00a0: tapez son numéro."
TWO_SITES = "Plusieurs sites commencent par «\u00a0{typed}\u00a0»\u00a0: tapez son numéro."
NO_HOUR = "Cette heure n’existe pas."
SKIPPED = "Cette heure n’existe pas ce jour-là\u00a0: les pendules passent à l’heure d’été."
LETTERS = {
    "p": Presence.PRESENT,
    "e": Presence.EXCUSED,
    "a": Presence.ABSENT,
    "abs": Presence.ABSENT,
}
_LETTER = re.compile(r"(p|e|abs|a)(\d?)")
_HOUR = r"(\d{1,2})(?:[h:.](\d{2})?|(\d{2}))?"
_HOURS = re.compile(rf"(?:{_HOUR})?(?:[-–](?:{_HOUR}))?")


class Letters:
    """How the lines of a session are typed, and read; sites and reasons are told by number."""

    def __init__(
        self, session: Session, sites: Sequence[Site], reasons: Sequence[ReferenceCode]
    ) -> None:
        """Number the sites and the reasons from 1, in their order."""
        self.session, self.sites, self.reasons = session, list(sites), list(reasons)

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

    def tap(self, presence: str, site: Site | None, version: int) -> Tap:
        """Return what a presence typed asks for; ValidationError when it cannot be read."""
        asked = presence.lower().replace(" ", "").replace("\u00a0", "")
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
            version=version,
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

    def site(self, typed: str) -> Site:
        """Return the site of a number or of the beginning of a name."""
        if typed.isdigit() and 1 <= int(typed) <= len(self.sites):
            return self.sites[int(typed) - 1]
        wanted = sort_key(typed)
        exact = [site for site in self.sites if wanted == sort_key(site.short_name)]
        found = exact or [site for site in self.sites if wanted and _begins(site, wanted)]
        if len(found) != 1:
            raise ValidationError((TWO_SITES if found else NO_SITE).format(typed=typed))
        return found[0]


def _begins(site: Site, wanted: str) -> bool:
    """Tell whether a name of the site begins so, with its article or without."""
    name = sort_key(site.name)
    names = (sort_key(site.short_name), name, re.sub(r"^(les|le|la|l) ", "", name))
    return any(name.startswith(wanted) for name in names)


def _short(at: datetime, session: Session) -> str:
    return clock(at.astimezone(session.zone)).replace("\u00a0", "")
