"""What a statement says of a month: a line per presence that counts, and what changed since."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from autoprod.core.fingerprints import fingerprint
from autoprod.core.formatting import day
from autoprod.core.periods import Period
from beneficiaries.documents.statements import clocks
from beneficiaries.models import Attendance, Statement

#: A line, as JSON keeps it: day, site, clocks at the site, minutes, title, and the two rows.
Line = dict[str, object]
#: What somebody signs of a line; its rows may be written again under other keys.
_SAID = ("on", "site", "starts", "ends", "minutes", "title")


def lines_of(enrolments: Iterable[int], month: Period) -> dict[int, list[Line]]:
    """Return {enrolment (key): the lines of its month}, in one query; no name in them."""
    rows = Attendance.objects.counted().in_period(month).filter(enrolment__in=enrolments)
    rows = rows.select_related("site", "session__kind", "session__programme__territory")
    lines = defaultdict(list)
    for row in rows.order_by("starts_at", "pk"):
        lines[row.enrolment_id].append(_line(row))
    return lines


def _line(row: Attendance) -> Line:
    start, end = (at.astimezone(row.session.zone) for at in (row.starts_at, row.ends_at))
    return {
        "on": row.on.isoformat(),
        "site": row.site.name,
        "starts": f"{start:%H:%M}",
        "ends": f"{end:%H:%M}",
        "minutes": row.minutes,
        "title": str(row.session),
        "session": row.session_id,
        "attendance": row.pk,
    }


def said(lines: Iterable[Line]) -> list[tuple]:
    """Return what the lines say, without the keys of their rows."""
    return [tuple(line.get(name) for name in _SAID) for line in lines]


def write(statement: Statement, lines: Sequence[Line]) -> None:
    """Put the lines in a statement, not saved, with their sums and the mark of it all.

    Two sites in one day are one day.
    """
    statement.lines = list(lines)
    statement.days = len({line["on"] for line in lines})
    statement.minutes = sum(line["minutes"] for line in lines)
    statement.fingerprint = fingerprint(
        {
            "code": statement.code,
            "enrolment": statement.enrolment_id,
            "month": statement.month,
            "number": statement.number,
            "lines": said(lines),
        }
    )


def differences(before: Iterable[Line], after: Iterable[Line]) -> list[str]:
    """Return in words the lines that an earlier version said and that are gone, then the new."""
    old, new = said(before), said(after)
    gone = [f"Retiré\u00a0: {in_words(line)}" for line in old if line not in new]
    return gone + [f"Ajouté\u00a0: {in_words(line)}" for line in new if line not in old]


def in_words(line: Sequence) -> str:
    """Return « 14 mars 2016, 8 h – 12 h, Blaise Pascal », of what `said` returns of a line."""
    on, site, starts, ends, *_ = line
    return f"{day(date.fromisoformat(on))}, {clocks(starts, ends)}, {site}"
