"""Calendars as iCalendar files (RFC 5545): events at instants written in UTC, or on whole days."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

CALENDAR_TYPE = "text/calendar; charset=utf-8"
#: A line of the format holds so many octets (RFC 5545, 3.1).
LONGEST_LINE = 75


@dataclass(frozen=True)
class Event:
    """One event; `starts` and `ends` are two instants, or two days of which the last is left out.

    `uid` never changes; `sequence` grows each time the event does. A date has no clock, so an
    appointment without an hour takes the whole day.
    """

    uid: str
    sequence: int
    starts: datetime | date
    ends: datetime | date
    summary: str
    location: str = ""
    description: str = ""
    category: str = ""
    url: str = ""
    is_cancelled: bool = False
    is_private: bool = False


def written(
    events: Iterable[Event], *, made_at: datetime, name: str = "", refreshed: str = ""
) -> bytes:
    """Return the events as a calendar made at an instant.

    `name` is what a calendar is called where it is subscribed to, `refreshed` how often to read it
    again (« PT1H »): RFC 7986, and the names that came before it.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Autoprod//Agenda//FR"]
    if name:
        lines += [f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}"]
    if refreshed:
        lines += [f"REFRESH-INTERVAL;VALUE=DURATION:{refreshed}", f"X-PUBLISHED-TTL:{refreshed}"]
    for event in events:
        lines += _lines(event, made_at)
    lines.append("END:VCALENDAR")
    return "".join(f"{piece}\r\n" for line in lines for piece in _folded(line)).encode()


def _lines(event: Event, made_at: datetime) -> list[str]:
    told = {
        "SUMMARY": _text(event.summary),
        "LOCATION": _text(event.location),
        "DESCRIPTION": _text(event.description),
        "CATEGORIES": _text(event.category),
        "URL": event.url,
        "STATUS": "CANCELLED" if event.is_cancelled else "",
        "CLASS": "PRIVATE" if event.is_private else "",
    }
    return [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTAMP:{_instant(made_at)}",
        _bound("DTSTART", event.starts),
        _bound("DTEND", event.ends),
        *(f"{name}:{value}" for name, value in told.items() if value),
        "END:VEVENT",
    ]


def _bound(name: str, at: datetime | date) -> str:
    if isinstance(at, datetime):
        return f"{name}:{_instant(at)}"
    return f"{name};VALUE=DATE:{at:%Y%m%d}"


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    """Return words as the format holds them: its own marks escaped, no other control character."""
    for mark in "\\;,":
        words = words.replace(mark, f"\\{mark}")
    return "\\n".join(
        "".join(c for c in line if unicodedata.category(c) != "Cc") for line in words.splitlines()
    )


def _folded(line: str) -> Iterator[str]:
    """Cut a line so that no piece is too long in octets; the next ones start with a space."""
    if len(line.encode()) <= LONGEST_LINE:
        yield line
        return
    piece, size = "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > LONGEST_LINE:
            yield piece
            piece, size = " ", 1
        piece, size = piece + character, size + octets
    yield piece
