"""The roll of a session: who is expected, where, and what is already ticked."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery, prefetch_related_objects
from django.utils import timezone

from autoprod.core.periods import Period
from beneficiaries.enums import Part, Presence
from beneficiaries.models import Attendance, Enrolment
from beneficiaries.services.schedule_members import expected_at
from beneficiaries.services.stays import Days, is_paused, pauses_of
from programmes.models import Session, Site

#: Up to so many people, a programme's roll shows everybody who is enrolled.
EVERYBODY = 40
#: In a larger programme, the roll shows who came in these last days of activity, or just entered.
RECENT = timedelta(days=60)


@dataclass(frozen=True)
class Tally:
    """How many people of a session are where; `expected` is everybody on its roll."""

    present: int = 0
    excused: int = 0
    absent: int = 0
    expected: int = 0

    @property
    def waiting(self) -> int:
        """Return how many are still to be ticked."""
        return self.expected - self.present - self.excused - self.absent


@dataclass
class Row:
    """One person of a roll: their lines in the session, none while they are to be ticked."""

    enrolment: Enrolment
    site: Site | None
    lines: list[Attendance] = field(default_factory=list)
    name: str = ""

    @property
    def line(self) -> Attendance | None:
        """Return the line that a tap changes."""
        return self.lines[0] if self.lines else None

    @property
    def status(self) -> str:
        """Return present, excused or absent; empty while the person is to be ticked."""
        return self.line.status if self.line else ""

    @property
    def is_present(self) -> bool:
        """Tell whether the person is there."""
        return self.status == Presence.PRESENT

    @property
    def is_apart(self) -> bool:
        """Tell whether the person is no participant: their hours are not among participants'."""
        return self.enrolment.part != Part.PARTICIPANT

    @property
    def last_site(self) -> Site | None:
        """Return where the person is at last: they may change in the middle of a session."""
        return self.lines[-1].site if self.lines else self.site

    @property
    def minutes(self) -> int:
        """Return the minutes of presence."""
        return sum(line.minutes for line in self.lines)


@dataclass(frozen=True)
class Roll:
    """A session's roll; `others` are the enrolled people it does not show."""

    session: Session
    sites: list[Site]
    rows: list[Row]
    others: list[Row]

    @property
    def tally(self) -> Tally:
        """Return the counts of the roll."""
        return _counted(Counter(row.status for row in self.rows), len(self.rows))

    @property
    def minutes(self) -> int:
        """Return the minutes of presence of the participants."""
        return sum(row.minutes for row in self.rows if not row.is_apart)

    @property
    def minutes_apart(self) -> int:
        """Return the minutes of volunteers, members and trainees."""
        return sum(row.minutes for row in self.rows if row.is_apart)

    @property
    def saved_at(self) -> datetime | None:
        """Return when the last tap was made; None before the first."""
        return max((line.observed_at for row in self.rows for line in row.lines), default=None)

    def row(self, enrolment: int) -> Row | None:
        """Return the row of an enrolment's key, None when the roll does not show it."""
        return next((row for row in self.rows if row.enrolment.pk == enrolment), None)


def state_of(session: Session) -> str:
    """Return « open », « closed », « cancelled », or « future » while it cannot be ticked yet."""
    if session.is_cancelled:
        return "cancelled"
    if session.is_closed:
        return "closed"
    return "open" if session.has_started(timezone.now()) else "future"


def sites_of(session: Session) -> list[Site]:
    """Return the sites where the session takes place, read once per session object.

    A session that names none is held on those of its programme.
    """
    prefetch_related_objects([session], "sites")
    return list(session.sites.all()) or list(Site.objects.used_by(session.programme))


def roll_of(session: Session) -> Roll:
    """Return the roll of a session, sorted by name: see `rolls_of`."""
    return rolls_of([session])[0]


def rolls_of(sessions: Sequence[Session]) -> list[Roll]:
    """Return the roll of each session of one programme, in as many queries for a month as for two.

    Once a session is closed or cancelled, nobody is expected any more: it shows who was ticked.
    A person's site is the one of their line, otherwise of their last presence when the session is
    there too, otherwise the session's first site.

    Who is expected is the list of the session's schedule when it has one that day. Whose stay is
    suspended that day is not expected; they can be added by hand.
    """
    if not sessions:
        return []
    prefetch_related_objects(sessions, "sites")
    days = [session.on for session in sessions]
    period, first = Period(min(days), max(days)), min(one.starts_at for one in sessions)
    lines = _lines_of(sessions)
    ticked = {key for those in lines.values() for key in those}
    stays = list(
        _stays({one.programme_id for one in sessions}, period, ticked=ticked, before=first)
    )
    known = _Known(
        stays=stays,
        names=short_names(stays),
        lines=lines,
        pauses=pauses_of([one.pk for one in stays], period),
        members=expected_at(sessions),
        moves=_moves(stays, first, max(one.starts_at for one in sessions)),
    )
    usual = list(Site.objects.used_by(sessions[0].programme)) if _has_bare(sessions) else []
    return [_roll(session, session.places or usual, known) for session in sessions]


