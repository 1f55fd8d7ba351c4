"""What a roll says of a row, beside a name: another part, a reason, other hours, how long."""

from autoprod.core.formatting import clock, clock_range, hours
from beneficiaries.enums import Presence
from beneficiaries.models import Attendance
from beneficiaries.services.rolls import Row
from programmes.models import Session


def note_of(row: Row, session: Session) -> str:
    """Return what is said under a name: another part, a reason, other hours than the session's."""
    said = []
    if row.is_apart:
        said.append(row.enrolment.get_part_display().lower())
    if len(row.lines) > 1:
        said += [_stretch(line, session) for line in row.lines]
    elif row.line:
        said.append(note_of_line(row.line, session))
    return " · ".join(filter(None, said))


def note_of_line(line: Attendance, session: Session) -> str:
    """Return « arrivée 9 h », « départ 11 h 30 » or the reason of an absence; empty otherwise."""
    if line.status != Presence.PRESENT:
        return line.reason.label if line.reason else ""
    zone = session.zone
    late, early = line.starts_at > session.starts_at, line.ends_at < session.ends_at
    arrival = f"arrivée {clock(line.starts_at.astimezone(zone))}" if late else ""
    departure = f"départ {clock(line.ends_at.astimezone(zone))}" if early else ""
    return ", ".join(filter(None, [arrival, departure]))


def _stretch(line: Attendance, session: Session) -> str:
    start, end = (at.astimezone(session.zone) for at in (line.starts_at, line.ends_at))
    return f"{line.site.short_name} {clock_range(start, end)}"


def hours_of(row: Row, session: Session) -> str:
    """Return « prévu 4 h » while the session is open, « 4 h » once it is closed, « – » else."""
    if not row.is_present:
        return "–"
    return hours(row.minutes) if session.is_closed else f"prévu {hours(row.minutes)}"
