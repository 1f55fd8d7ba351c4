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
from autoprod.core.fields import sort_key
from autoprod.core.formatting import clock, day, hours
from autoprod.core.pdf import Document, render
from autoprod.core.scoping import Scope
from beneficiaries.documents.sheets import RULE, STYLESHEET, mentions_of, name_on_paper, quality_of
from beneficiaries.enums import Presence
from beneficiaries.models import Attendance, Person
from programmes.models import Session, Site

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
    name = name_on_paper(person)
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
    mentions = mentions_of(scope, programme, session.on)
    times = f"{session.hours} ({hours(session.minutes)})"
    document = Document(
        template="beneficiaries/pdf/attendance_sheet.html",
        # Said again at the top of each page.
        title=f"Feuille de présence du {day(session.on)}",
        subtitle=f"{session}, {day(session.on, weekday=True)}, {session.hours}",
        filename=f"presence-{session.on.isoformat()}-{slugify(sort_key(programme.name))}-{session.pk}",
        audience="interne",
        organisation=programme.territory.controller,
    )
    several = len(groups) > 1
    context = {
        "mentions": mentions,
        "rows": mentions.rows(
            [("Activité", str(session))],
            [("Date", day(session.on, weekday=True)), ("Horaires", times)],
        ),
        "groups": groups,
        "blank_lines": range(BLANK_LINES_PER_SITE if several else BLANK_LINES),
        "several": several,
        "planned": hours(session.minutes),
        "rule": RULE.format(part=" pour la demi-journée"),
        "stylesheets": (STYLESHEET,),
        "leader": session.leader.get_full_name() if session.leader else "",
        "quality": quality_of(session),
    }
    content = render(document, context=context)
    record(scope, Verb.DOCUMENT, session, label=f"Feuille de présence de la séance n° {session.pk}")
    return document, content


def _clock(instant: datetime, session: Session) -> str:
    return clock(instant.astimezone(session.zone))