@dataclass(frozen=True)
class _Known:
    """What the rolls of some sessions are made of; `moves` are the (instant, site) of each stay."""

    stays: Sequence[Enrolment]
    names: Mapping[int, str]
    lines: Mapping[int, Mapping[int, list[Attendance]]]
    pauses: Mapping[int, Sequence[Days]]
    members: Mapping[int, frozenset[int]]
    moves: Mapping[int, Sequence[tuple[datetime, int]]]

    def last_site(self, one: Enrolment, before: datetime) -> int | None:
        """Return the site (key) of the last presence before an instant."""
        earlier = [site for at, site in self.moves.get(one.pk, ()) if at < before]
        return earlier[-1] if earlier else one.last_site


def _has_bare(sessions: Sequence[Session]) -> bool:
    """Tell whether a session names no site: it is held on those of its programme."""
    return any(not session.places for session in sessions)


def _moves(
    stays: Sequence[Enrolment], first: datetime, last: datetime
) -> dict[int, list[tuple[datetime, int]]]:
    """Return {stay: the (instant, site) of its presences from an instant to another, excluded}."""
    found = defaultdict(list)
    if first < last:
        rows = Attendance.objects.present().filter(starts_at__gte=first, starts_at__lt=last)
        rows = rows.filter(enrolment__in=[one.pk for one in stays]).order_by("starts_at", "pk")
        for enrolment, at, site in rows.values_list("enrolment", "starts_at", "site"):
            found[enrolment].append((at, site))
    return found


def _roll(session: Session, sites: list[Site], known: _Known) -> Roll:
    lines, by_key = known.lines.get(session.pk, {}), {site.pk: site for site in sites}
    enrolled = [one for one in known.stays if one.pk in lines or is_in(one, session.on)]
    is_over = session.is_closed or session.is_cancelled
    going = _not_paused(enrolled, session.on, known.pauses) if not is_over else []
    members = known.members.get(session.pk)
    expected = expected_among(going, session.on, ticked=lines, members=members)
    shown = set(lines) | {one.pk for one in expected}
    rows = [
        Row(
            enrolment=one,
            name=known.names[one.pk],
            site=_site_of(
                lines.get(one.pk), by_key.get(known.last_site(one, session.starts_at)), sites
            ),
            lines=lines.get(one.pk, []),
        )
        for one in enrolled
    ]
    return Roll(
        session=session,
        sites=sites,
        rows=[row for row in rows if row.enrolment.pk in shown],
        others=[row for row in rows if row.enrolment.pk not in shown],
    )


def row_of(session: Session, enrolment: int) -> Row | None:
    """Return one row of the roll, without a name; None when nobody is enrolled under this key."""
    day = Period(session.on, session.on)
    stays = _stays(
        [session.programme_id], day, ticked=[enrolment], before=session.starts_at
    ).filter(pk=enrolment)
    one = stays.first()
    if one is None:
        return None
    lines = _lines_of([session])[session.pk].get(one.pk, [])
    sites = sites_of(session)
    usual = next((site for site in sites if site.pk == one.last_site), None)
    return Row(enrolment=one, site=_site_of(lines, usual, sites), lines=lines)


def tallies(sessions: Sequence[Session]) -> dict[int, Tally]:
    """Return {key of a session: its counts}, in four queries however many there are.

    Nobody is still expected at a session that is closed or cancelled.
    """
    if not sessions:
        return {}
    ticked = _statuses_of(sessions)
    days = [session.on for session in sessions]
    period = Period(min(days), max(days))
    stays = list(_stays({s.programme_id for s in sessions}, period))
    pauses, members = pauses_of([one.pk for one in stays], period), expected_at(sessions)
    return {
        s.pk: _tally(
            s,
            ticked[s.pk],
            _not_paused([one for one in stays if one.programme_id == s.programme_id], s.on, pauses),
            members.get(s.pk),
        )
        for s in sessions
    }


