"""Somebody's stretches in a session: late, gone early, on another site from an hour on.

One line is one stretch on one site. The version of a row is that of its first line: whatever
changes a stretch changes that line too, so that a page which saw the row before is told so.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import ValidationError

from autoprod.core.scoping import Scope
from beneficiaries.enums import Presence
from beneficiaries.models import Attendance
from beneficiaries.services.attendance import (
    STALE,
    WRONG_SITE,
    Held,
    Tap,
    check_overlap,
    check_version,
    delete,
    hold_lines,
    line_for,
    tick_line,
    write,
)
from beneficiaries.services.rolls import Row, sites_of
from programmes.models import Session, Site

NOT_THEN = "Cette personne n’est pas présente à cette heure-là\u00a0: choisissez une autre heure."
SAME_SITE = "Cette personne est déjà sur ce site à cette heure-là\u00a0: choisissez-en un autre."


@dataclass(frozen=True)
class Stretch:
    """A site, from an instant to another."""

    site: Site
    starts_at: datetime
    ends_at: datetime

    @classmethod
    def of(cls, line: Attendance) -> "Stretch":
        """Return the stretch a line tells."""
        return cls(line.site, line.starts_at, line.ends_at)


def set_hours(*, scope: Scope, session: Session, enrolment: int, tap: Tap) -> Row:
    """Note when somebody came or left and return their row; they are then present.

    The session is held. Of several stretches, those outside these hours are taken away.
    ValidationError names the field at fault, `starts_at` or `ends_at`.
    """
    held = hold_lines(session, enrolment)
    told = replace(tap, status=Presence.PRESENT, reason=None)
    if held.line is None and tap.site is None:
        told = replace(told, site=next(iter(sites_of(session)), None))
    if len(held.own) < 2:
        return tick_line(scope, held, told)
    check_version(held.line, tap.version)
    line_for(session, held.enrolled, told)
    kept = [Stretch.of(one) for one in held.own]
    kept = [one for one in kept if one.ends_at > tap.starts_at and one.starts_at < tap.ends_at]
    kept = kept or [Stretch(held.line.site, tap.starts_at, tap.ends_at)]
    kept[0] = replace(kept[0], starts_at=tap.starts_at)
    kept[-1] = replace(kept[-1], ends_at=tap.ends_at)
    return _rewrite(scope, held, kept)


def change_site(*, scope: Scope, session: Session, enrolment: int, tap: Tap) -> Row:
    """Note that somebody who is there goes to `tap.site` at `tap.starts_at`; return their row.

    The session is held. ValidationError names the field at fault, `site` or `starts_at`.
    """
    held = hold_lines(session, enrolment)
    if held.line is None or held.line.status != Presence.PRESENT:
        raise ValidationError(STALE, code="stale")
    check_version(held.line, tap.version)
    if tap.site not in sites_of(session):
        raise ValidationError({"site": WRONG_SITE})
    stretches = [Stretch.of(one) for one in held.own]
    then = next((one for one in stretches if one.starts_at < tap.starts_at < one.ends_at), None)
    if then is None:
        raise ValidationError({"starts_at": NOT_THEN})
    if then.site == tap.site:
        raise ValidationError({"site": SAME_SITE})
    where = stretches.index(then)
    stretches[where : where + 1] = [
        replace(then, ends_at=tap.starts_at),
        Stretch(tap.site, tap.starts_at, then.ends_at),
    ]
    return _rewrite(scope, held, stretches)


def take_back(*, scope: Scope, session: Session, enrolment: int, version: int | None) -> Row:
    """Take back the last change of site: the site before goes on, and return the row.

    The session is held; without a change there is nothing to take back.
    """
    held = hold_lines(session, enrolment)
    check_version(held.line, version)
    if len(held.own) > 1:
        *kept, before, last = map(Stretch.of, held.own)
        return _rewrite(scope, held, [*kept, replace(before, ends_at=last.ends_at)])
    site = held.line.site if held.line else next(iter(sites_of(session)), None)
    return Row(held.enrolled, site, held.own)


def _rewrite(scope: Scope, held: Held, wanted: list[Stretch]) -> Row:
    """Write these stretches instead of the lines, the first one on the first line.

    A line that says its stretch already stays as it is; the first one changes whatever it says.
    """
    others = [one for one in held.near if one not in held.own]
    kept = {Stretch.of(one): one for one in held.own[1:] if Stretch.of(one) in wanted[1:]}
    delete(scope, [one for one in held.own[1:] if one not in kept.values()])
    lines = []
    for number, stretch in enumerate(wanted):
        if number and stretch in kept:
            lines.append(kept[stretch])
            continue
        line = _line(held, stretch)
        check_overlap(scope, line, others)
        lines.append(write(scope, None if number else held.line, line))
    return Row(held.enrolled, lines[0].site, lines)


def _line(held: Held, stretch: Stretch) -> Attendance:
    """Return the line of a stretch, not saved."""
    tap = Tap(
        status=Presence.PRESENT,
        site=stretch.site,
        starts_at=stretch.starts_at,
        ends_at=stretch.ends_at,
    )
    return line_for(held.session, held.enrolled, tap)
