"""The demo's statements: each month signed a few days after it ended, the last one still to close.

A few are closed without a signature, one was opened again, some were contested. They are written
after the presences that they freeze; what somebody did with one meanwhile stays as they left it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F
from django.utils import timezone

from autoprod.accounts.models import User
from autoprod.core.periods import Kind, Period
from beneficiaries.enums import Part, SigningWay, StatementState
from beneficiaries.management.demo.lots import draw, lot
from beneficiaries.management.demo.persons import codes
from beneficiaries.models import Attendance, Enrolment, Statement, StatementObjection
from beneficiaries.services.statement_codes import new_code
from beneficiaries.services.statement_lines import Line, lines_of, write
from programmes.management.demo.sessions import LEADER
from programmes.models import Programme, ReferenceCode, Session

#: Of the last month, how many have signed, how many have their paper; the others have none yet.
_SIGNED, _PREPARED = 0.6, 0.85
#: How often somebody signs on the screen, by a mark, is read to, never signs; leaves without news.
_ON_SCREEN, _MARK, _ALOUD, _UNSIGNED, _GONE = 0.12, 0.05, 0.1, 0.015, 0.5
_REFUSALS = ("hospitalise", "refuse", "empeche")
_DAYS_TO_SIGN = 5
_BATCH = 200
_CONTESTED = "J’étais là aussi l’après-midi, je suis resté jusqu’à la fin."
_ANSWER = "Vérifié avec l’encadrant sur la feuille du jour\u00a0: départ à midi."
_REOPENED = "Une demi-journée oubliée, retrouvée sur la feuille de papier."


@dataclass(frozen=True)
class _Day:
    """What every statement of a load is written with."""

    on: date
    by: User
    reasons: Mapping[str, ReferenceCode]


def load(*, programme: Programme, on: date) -> None:
    """Create the missing statements of the months that are over, and move the others on."""
    day = _Day(on, User.objects.get(email=LEADER), codes("unsigned_reasons"))
    rows = Statement.objects.in_force().filter(enrolment__programme=programme)
    there = {(row.enrolment_id, row.month): row for row in rows.order_by("pk")}
    last = Period.containing(on, Kind.MONTH).previous()
    for month, enrolments in _came(programme, last).items():
        _settle(there, month, last, day)
        made = _made(there, enrolments, month, month == last, day)
        Statement.objects.bulk_create([row for row in made if row.pk is None], batch_size=_BATCH)
        _contest(made, month, month == last, day)
    _move_on(there.values(), last, day)
    _hold_sessions(programme)


def _came(programme: Programme, last: Period) -> dict[Period, list[Enrolment]]:
    """Return the participants who came in each month up to the last one, in order."""
    rows = Attendance.objects.counted().filter(
        session__programme=programme, enrolment__part=Part.PARTICIPANT, on__lte=last.end
    )
    pairs = {(on.replace(day=1), key) for key, on in rows.values_list("enrolment", "on")}
    enrolments = Enrolment.objects.select_related("person").in_bulk({key for _, key in pairs})
    found: dict[Period, list[Enrolment]] = {}
    for first, key in sorted(pairs):
        month = Period.containing(first, Kind.MONTH)
        found.setdefault(month, []).append(enrolments[key])
    return found


def _made(
    there: Mapping, enrolments: Sequence[Enrolment], month: Period, is_last: bool, day: _Day
) -> list[Statement]:
    """Return the statements that a month has not yet, where they stand on the day."""
    missing = [row for row in enrolments if (row.pk, month.start) not in there]
    lines = lines_of([row.pk for row in missing], month)
    is_corrected = month.start.month % 4 == 1 and not is_last
    long = [row for row in missing if is_corrected and len(lines[row.pk]) > 1]
    again = _one_of([row for row in long if not _unsigned(row, month)], "again", month)
    made = []
    for enrolment in missing:
        if is_last and _lot("signed", enrolment, month) >= _PREPARED:
            continue
        row = _drafted(enrolment, month, lines[enrolment.pk])
        if enrolment == again:
            made.append(_opened_again(enrolment, month, lines[enrolment.pk], day))
            row.number = 2
            write(row, row.lines)
        if not is_last:
            _close(row, month, day)
        elif _lot("signed", enrolment, month) < _SIGNED:
            _sign(row, month, day)
        made.append(row)
    return made


def _drafted(enrolment: Enrolment, month: Period, lines: Sequence[Line]) -> Statement:
    row = Statement(
        enrolment=enrolment, month=month.start, last_day=month.end, code=new_code(), number=1
    )
    write(row, lines)
    return row


def _opened_again(
    enrolment: Enrolment, month: Period, lines: Sequence[Line], day: _Day
) -> Statement:
    """Return a first version, signed without its last line, then opened to add it."""
    row = _drafted(enrolment, month, lines[:-1])
    _sign(row, month, day)
    row.state, row.reopen_reason = StatementState.REOPENED, _REOPENED
    row.reopened_at = row.frozen_at + timedelta(days=1)
    return row


def _close(row: Statement, month: Period, day: _Day) -> None:
    """Lock a statement signed in time, or close it for who will not sign."""
    reason = _unsigned(row.enrolment, month)
    if not reason:
        _sign(row, month, day)
        if row.state == StatementState.SIGNED:
            row.state = StatementState.LOCKED
        return
    row.state, row.unsigned_reason = StatementState.UNSIGNED, day.reasons[reason]
    row.frozen_at, row.recorded_by = _noon(month.end + timedelta(days=_DAYS_TO_SIGN)), day.by


def _unsigned(enrolment: Enrolment, month: Period) -> str:
    """Return why a month is never signed, empty when it is."""
    left = enrolment.left_on
    if left and month.contains(left) and _lot("gone", enrolment, month) < _GONE:
        return "parti"
    if _lot("unsigned", enrolment, month) < _UNSIGNED:
        return draw(_REFUSALS, "refusal", month.slug, enrolment.person.sort_key)
    return ""


def _sign(row: Statement, month: Period, day: _Day) -> None:
    """Write down a signature, on one of the days after the month; not one that is to come."""
    who = row.enrolment
    later = timedelta(days=1 + int(_lot("days", who, month) * _DAYS_TO_SIGN))
    if month.end + later >= day.on:
        return
    is_on_screen = _lot("screen", who, month) < _ON_SCREEN
    row.state, row.signed_on = StatementState.SIGNED, month.end + later
    row.way = SigningWay.SCREEN if is_on_screen else SigningWay.PAPER
    row.is_mark = _lot("mark", who) < _MARK
    row.is_read_aloud = row.is_mark or _lot("aloud", who) < _ALOUD
    row.witness = day.by.get_full_name() if row.is_mark else ""
    row.frozen_at, row.recorded_by = _noon(row.signed_on), day.by


def _contest(made: Sequence[Statement], month: Period, is_last: bool, day: _Day) -> None:
    """Have a line contested: one is still to answer, the others were answered before signing."""
    if not is_last and month.start.month % 3:
        return
    state = StatementState.TO_SIGN if is_last else StatementState.LOCKED
    rows = {row.enrolment: row for row in made if row.state == state}
    contesting = _one_of(list(rows), "contested", month)
    if contesting is None:
        return
    row = rows[contesting]
    line, made_on = row.lines[-1], month.end
    objection = StatementObjection(
        statement=row,
        attendance_id=line["attendance"],
        on=date.fromisoformat(line["on"]),
        words=_CONTESTED,
        made_on=made_on,
    )
    if not is_last:
        objection.settled_on, objection.answer = row.signed_on, _ANSWER
    objection.save()


def _settle(there: Mapping, month: Period, last: Period, day: _Day) -> None:
    """Answer what was contested of a month that is now to be locked."""
    waiting = [row.pk for row in there.values() if row.month == month.start]
    if month != last and waiting:
        rows = StatementObjection.objects.filter(statement__in=waiting, settled_on=None)
        settled_on = month.end + timedelta(days=1)
        rows.update(settled_on=settled_on, answer=_ANSWER, version=F("version") + 1)


def _move_on(rows: Sequence[Statement], last: Period, day: _Day) -> None:
    """Sign then lock what an earlier day had left to do; the last month keeps its pace."""
    waiting = {StatementState.TO_SIGN, StatementState.SIGNED}
    changed = [row for row in rows if row.month < last.start and row.state in waiting]
    for row in changed:
        if row.state == StatementState.SIGNED:
            row.state = StatementState.LOCKED
        else:
            _close(row, Period(row.month, row.last_day), day)
        row.version += 1
    fields = ["state", "signed_on", "way", "is_mark", "is_read_aloud", "witness"]
    fields += ["frozen_at", "recorded_by", "unsigned_reason", "version"]
    Statement.objects.bulk_update(changed, fields, batch_size=100)


def _hold_sessions(programme: Programme) -> None:
    """Write down the day of the sessions that somebody's frozen month counts."""
    lines = Attendance.objects.filter(Statement.objects.frozen().covering())
    sessions = Session.objects.filter(programme=programme, held_on=None)
    sessions.filter(pk__in=lines.order_by().values("session")).update(held_on=F("on"))


def _one_of(rows: Sequence[Enrolment], what: str, month: Period) -> Enrolment | None:
    """Return the enrolment that a month draws, None of none."""
    return min(rows, key=lambda row: _lot(what, row, month), default=None)


def _lot(what: str, enrolment: Enrolment, month: Period | None = None) -> float:
    return lot(what, month.slug if month else "", enrolment.person.sort_key, enrolment.entered_on)


def _noon(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time(12)))