def _statuses_of(sessions: Sequence[Session]) -> dict[int, dict[int, str]]:
    """Return {session: {enrolment: what its first line says}}, without reading the lines."""
    rows = Attendance.objects.filter(session__in=sessions).order_by("-starts_at", "-pk")
    statuses = defaultdict(dict)
    for session, enrolment, status in rows.values_list("session", "enrolment", "status"):
        statuses[session][enrolment] = status
    return statuses


def _tally(
    session: Session,
    ticked: dict[int, str],
    enrolled: list[Enrolment],
    members: frozenset[int] | None,
) -> Tally:
    expected = set(ticked)
    if not (session.is_closed or session.is_cancelled):
        there = [one for one in enrolled if is_in(one, session.on)]
        among = expected_among(there, session.on, ticked=ticked, members=members)
        expected |= {one.pk for one in among}
    return _counted(Counter(ticked.values()), len(expected))


def _counted(counts: Counter, expected: int) -> Tally:
    return Tally(
        present=counts[Presence.PRESENT],
        excused=counts[Presence.EXCUSED],
        absent=counts[Presence.ABSENT],
        expected=expected,
    )


def _not_paused(
    enrolled: Sequence[Enrolment], on: date, pauses: Mapping[int, Sequence[Days]]
) -> list[Enrolment]:
    return [one for one in enrolled if not is_paused(pauses.get(one.pk, ()), on)]


def expected_among(
    enrolled: Sequence[Enrolment],
    on: date,
    *,
    ticked: Iterable[int],
    members: frozenset[int] | None = None,
) -> list[Enrolment]:
    """Return who is expected on a day: the `members` of a list, or everybody in a small programme.

    In a large one, who is ticked already, who came in the 60 days before, or entered since: 60
    days counted from the last day somebody came, so that nobody is lost over a winter's break.
    """
    if members is not None:
        return [one for one in enrolled if one.pk in members]
    if len(enrolled) <= EVERYBODY:
        return list(enrolled)
    ticked = set(ticked)
    last = max((one.last_on for one in enrolled if one.last_on), default=on)
    since = min(on, last) - RECENT
    return [
        one
        for one in enrolled
        if one.pk in ticked or max(one.last_on or one.entered_on, one.entered_on) >= since
    ]


def _stays(
    programmes: Iterable[int],
    period: Period,
    *,
    ticked: Iterable[int] = (),
    before: datetime | None = None,
) -> QuerySet[Enrolment]:
    """Return the stays of a period and the enrolments ticked, with their last presence.

    `last_on` is its day; `last_site` its site, before an instant when one is given.
    """
    presences = Attendance.objects.present().filter(enrolment=OuterRef("pk"))
    last = presences.order_by("-starts_at", "-pk")
    earlier = last.filter(starts_at__lt=before) if before else last
    begun = Q(entered_on__lte=period.end)
    going_on = Q(left_on=None) | Q(left_on__gte=period.start)
    return (
        Enrolment.objects.filter((begun & going_on) | Q(pk__in=list(ticked)))
        .filter(programme__in=programmes)
        .select_related("person")
        .annotate(
            last_on=Subquery(last.values("on")[:1]),
            last_site=Subquery(earlier.values("site")[:1]),
        )
        .order_by("person__sort_key", "pk")
    )


def is_in(enrolment: Enrolment, on: date) -> bool:
    """Tell whether somebody is in the programme on a day."""
    if enrolment.entered_on is None or enrolment.entered_on > on:
        return False
    return enrolment.left_on is None or enrolment.left_on >= on


def _lines_of(sessions: Sequence[Session]) -> dict[int, dict[int, list[Attendance]]]:
    """Return {session: {enrolment: its lines in order}}, keys all along."""
    lines = defaultdict(lambda: defaultdict(list))
    rows = Attendance.objects.filter(session__in=sessions).select_related("site", "reason")
    for line in rows.order_by("starts_at", "pk"):
        lines[line.session_id][line.enrolment_id].append(line)
    return lines


def _site_of(lines: list[Attendance] | None, usual: Site | None, sites: list[Site]) -> Site | None:
    if lines:
        return lines[0].site
    return usual or next(iter(sites), None)


def short_names(enrolled: Sequence[Enrolment]) -> dict[int, str]:
    """Return {enrolment: « Karim D. »}; whole names where two people would read the same."""
    people = {one.person_id: one.person for one in enrolled}
    used = Counter(person.short_name for person in people.values())
    return {
        one.pk: one.person.short_name if used[one.person.short_name] == 1 else str(one.person)
        for one in enrolled
    }
