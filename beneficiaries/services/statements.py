"""Statements: prepared from the presences, signed, locked; closed unsigned; opened again.

Locks are taken in the house's order: the sessions of the month, the person, then the statement.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from autoprod.accounts.models import User
from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import day
from autoprod.core.periods import Period
from autoprod.core.scoping import Scope
from beneficiaries.enums import StatementFileKind, StatementState
from beneficiaries.models import (
    Attendance,
    Enrolment,
    Person,
    Statement,
    StatementFile,
    StatementObjection,
)
from beneficiaries.services.statement_codes import new_code
from beneficiaries.services.statement_lines import Line, lines_of, said, write
from programmes.models import Programme, ReferenceCode, Session

FROZEN = "Cet état est déjà signé ou clos\u00a0: pour le changer, rouvrez-le avec un motif."
NOTHING = "Aucune présence ne compte ce mois-ci\u00a0: il n’y a rien à signer."
OPEN = "Clôturez d’abord {sessions}\u00a0: leurs heures ne comptent pas encore."
OPEN_ONE = "Clôturez d’abord {sessions}\u00a0: ses heures ne comptent pas encore."
STALE = (
    "Les présences ont changé depuis que l’état a été préparé\u00a0: mettez-le à jour, puis faites "
    "signer la nouvelle feuille."
)
TO_COME = "Cette date est à venir\u00a0: notez le jour où la personne a signé."
EARLY = "La dernière présence est du {day}\u00a0: la signature vient ce jour-là ou après."
OBJECTED = (
    "La personne conteste une ligne de ce mois\u00a0: répondez-lui d’abord, ou cochez qu’elle "
    "signe en sachant que ce n’est pas réglé."
)
NO_WITNESS = "Une marque se fait devant quelqu’un\u00a0: notez qui était présent."
NOT_SIGNED = "Seul un état signé se verrouille."
NOT_FROZEN = "Cet état n’est ni signé ni clos\u00a0: il n’y a rien à rouvrir."
NO_REASON = "Dites en quelques mots pourquoi l’état est rouvert."
GONE = "Cet état n’existe plus\u00a0: la fiche de la personne vient peut-être d’être réunie."


@dataclass(frozen=True)
class Signature:
    """How somebody signed; `despite` tells that a line they contest is not settled."""

    on: date
    way: str
    is_mark: bool = False
    is_read_aloud: bool = False
    witness: str = ""
    despite: bool = False


@dataclass(frozen=True)
class Prepared:
    """What preparing a month did, in numbers of statements; the frozen ones stay as they are."""

    created: int = 0
    changed: int = 0
    same: int = 0
    frozen: int = 0


# Preparing.


@transaction.atomic
def prepare(*, scope: Scope, enrolment: Enrolment, month: Period) -> Statement:
    """Create or refresh the statement to sign of an enrolment's month, and return it.

    ValidationError when it is signed or closed, or when there is nothing to say.
    """
    _hold_persons([enrolment.pk])
    lines = lines_of([enrolment.pk], month)[enrolment.pk]
    row = Statement.objects.in_force().of_month(month).filter(enrolment=enrolment).first()
    if row is not None and row.is_frozen:
        raise ValidationError(FROZEN, code="frozen")
    if row is None and not lines:
        raise ValidationError(NOTHING, code="nothing")
    return _refreshed(scope, row, lines) if row else _created(scope, enrolment.pk, month, lines)


@transaction.atomic
def prepare_month(*, scope: Scope, programme: Programme, month: Period) -> Prepared:
    """Create or refresh the statements of a programme's participants, and tell how many."""
    enrolled = Enrolment.objects.filter(programme=programme).participants().during(month)
    keys = list(enrolled.order_by("pk").values_list("pk", flat=True))
    _hold_persons(keys)
    lines, rows = lines_of(keys, month), _in_force(keys, month)
    done = Counter(_prepared(scope, (key, month), rows.get(key), lines[key]) for key in keys)
    del done[""]
    return Prepared(**done)


def _prepared(
    scope: Scope, of: tuple[int, Period], row: Statement | None, lines: Sequence[Line]
) -> str:
    """Create or refresh one statement and return what was done; empty when there is none."""
    if row is None and not lines:
        return ""
    if row is None:
        _created(scope, *of, lines)
        return "created"
    if row.is_frozen:
        return "frozen"
    if said(row.lines) == said(lines):
        return "same"
    _refreshed(scope, row, lines)
    return "changed"


