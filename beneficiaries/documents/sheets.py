"""What every sheet to sign says alike, and the sheets of several half-days or of a meeting.

The operation's title and number are the convention's own words, the same on every sheet and at the
top of each of its pages; with them the funders, and the European emblem when they ask for it,
that each page after the first says in words (regulation (EU) 2021/1060, article 47 and annex IX).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.text import slugify

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.fields import sort_key
from autoprod.core.formatting import SPACE, WEEKDAYS, clock_range, day, hours, month
from autoprod.core.pdf import Document, render
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import Presence
from beneficiaries.models import Attendance, Person
from programmes.access import holders
from programmes.enums import PartnerRole, Role
from programmes.models import Edition, Partnership, Programme, Session, Site

STYLESHEET = "static:css/attendance_sheet.css"
GRID_STYLESHEET = "static:css/attendance_grid.css"
EMBLEM = "static:img/europe.svg"
COFUNDED = "Cofinancé par l’Union européenne"
#: The kind of an organisation that pays with European funds.
EUROPEAN = "europe"
#: Boxes of 20 mm, wide enough to sign, beside the names on a landscape page.
COLUMNS = 10
#: Half-days that stand on a portrait page.
PORTRAIT_COLUMNS = 3
BLANK_LINES, COLLECTIVE_LINES, NAMELESS_LINES = 3, 6, 38
#: What is written under the table.
RULE = (
    "Chacun signe sa ligne{part}. Une correction se paraphe. La ligne d’un absent est barrée "
    "«\u00a0ABS\u00a0», jamais laissée vide."
)
#: What somebody who signs for a session is, the most usual first.
QUALITIES = (Role.WORKSHOP_LEADER, Role.SOCIAL_WORKER, Role.PROGRAMME_MANAGER)


@dataclass(frozen=True)
class Mentions:
    """What a funder's controller must find on every sheet of an operation."""

    operation: str
    number: str
    funders: str
    is_european: bool

    @property
    def running(self) -> str:
        """Return what stands at the top of each page after the first: nothing is left to page 1."""
        number = f"n°{SPACE}{self.number}" if self.number else ""
        funders = f"Financeurs\u00a0: {self.funders}" if self.funders else ""
        said = (self.operation, number, funders, COFUNDED if self.is_european else "")
        return " · ".join(filter(None, said))

    def rows(self, *facts: Sequence[tuple[str, str]], together: bool = False) -> list[list]:
        """Return the (label, value) pairs above the table, by row of one or two; then `facts`.

        `together` puts the title and the number on one row: on a page wide enough.
        """
        title, number = ("Opération", self.operation), ("N° de l’opération", self.number)
        first = [[title, number]] if together else [[title], [number]]
        return [*first, [("Financeurs", self.funders)], *(list(row) for row in facts)]

    @property
    def emblem(self) -> str:
        """Return the emblem to print, empty when no European fund pays."""
        return EMBLEM if self.is_european else ""


def mentions_of(scope: Scope, programme: Programme, on: date) -> Mentions:
    """Return what every sheet of a programme says on a day; what is unknown stays empty."""
    editions = Edition.objects.for_scope(scope, Action.VIEW_FRAME).of(programme)
    edition = editions.covering(on).first()
    links = Partnership.objects.for_scope(scope, Action.VIEW_FRAME).of(programme)
    links = links.active(on).filter(role=PartnerRole.FUNDER)
    funders = [link.organisation for link in links.select_related("organisation__kind")]
    return Mentions(
        operation=(edition.operation_title if edition else "") or programme.name,
        number=edition.operation_number if edition else "",
        funders=", ".join(dict.fromkeys(funder.name for funder in funders)),
        is_european=any(funder.kind.code == EUROPEAN for funder in funders),
    )


def quality_of(session: Session) -> str:
    """Return what the leader of a session is that day in the programme; empty when unknown."""
    for role in QUALITIES:
        found = holders([session.programme], [role], on=session.on)
        if session.leader_id and found.filter(pk=session.leader_id).exists():
            return role.label
    return ""


