"""Plannings: the days of a month or of a week, with their sessions and why nothing is held."""

from dataclasses import dataclass, field
from datetime import date, datetime

from autoprod.core.formatting import WEEKDAYS, counted, day_and_month
from autoprod.core.holidays import holiday
from autoprod.core.periods import ONE_DAY, Period
from autoprod.core.scoping import Action, Scope
from programmes.models import ClosedPeriod, Programme, Session
from programmes.services.sessions import state_of

#: A state without an icon of its own is still to come.
TO_COME = "calendar"


@dataclass(frozen=True)
class Line:
    """A session as a day shows it: its state in one word, with its icon."""

    session: Session
    words: str
    tone: str
    icon: str

    @property
    def places(self) -> str:
        """Return « Bl. Pascal, Rôleur »."""
        return ", ".join(site.short_name for site in self.session.places)

    @property
    def more(self) -> list[str]:
        """Return who leads it and how many workshops it holds, those there are."""
        number = self.session.workshop_count
        workshops = counted(number, "atelier", "ateliers") if number else ""
        return list(filter(None, [self.session.leader_name, workshops]))


@dataclass
class Day:
    """One day of a planning; those beside the period only fill their week."""

    on: date
    is_inside: bool
    #: A public holiday by its name, a closed period by its label.
    off: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def label(self) -> str:
        """Return « lundi 23 novembre »."""
        return f"{WEEKDAYS[self.on.weekday()]} {day_and_month(self.on)}"


def weeks_of(scope: Scope, programme: Programme, period: Period, at: datetime) -> list[list[Day]]:
    """Return the weeks that a period touches, each from Monday to Sunday."""
    rows = Session.objects.for_scope(scope, Action.VIEW_SESSIONS).of(programme)
    lines: dict[date, list[Line]] = {}
    for session in rows.in_period(period).described():
        lines.setdefault(session.on, []).append(_line(session, at))
    closed = ClosedPeriod.objects.for_scope(scope, Action.VIEW_SESSIONS).of(programme)
    closed = list(closed.filter(starts_on__lte=period.end, ends_on__gte=period.start))
    days, on = [], Period.week_of(period.start).start
    while on <= period.end or len(days) % 7:
        is_inside = period.contains(on)
        off = _off(on, closed) if is_inside else []
        days.append(Day(on, is_inside, off, lines.get(on, [])))
        on += ONE_DAY
    return [days[first : first + 7] for first in range(0, len(days), 7)]


def empty_weekdays(weeks: list[list[Day]]) -> list[bool]:
    """Return, from Monday to Sunday, whether no week has anything on that day."""
    return [not any(week[number].lines for week in weeks) for number in range(7)]


def _line(session: Session, at: datetime) -> Line:
    state = state_of(session, at)
    # Why it is cancelled is told on its own page.
    words = state.label.partition("\u00a0:")[0]
    return Line(session, words, state.tone, state.icon or TO_COME)


def _off(on: date, closed: list[ClosedPeriod]) -> list[str]:
    """Return why nothing is planned on a day, in the order schedules skip it."""
    labels = [row.label for row in closed if row.starts_on <= on <= row.ends_on]
    named = holiday(on)
    return [*(f"Fermeture\u00a0: {label}" for label in labels), *([named] if named else [])]
