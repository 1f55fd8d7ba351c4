"""The sheet that everybody signs: what a funder's controller must find on it, and room to sign.

Mentions: operation's title (the same on every document) and number, funders, site, date, times,
activity, name and signature of each, name, quality and signature of the leader, duration.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import slugify

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import clock, clock_range, day, hours
from autoprod.core.pdf import Document, render
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import Presence
from beneficiaries.models import Attendance, Person
from programmes.enums import PartnerRole
from programmes.models import Edition, Partnership, Session, Site

STYLESHEET = "static:css/attendance_sheet.css"
#: Lines left blank for people nobody expected: on the only table, or on each of several.
BLANK_LINES, BLANK_LINES_PER_SITE = 4, 2


@dataclass(frozen=True)
class SheetLine:
    """One person on the sheet; `absence` fills and strikes the boxes of who did not come."""

    name: str
    arrival: str = ""
    departure: str = ""
    absence: str = ""


def sheet_line(person: Person, lines: Sequence[Attendance], session: Session) -> SheetLine:
    """Return « DUPONT Karim » with what is already ticked of them.

    Never why somebody is absent: the sheet goes from hand to hand.
    """
    name = f"{(person.usual_name or person.last_name).upper()} {person.first_name}"
    if not lines:
        return SheetLine(name)
    first, last = lines[0], lines[-1]
    if first.status == Presence.PRESENT:
        return SheetLine(
            name,
            arrival=_clock(first.starts_at, session),
            departure=_clock(last.ends_at, session),
        )
    return SheetLine(name, absence="ABS · excusé" if first.status == Presence.EXCUSED else "ABS")


def attendance_sheet(
    scope: Scope, session: Session, groups: Sequence[tuple[Site | None, Sequence[SheetLine]]]
) -> tuple[Document, bytes]:
    """Return the sheet of a session and its PDF: one table per site, boxes to sign, blank lines.

    It holds names: for whoever takes the roll only.
    """
    programme = session.programme
    editions = Edition.objects.for_scope(scope, Action.VIEW_FRAME).of(programme)
    edition = editions.covering(session.on).first()
    start, end = (at.astimezone(session.zone) for at in (session.starts_at, session.ends_at))
    document = Document(
        template="beneficiaries/pdf/attendance_sheet.html",
        # Said again at the top of each page.
        title=f"Feuille de présence du {day(session.on)}",
        subtitle=f"{session}, {day(session.on, weekday=True)}, {clock_range(start, end)}",
        filename=f"presence-{session.on.isoformat()}-{slugify(programme.name)}-{session.pk}",
        audience="interne",
        organisation=programme.territory.controller,
    )
    several = len(groups) > 1
    context = {
        "mentions": _mentions(scope, session, edition, clock_range(start, end)),
        "groups": groups,
        "blank_lines": range(BLANK_LINES_PER_SITE if several else BLANK_LINES),
        "several": several,
        "planned": hours(session.minutes),
        "sheet_stylesheet": STYLESHEET,
        "leader": session.leader.get_full_name() if session.leader else "",
    }
    content = render(document, context=context)
    record(scope, Verb.DOCUMENT, session, label=f"Feuille de présence de la séance n° {session.pk}")
    return document, content


def _mentions(
    scope: Scope, session: Session, edition: Edition | None, times: str
) -> list[tuple[str, str]]:
    """Return the (label, value) pairs above the table; an unknown one is left blank to write."""
    links = Partnership.objects.for_scope(scope, Action.VIEW_FRAME).of(session.programme)
    funders = links.active(session.on).filter(role=PartnerRole.FUNDER)
    names = [link.organisation.name for link in funders.select_related("organisation")]
    title = edition.operation_title if edition else ""
    return [
        ("Opération", title or session.programme.name),
        ("Financeurs", ", ".join(dict.fromkeys(names))),
        ("N° de l’opération", edition.operation_number if edition else ""),
        ("Activité", str(session)),
        ("Date", day(session.on, weekday=True)),
        ("Horaires", f"{times} ({hours(session.minutes)})"),
    ]


def _clock(instant: datetime, session: Session) -> str:
    return clock(instant.astimezone(session.zone))