def name_on_paper(person: Person) -> str:
    """Return « DUPONT Karim »."""
    return f"{(person.usual_name or person.last_name).upper()} {person.first_name}"


@dataclass(frozen=True)
class Box:
    """Where somebody signs for a half-day: what is already known of it.

    `absence` strikes the box; `is_out` says that nobody waits for them; `words` are the hours that
    are not the session's; `site` where they are.
    """

    site: str = ""
    words: str = ""
    absence: str = ""
    is_out: bool = False


def box(lines: Sequence[Attendance], session: Session) -> Box:
    """Return the box of somebody ticked; never why somebody is absent."""
    if lines[0].status != Presence.PRESENT:
        return Box(absence="ABS exc." if lines[0].status == Presence.EXCUSED else "ABS")
    whole = (session.starts_at, session.ends_at)
    start, end = lines[0].starts_at, lines[-1].ends_at
    zone = session.zone
    words = clock_range(start.astimezone(zone), end.astimezone(zone))
    sites = dict.fromkeys(line.site.short_name for line in lines)
    return Box(site=" + ".join(sites), words="" if (start, end) == whole else words)


@dataclass(frozen=True)
class Line:
    """One person of the table: their boxes in the order of the half-days, their hours if known."""

    name: str
    boxes: Sequence[Box]
    site: str = ""
    total: str = ""


@dataclass(frozen=True)
class Column:
    """One half-day: its day, its hours, what is done, who leads it."""

    day: str
    hours: str
    activity: str
    leader: str
    quality: str
    week: tuple[int, int]
    length: str


def _column(session: Session, qualities: dict[int | None, str]) -> Column:
    leader = session.leader
    if session.leader_id not in qualities:
        qualities[session.leader_id] = quality_of(session)
    return Column(
        day=f"{WEEKDAYS[session.on.weekday()][:3]}. {session.on:%d/%m}",
        hours=session.hours,
        activity=str(session),
        leader=leader.get_full_name() if leader else "",
        quality=qualities[session.leader_id],
        week=session.on.isocalendar()[:2],
        length=hours(session.minutes),
    )


@dataclass(frozen=True)
class Block:
    """The half-days that stand side by side on a page, and everybody's boxes for them."""

    columns: Sequence[Column]
    lines: Sequence[Line]
    has_total: bool
    blanks: Sequence[int] = field(default_factory=lambda: range(BLANK_LINES))

    @property
    def width(self) -> int:
        """Return how many columns the table has."""
        return 1 + len(self.columns) + self.has_total


def blocks_of(columns: Sequence[Column], lines: Sequence[Line], *, has_total: bool) -> list[Block]:
    """Cut a table too wide for a page: whole weeks together while they fit, a long week in two."""
    pieces: list[list[int]] = []
    for index, column in enumerate(columns):
        week = [at for at, other in enumerate(columns) if other.week == column.week]
        begins = index == week[0]
        room = COLUMNS - len(pieces[-1]) if pieces else 0
        if room < (min(len(week), COLUMNS) if begins else 1):
            pieces.append([])
        pieces[-1].append(index)
    last = len(pieces) - 1
    return [
        Block(
            columns=[columns[at] for at in piece],
            lines=[replace(line, boxes=[line.boxes[at] for at in piece]) for line in lines],
            has_total=has_total and number == last,
        )
        for number, piece in enumerate(pieces)
    ]