def _in_force(keys: Iterable[int], month: Period) -> dict[int, Statement]:
    rows = Statement.objects.in_force().of_month(month).filter(enrolment__in=keys)
    return {row.enrolment_id: row for row in rows.select_related("enrolment__programme")}


def _created(
    scope: Scope, enrolment: int, month: Period, lines: Sequence[Line], number: int = 1
) -> Statement:
    row = Statement(
        enrolment_id=enrolment,
        month=month.start,
        last_day=month.end,
        number=number,
        code=new_code(),
    )
    write(row, lines)
    row.save()
    record(scope, Verb.CREATE, row)
    return row


def _refreshed(scope: Scope, row: Statement, lines: Sequence[Line]) -> Statement:
    """Write the lines there are now; a paper that said others no longer answers to the code."""
    if said(row.lines) == said(lines):
        return row
    if StatementFile.objects.filter(statement=row, kind=StatementFileKind.PRINTED).exists():
        row.code = new_code()
    write(row, lines)
    row.save()
    record(scope, Verb.UPDATE, row, changed=["lines"])
    return row


def stale_among(statements: Iterable[Statement], month: Period) -> set[int]:
    """Return the statements to sign (keys) whose presences are no longer what they say."""
    waiting = [row for row in statements if row.state == StatementState.TO_SIGN]
    lines = lines_of([row.enrolment_id for row in waiting], month)
    return {row.pk for row in waiting if said(row.lines) != said(lines[row.enrolment_id])}


def is_stale(statement: Statement) -> bool:
    """Tell whether the presences of a statement to sign changed since it was prepared."""
    return bool(stale_among([statement], month_of(statement)))


def month_of(statement: Statement) -> Period:
    """Return the month of a statement."""
    return Period(statement.month, statement.last_day)


# Signing.


def open_sessions(enrolments: Iterable[int], month: Period) -> dict[int, list[Session]]:
    """Return {enrolment (key): the sessions of the month it is on and that are still open}."""
    rows = Attendance.objects.in_period(month).filter(
        enrolment__in=enrolments,
        session__closed_at=None,
        session__cancelled_on=None,
    )
    found: dict[int, dict[int, Session]] = {}
    for row in rows.select_related("session__kind").order_by("session__starts_at", "pk"):
        found.setdefault(row.enrolment_id, {})[row.session_id] = row.session
    return {key: list(sessions.values()) for key, sessions in found.items()}


def named(sessions: Sequence[Session]) -> str:
    """Return « Culture maraîchère du 14 mars 2016 », each session told by its day."""
    return ", ".join(f"{session} du {day(session.on)}" for session in sessions)


def unsettled(statements: Iterable[Statement]) -> QuerySet[StatementObjection]:
    """Return what is contested of these months and not settled, whatever the version."""
    versions = Statement.objects.filter(
        pk__in=[row.pk for row in statements],
        enrolment=OuterRef("statement__enrolment"),
        month=OuterRef("statement__month"),
    )
    return StatementObjection.objects.filter(Exists(versions), settled_on=None)


@transaction.atomic
def sign(*, scope: Scope, statement: Statement, signature: Signature) -> Statement:
    """Freeze a statement as its person signed it, and return it; its sessions stay as they are.

    ValidationError when it is frozen already, when a session is still open, when the presences
    have changed, or on a wrong date (field `on`), a mark without a witness (field `witness`) or
    a line still contested (field `despite`).
    """
    row = _hold(statement)
    check_ready(row)
    _check_date(row, signature.on)
    if signature.is_mark and not signature.witness.strip():
        raise ValidationError({"witness": ValidationError(NO_WITNESS, code="witness")})
    if not signature.despite and unsettled([row]).exists():
        raise ValidationError({"despite": ValidationError(OBJECTED, code="objected")})
    values = {
        "state": StatementState.SIGNED,
        "signed_on": signature.on,
        "way": signature.way,
        "is_mark": signature.is_mark,
        "is_read_aloud": signature.is_read_aloud,
        "witness": signature.witness,
    }
    return _freeze(scope, row, values)


@transaction.atomic
def close_unsigned(*, scope: Scope, statement: Statement, reason: ReferenceCode) -> Statement:
    """Freeze a statement that its person will not sign, and return it; its hours stay unsigned.

    It says the presences there are now: nobody has its paper. ValidationError as `sign`.
    """
    row = _hold(statement)
    _check_open(row)
    write(row, lines_of([row.enrolment_id], month_of(row))[row.enrolment_id])
    if not row.lines:
        raise ValidationError(NOTHING, code="nothing")
    return _freeze(scope, row, {"state": StatementState.UNSIGNED, "unsigned_reason": reason})


