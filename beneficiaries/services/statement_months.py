"""The statements of a programme's month: where each one is, and what it still waits for."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q

from autoprod.core.formatting import counted
from autoprod.core.periods import Period
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import SigningWay, StatementFileKind, StatementState
from beneficiaries.models import (
    Attendance,
    Enrolment,
    Person,
    Statement,
    StatementFile,
    StatementObjection,
)
from beneficiaries.services.statement_lines import lines_of, said
from beneficiaries.services.statements import named, open_sessions
from programmes.models import Programme, Session

A = Action.TICK_ATTENDANCE
#: The tone of each state; « » is a month that nobody has prepared.
TONES = {
    "": "neutral",
    StatementState.TO_SIGN: "ochre",
    StatementState.SIGNED: "green",
    StatementState.LOCKED: "blue",
    StatementState.UNSIGNED: "neutral",
    StatementState.REOPENED: "neutral",
}


@dataclass
class MonthRow:
    """One person's month: what counts today, its statement if any, what it waits for."""

    enrolment: Enrolment
    days: int
    minutes: int
    statement: Statement | None = None
    is_stale: bool = False
    objections: int = 0
    sessions: Sequence[Session] = ()
    files: set[str] = field(default_factory=set)

    @property
    def state(self) -> str:
        """Return the state's code; empty while nobody has prepared it."""
        return self.statement.state if self.statement else ""

    @property
    def words(self) -> str:
        """Return the state in words."""
        return self.statement.get_state_display() if self.statement else "à préparer"

    @property
    def tone(self) -> str:
        """Return the colour of the state's tag."""
        return TONES[self.state]

    @property
    def is_ready(self) -> bool:
        """Tell whether the paper may be signed as it is."""
        waits = self.is_stale or self.objections or self.sessions
        return self.state == StatementState.TO_SIGN and self.days > 0 and not waits

    @property
    def missing(self) -> list[str]:
        """Return what is still to do, in the order to do it."""
        found = []
        if self.sessions:
            found.append(f"à clôturer\u00a0: {named(self.sessions)}")
        if self.is_stale:
            found.append("à mettre à jour\u00a0: les présences ont changé")
        if self.objections:
            told = counted(self.objections, "ligne contestée", "lignes contestées")
            found.append(f"{told}, à régler")
        is_on_paper = self.state in {StatementState.SIGNED, StatementState.LOCKED}
        is_on_paper = is_on_paper and self.statement.way == SigningWay.PAPER
        if is_on_paper and StatementFileKind.SCANNED not in self.files:
            found.append("papier signé à numériser")
        return found


def of_month(scope: Scope, programme: Programme, month: Period) -> list[MonthRow]:
    """Return the month of each participant who came or has a statement, by name; constant queries.

    The days and hours are those of the statement once it is frozen, otherwise those of today.
    """
    enrolled = _enrolled(scope, programme, month)
    keys = [row.pk for row in enrolled]
    statements = Statement.objects.for_scope(scope, A).in_force().of_month(month)
    statements = {row.enrolment_id: row for row in statements.filter(enrolment__in=keys)}
    lines, waiting = lines_of(keys, month), open_sessions(keys, month)
    contested, files = _contested(keys, month), _files(statements.values())
    rows = []
    for one in enrolled:
        statement = statements.get(one.pk)
        row = _row(one, statement, lines[one.pk])
        row.objections, row.sessions = contested[one.pk], waiting.get(one.pk, ())
        row.files = files[statement.pk] if statement else set()
        rows.append(row)
    return rows


def _enrolled(scope: Scope, programme: Programme, month: Period) -> list[Enrolment]:
    came = Attendance.objects.present().in_period(month).filter(enrolment=OuterRef("pk"))
    noted = Statement.objects.in_force().of_month(month).filter(enrolment=OuterRef("pk"))
    rows = Enrolment.objects.for_scope(scope, A).of(programme).participants()
    rows = rows.filter(Q(Exists(came)) | Q(Exists(noted))).select_related("person")
    return list(rows.order_by("person__sort_key", "person", "pk"))


def _row(enrolment: Enrolment, statement: Statement | None, lines: list) -> MonthRow:
    if statement and statement.is_frozen:
        return MonthRow(enrolment, statement.days, statement.minutes, statement)
    return MonthRow(
        enrolment,
        days=len({line["on"] for line in lines}),
        minutes=sum(line["minutes"] for line in lines),
        statement=statement,
        is_stale=bool(statement) and said(statement.lines) != said(lines),
    )


def _contested(keys: Iterable[int], month: Period) -> Counter:
    rows = StatementObjection.objects.filter(
        statement__enrolment__in=keys, statement__month=month.start, settled_on=None
    )
    return Counter(rows.values_list("statement__enrolment", flat=True))


def _files(statements: Iterable[Statement]) -> dict[int, set[str]]:
    found = defaultdict(set)
    rows = StatementFile.objects.filter(statement__in=[row.pk for row in statements])
    for statement, kind in rows.values_list("statement", "kind"):
        found[statement].add(kind)
    return found


def tallies(rows: Iterable[MonthRow]) -> list[dict]:
    """Return how many are in each state, in the order of the work; none is left out at nought."""
    counts = Counter(row.state for row in rows)
    words = (
        ("", "à préparer"),
        (StatementState.TO_SIGN, "à signer"),
        (StatementState.SIGNED, "signés"),
        (StatementState.LOCKED, "verrouillés"),
        (StatementState.UNSIGNED, "clos sans signature"),
    )
    return [{"number": counts[state], "words": told} for state, told in words if counts[state]]


def of_persons(scope: Scope, persons: Sequence[Person]) -> dict[int, dict]:
    """Return {person: their statements in force, the last month first}, in one query."""
    rows = Statement.objects.for_scope(scope, A).in_force()
    rows = rows.filter(enrolment__person__in=persons).order_by("-month", "pk")
    found = defaultdict(list)
    for row in rows.select_related("enrolment__programme"):
        found[row.enrolment.person_id].append({"statement": row, "tone": TONES[row.state]})
    return {key: {"rows": rows} for key, rows in found.items()}