def table_sheet(
    scope: Scope, period: Period, sessions: Sequence[Session], lines: Sequence[Line]
) -> tuple[Document, bytes]:
    """Return the sheet of the half-days of a period, not empty, and its PDF: one box for each.

    It holds names: for whoever takes the roll only.
    """
    programme = sessions[0].programme
    one_day = period.days == 1
    orientation = "portrait" if len(sessions) <= PORTRAIT_COLUMNS else "landscape"
    document = Document(
        template="beneficiaries/pdf/attendance_grid.html",
        title=f"Feuille de présence {_when(period)}",
        subtitle=programme.name,
        filename=f"presences-{period.slug}-{slugify(sort_key(programme.name))}",
        audience="interne",
        orientation=orientation,
        organisation=programme.territory.controller,
    )
    qualities: dict[int | None, str] = {}
    columns = [_column(session, qualities) for session in sessions]
    mentions = mentions_of(scope, programme, sessions[0].on)
    facts = [("Sites", _places(sessions))], [_dates(sessions, one_day)]
    context = {
        "mentions": mentions,
        "rows": mentions.rows(*facts, together=orientation == "landscape"),
        "blocks": blocks_of(columns, lines, has_total=not one_day),
        "stylesheets": (STYLESHEET, GRID_STYLESHEET),
        "is_narrow": orientation == "portrait",
    }
    content = render(document, context=context)
    label = f"Feuille de présence de l’action n° {programme.pk}, {period.slug}"
    record(scope, Verb.DOCUMENT, programme, label=label)
    return document, content


def _when(period: Period) -> str:
    if period.days == 1:
        return f"du {day(period.start, weekday=True)}"
    if period.kind == Kind.MONTH:
        name = month(period.start)
        return f"d’{name}" if name[0] in "ao" else f"de {name}"
    return period.label


def _dates(sessions: Sequence[Session], one_day: bool) -> tuple[str, str]:
    """Return the days, or the hours of the only one, with how many half-days they make."""
    if one_day:
        said = (f"{one.hours} ({hours(one.minutes)})" for one in sessions)
        return "Horaires", "\u00a0; ".join(said)
    first, last = (day(sessions[at].on, weekday=True) for at in (0, -1))
    number = len(sessions)
    half_days = "demi-journées" if number > 1 else "demi-journée"
    return "Dates", f"{number}{SPACE}{half_days}, du {first} au {last}"


def _places(sessions: Iterable[Session]) -> str:
    """Return the sites of some sessions, with their addresses, once each."""
    sites = dict.fromkeys(site for session in sessions for site in session.places)
    return "\u00a0; ".join(_place(site) for site in sites)


def _place(site: Site) -> str:
    return ", ".join(filter(None, [site.name, site.address, site.city]))


def collective_sheet(
    scope: Scope, session: Session, names: Sequence[str]
) -> tuple[Document, bytes]:
    """Return the sheet of a meeting or an event and its PDF: one line and one signature each.

    Without names it is for whoever comes: nobody is told to anybody.
    """
    programme = session.programme
    document = Document(
        template="beneficiaries/pdf/attendance_collective.html",
        title=f"Feuille d’émargement du {day(session.on)}",
        subtitle=f"{session}, {day(session.on, weekday=True)}, {session.hours}",
        filename=f"emargement-{session.on.isoformat()}-{session.pk}",
        audience="interne",
        organisation=programme.territory.controller,
    )
    mentions = mentions_of(scope, programme, session.on)
    times = f"{session.hours} ({hours(session.minutes)})"
    context = {
        "mentions": mentions,
        "rows": mentions.rows(
            [("Objet", str(session))],
            [("Lieu", _places([session]))],
            [("Date", day(session.on, weekday=True)), ("Horaires", times)],
        ),
        "names": [*names, *[""] * (COLLECTIVE_LINES if names else NAMELESS_LINES)],
        "leader": session.leader.get_full_name() if session.leader else "",
        "quality": quality_of(session),
        "planned": hours(session.minutes),
        "rule": RULE.format(part=""),
        "stylesheets": (STYLESHEET,),
    }
    content = render(document, context=context)
    label = f"Feuille d’émargement de la séance n° {session.pk}"
    record(scope, Verb.DOCUMENT, session, label=label)
    return document, content