def check_ready(row: Statement) -> None:
    """Raise ValidationError unless a statement may be signed as it is, what is contested apart."""
    _check_open(row)
    if not row.lines:
        raise ValidationError(NOTHING, code="nothing")
    if is_stale(row):
        raise ValidationError(STALE, code="stale")


def _check_open(row: Statement) -> None:
    if row.state != StatementState.TO_SIGN:
        raise ValidationError(FROZEN, code="frozen")
    sessions = open_sessions([row.enrolment_id], month_of(row)).get(row.enrolment_id)
    if sessions:
        words = OPEN if len(sessions) > 1 else OPEN_ONE
        raise ValidationError(words.format(sessions=named(sessions)), code="open")


def _check_date(row: Statement, on: date) -> None:
    if on > timezone.localdate():
        raise ValidationError({"on": ValidationError(TO_COME, code="future")})
    last = date.fromisoformat(row.lines[-1]["on"])
    if on < last:
        raise ValidationError({"on": ValidationError(EARLY.format(day=day(last)), code="early")})


def _freeze(scope: Scope, row: Statement, values: Mapping[str, object]) -> Statement:
    for name, value in values.items():
        setattr(row, name, value)
    row.frozen_at = timezone.now()
    row.recorded_by = User.objects.filter(pk=scope.actor_key or None).first()
    row.save()
    _sessions_of(row).filter(held_on=None).update(held_on=F("on"))
    record(scope, Verb.UPDATE, row, changed=list(values))
    return row


@transaction.atomic
def lock(*, scope: Scope, statement: Statement) -> Statement:
    """Lock a signed statement and return it; ValidationError in another state."""
    row = _hold(statement)
    if row.state != StatementState.SIGNED:
        raise ValidationError(NOT_SIGNED, code="state")
    row.state = StatementState.LOCKED
    row.save()
    record(scope, Verb.UPDATE, row, changed=["state"])
    return row


@transaction.atomic
def reopen(*, scope: Scope, statement: Statement, reason: str) -> Statement:
    """Open a frozen month again: its version stays as it was, the next one is returned, to sign.

    The reason goes to the journal. ValidationError when it is not frozen.
    """
    row = _hold(statement)
    if not row.is_frozen:
        raise ValidationError(NOT_FROZEN, code="state")
    if not reason.strip():
        raise ValidationError({"reason": NO_REASON})
    row.state, row.reopen_reason = StatementState.REOPENED, reason.strip()
    row.reopened_at = timezone.now()
    row.save()
    record(scope, Verb.UPDATE, row, changed=["state"], reason=reason.strip())
    _sessions_of(row).exclude(pk__in=_held_by_others(row)).update(held_on=None)
    month = month_of(row)
    lines = lines_of([row.enrolment_id], month)[row.enrolment_id]
    return _created(scope, row.enrolment_id, month, lines, number=row.number + 1)


def _sessions_of(row: Statement) -> QuerySet[Session]:
    """Return the sessions of the month that the enrolment is on."""
    lines = Attendance.objects.filter(enrolment=row.enrolment_id).in_period(month_of(row))
    return Session.objects.filter(pk__in=lines.order_by().values("session"))


def _held_by_others(row: Statement) -> QuerySet:
    """Return the sessions (keys) where somebody is whose month is frozen."""
    lines = Attendance.objects.in_period(month_of(row)).filter(
        Statement.objects.frozen().covering()
    )
    return lines.order_by().values("session")


# Locks.


def _hold(statement: Statement) -> Statement:
    """Lock the sessions, the person and the statement, and return it as it is now."""
    list(_sessions_of(statement).select_for_update().order_by("pk").values_list("pk"))
    _hold_persons([statement.enrolment_id])
    rows = Statement.objects.select_for_update(of=("self",))
    rows = rows.select_related("enrolment__person", "enrolment__programme__territory")
    row = rows.filter(pk=statement.pk).first()
    if row is None:
        raise ValidationError(GONE, code="gone")
    return row


def _hold_persons(enrolments: Iterable[int]) -> None:
    keys = Enrolment.objects.filter(pk__in=list(enrolments)).order_by().values("person")
    list(Person.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
