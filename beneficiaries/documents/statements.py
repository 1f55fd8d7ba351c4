"""The monthly statement that somebody signs: their days, sites and hours, and three boxes.

Mentions: operation's title (the same on every document) and number, funders, month, days with
their hours and sites, name and signature of the person, of the leader and of the direction; its
code, in letters and as a square, says nothing of anybody.
"""

from collections.abc import Mapping, Sequence
from datetime import date, time

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from autoprod.core.formatting import WEEKDAYS, clock_range, counted, day_and_month, hours, month
from autoprod.core.pdf import Document
from beneficiaries.documents.sheets import Mentions, name_on_paper
from beneficiaries.documents.statement_codes import in_groups, square
from beneficiaries.models import Statement

STYLESHEETS = ("static:css/attendance_sheet.css", "static:css/pdf_statement.css")
#: With more lines than this, they are set closer, so that a full month stands on its page.
ROOMY = 20
#: The pages after the first that carry their square: nobody has so many half-days in a month.
MORE_PAGES = range(2, 6)
#: The frame in which a signature is drawn on a screen, in its own units.
DRAWN_WIDTH, DRAWN_HEIGHT = 900, 300

#: A signature: lines of points.
Strokes = Sequence[Sequence[tuple[int, int]]]


def statement_paper(
    statement: Statement,
    mentions: Mentions,
    *,
    changes: Sequence[str] = (),
    strokes: Strokes = (),
) -> tuple[Document, dict]:
    """Return the paper of a statement and its context, to be rendered alone or in a pile.

    The statement comes with its person and programme; `changes` are the differences with the
    version it replaces, `strokes` what was drawn in the person's box.
    """
    programme = statement.enrolment.programme
    document = Document(
        template="beneficiaries/pdf/statement.html",
        title=title_of(statement),
        filename=f"etat-{statement.pk}-{statement.month:%Y-%m}-v{statement.number}",
        audience="interne",
        organisation=programme.territory.controller,
        fingerprint=statement.fingerprint,
    )
    person = name_on_paper(statement.enrolment.person)
    context = {
        "stylesheets": STYLESHEETS,
        "mentions": mentions,
        "rows": _mention_rows(statement, mentions, person),
        "person": person,
        "code": in_groups(statement.code),
        "square": square(statement.code),
        "squares": [(page, square(statement.code, page)) for page in MORE_PAGES],
        "lines": [told(line) for line in statement.lines],
        "is_long": len(statement.lines) > ROOMY,
        "total": f"{counted(statement.days, 'jour', 'jours')}, {hours(statement.minutes)}",
        "number": statement.number,
        "changes": changes,
        "drawn": drawn(strokes),
    }
    return document, context


def title_of(statement: Statement) -> str:
    """Return « État de présence de mars 2016 », « … d’avril 2016 »; it names nobody."""
    label = month(statement.month)
    return f"État de présence {'d’' if label.startswith(('a', 'o')) else 'de '}{label}"


def _mention_rows(statement: Statement, mentions: Mentions, person: str) -> list[list[tuple]]:
    programme = statement.enrolment.programme
    sites = dict.fromkeys(line["site"] for line in statement.lines)
    return [
        [("NOM Prénom", person)],
        [("Opération", mentions.operation)],
        [("N° de l’opération", mentions.number), ("Action", programme.name)],
        [("Financeurs", mentions.funders)],
        [("Sites", ", ".join(sites))],
    ]


def told(line: Mapping) -> dict:
    """Return the words of a line: its day, its clocks, how long, where, what."""
    on = date.fromisoformat(line["on"])
    return {
        "day": f"{WEEKDAYS[on.weekday()]} {day_and_month(on)}",
        "hours": clocks(line["starts"], line["ends"]),
        "length": hours(line["minutes"]),
        "site": line["site"],
        "title": line["title"],
    }


def clocks(starts: str, ends: str) -> str:
    """Return « 8 h – 12 h » from the two clocks of a line."""
    return clock_range(time.fromisoformat(starts), time.fromisoformat(ends))


def drawn(strokes: Strokes) -> SafeString | str:
    """Return a signature as an SVG; empty without one."""
    if not strokes:
        return ""
    points = ((" ".join(f"{x},{y}" for x, y in stroke),) for stroke in strokes)
    lines = format_html_join("", '<polyline points="{}"/>', points)
    return format_html(
        '<svg class="drawn" viewBox="0 0 {} {}" role="img" fill="none" stroke="#1b2a22" '
        'stroke-width="5" stroke-linecap="round" stroke-linejoin="round">'
        "<title>Signature faite à l’écran</title>{}</svg>",
        DRAWN_WIDTH,
        DRAWN_HEIGHT,
        lines,
    )
