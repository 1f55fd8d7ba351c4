"""Stacks of signed statements: each page filed by its code, or by somebody who looks at it.

The last page of a statement still to sign signs it, on the day told for the stack; one whose
statement is signed already brings its paper.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from autoprod.accounts.models import User
from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.files import PDF, CheckedUpload, gone_with_rows
from autoprod.core.scans import BrokenStackError, Stack
from autoprod.core.scoping import Action, Scope
from beneficiaries.documents.statement_codes import in_groups
from beneficiaries.enums import PageState, SigningWay, StatementFileKind, StatementState
from beneficiaries.models import (
    Attendance,
    Person,
    Statement,
    StatementFile,
    StatementScan,
    StatementScanPage,
)
from beneficiaries.services.statement_codes import Mark, code_in, mark_in
from beneficiaries.services.statements import Signature, reopen, sign
from programmes.models import Session

#: Who uploads stacks, looks at their pages and files them: whoever closes sessions.
ACTION = Action.TICK_ATTENDANCE
#: Who opens a signed month again, the page that signed it taken back included.
REOPENING = Action.LOCK_STATEMENTS

NO_CODE = "Aucun code lisible"
UNKNOWN = "Code inconnu\u00a0: la feuille a pu être réimprimée depuis"
SEVERAL = "Plusieurs codes sur la page"
ELSEWHERE = "Feuille d’une autre action"
REOPENED = "Mois rouvert depuis\u00a0: une nouvelle feuille est à signer"
CLOSED = "Mois clos sans signature"
_CODE = "Code "
FILED = f"Déjà classée. {_CODE}"
NOT_BY_HAND = "Cette page a été classée par son code\u00a0: pour la retirer, rouvrez l’état."
NOT_WAITING = "Cet état n’attend plus de feuille. Choisissez-en un autre."
NOT_DOUBTFUL = "Cette page n’est plus à regarder\u00a0: quelqu’un vient de la traiter."
NOT_YOURS = (
    "Cette page a fait signer l’état\u00a0: pour annuler ce classement, demandez à votre chef de "
    "projet."
)
MISFILED = "Page numérisée classée par erreur"

_REFUSED = {StatementState.REOPENED: REOPENED, StatementState.UNSIGNED: CLOSED}
_SIGNED = (StatementState.SIGNED, StatementState.LOCKED)
_FOUND_LENGTH = StatementScanPage._meta.get_field("found").max_length


@dataclass(frozen=True)
class Sheet:
    """One page of a stack: its number, what its squares say, the page alone as a PDF."""

    number: int
    said: Sequence[str]
    content: bytes

    @property
    def marks(self) -> set[Mark]:
        """Return those of its squares that are ours."""
        return {mark for text in self.said if (mark := mark_in(text))}

    @property
    def mark(self) -> Mark | None:
        """Return the one mark that says whose it is; None with none, or several."""
        marks = self.marks
        return next(iter(marks)) if len(marks) == 1 else None


def page_title(number: int) -> str:
    """Return how the scanned page of a statement is called."""
    return f"État signé, page {number}"


# Reading a stack.


@gone_with_rows()
@transaction.atomic
def file_sheets(*, scope: Scope, scan: StatementScan, sheets: Iterable[Sheet]) -> Counter:
    """File the pages of a stack that are not written yet, and count those written, by state.

    A page that cannot be filed for sure is written with why, for somebody to look at.
    """
    held = StatementScan.objects.select_for_update().get(pk=scan.pk)
    known = set(StatementScanPage.objects.filter(scan=held).values_list("number", flat=True))
    sheets = [sheet for sheet in sheets if sheet.number not in known]
    found = _statements_of(scope, sheets)
    _hold([row.pk for row in found.values()])
    found = _statements_of(scope, sheets)
    return Counter(_filed(scope, held, sheet, found).state for sheet in sheets)


def _statements_of(scope: Scope, sheets: Iterable[Sheet]) -> dict[str, Statement]:
    """Return the statements that the pages are of and that the scope opens, by their code."""
    codes = [mark.code for sheet in sheets for mark in sheet.marks]
    rows = Statement.objects.for_scope(scope, ACTION).filter(code__in=codes)
    return {row.code: row for row in rows.select_related("enrolment__programme")}


def _hold(statements: Sequence[int]) -> None:
    """Lock all that signing them will, once and in the house's order: sessions, then persons."""
    rows = Statement.objects.filter(pk__in=statements)
    lines = Attendance.objects.filter(rows.covering()).order_by().values("session")
    sessions = Session.objects.select_for_update().filter(pk__in=lines)
    list(sessions.order_by("pk").values_list("pk"))
    people = Person.objects.select_for_update()
    people = people.filter(pk__in=rows.order_by().values("enrolment__person"))
    list(people.order_by("pk").values_list("pk"))


def _filed(
    scope: Scope, scan: StatementScan, sheet: Sheet, found: Mapping[str, Statement]
) -> StatementScanPage:
    """Write a page of a stack, filed or to look at, and return it."""
    page = StatementScanPage(scan=scan, number=sheet.number, state=PageState.DOUBTFUL)
    mark = sheet.mark
    statement = found.get(mark.code) if mark else None
    why = _unplaced(scan, sheet, statement)
    if not why:
        try:
            signs = mark.page >= _printed_pages(statement)
            _attach(scope, page, statement, (mark.page, sheet.content), signs=signs)
            why = _CODE + in_groups(mark.code)
        except ValidationError as error:
            why = " ".join(error.messages)
    page.found = why[:_FOUND_LENGTH]
    page.save()
    return page


def _unplaced(scan: StatementScan, sheet: Sheet, statement: Statement | None) -> str:
    """Return why nobody can tell where a page goes; empty when its statement is known."""
    if not sheet.said:
        return NO_CODE
    if len({mark.code for mark in sheet.marks}) > 1:
        return SEVERAL
    if statement is None:
        return UNKNOWN
    return "" if statement.enrolment.programme_id == scan.programme_id else ELSEWHERE


# The paper of one statement.


@gone_with_rows()
@transaction.atomic
def _attach(
    scope: Scope,
    page: StatementScanPage,
    statement: Statement,
    paper: tuple[int, bytes],
    *,
    signs: bool,
) -> None:
    """Keep a paper (which page it is, its content) with a statement; `signs` it if it was not.

    The page, not saved, says it. ValidationError when the statement takes none: opened again,
    closed unsigned, paper there already, or whatever forbids it to be signed.
    """
    number, content = paper
    if why := _REFUSED.get(statement.state):
        raise ValidationError(why)
    if papers_of(statement).filter(title=page_title(number)).exists():
        raise ValidationError(FILED + in_groups(statement.code))
    if signs and statement.state == StatementState.TO_SIGN:
        signature = Signature(on=page.scan.signed_on, way=SigningWay.PAPER)
        statement.state = sign(scope=scope, statement=statement, signature=signature).state
        page.has_signed = True
    checked = CheckedUpload(page_title(number), content, PDF, hashlib.sha256(content).hexdigest())
    page.file = StatementFile.from_upload(
        checked, by=scope.actor_key, statement=statement, kind=StatementFileKind.SCANNED
    )
    page.file.save()
    page.state = PageState.FILED
    record(scope, Verb.CREATE, page.file)


def _printed_pages(statement: Statement) -> int:
    """Return how many pages the paper has, as it was printed last: people sign on its last one."""
    rows = StatementFile.objects.filter(statement=statement, kind=StatementFileKind.PRINTED)
    printed = rows.first()
    if printed is None:
        return 1
    try:
        with printed.file.open("rb") as file, Stack(file) as stack:
            return len(stack)
    except BrokenStackError:
        return 1


def papers_of(statement: Statement) -> QuerySet[StatementFile]:
    """Return the scanned pages of a statement."""
    return StatementFile.objects.filter(statement=statement, kind=StatementFileKind.SCANNED)


# By hand.


def waiting(scope: Scope, page: StatementScanPage) -> QuerySet[Statement]:
    """Return the statements a page may be filed to, the last month first.

    Those to sign, those signed whose paper is not there, and the one its own code named.
    """
    papers = StatementFile.objects.filter(statement=OuterRef("pk"), kind=StatementFileKind.SCANNED)
    named = code_in(page.found.rpartition(_CODE)[2]) or ""
    rows = Statement.objects.for_scope(scope, ACTION)
    rows = rows.filter(enrolment__programme=page.scan.programme_id)
    rows = rows.filter(
        Q(state=StatementState.TO_SIGN) | Q(state__in=_SIGNED) & (~Exists(papers) | Q(code=named))
    )
    rows = rows.select_related("enrolment__person", "enrolment__programme")
    return rows.order_by("-month", "enrolment__person__sort_key", "pk")


@gone_with_rows()
@transaction.atomic
def file_by_hand(
    *, scope: Scope, page: StatementScanPage, statement: Statement
) -> StatementScanPage:
    """File a doubtful page to a statement somebody chose, and return it.

    ValidationError when it is no longer doubtful, or when the statement takes no paper.
    """
    held = _held(page, PageState.DOUBTFUL)
    _hold([statement.pk])
    chosen = waiting(scope, held).filter(pk=statement.pk).first()
    if chosen is None:
        raise ValidationError(NOT_WAITING, code="not_waiting")
    number = papers_of(chosen).count() + 1
    with held.scan.file.open("rb") as file, Stack(file) as stack:
        paper = (number, stack.alone(held.number))
        _attach(scope, held, chosen, paper, signs=True)
    return _handled(scope, held)


@transaction.atomic
def set_aside(*, scope: Scope, page: StatementScanPage, words: str) -> StatementScanPage:
    """Set a doubtful page aside with a word that says why, and return it."""
    held = _held(page, PageState.DOUBTFUL)
    held.state, held.found = PageState.SET_ASIDE, words
    return _handled(scope, held)


@transaction.atomic
def take_back(*, scope: Scope, page: StatementScanPage) -> StatementScanPage:
    """Undo what somebody did of a page: it is to look at again; return it.

    The paper leaves the statement. The month that it had signed opens again, its next version is
    to sign: ValidationError for who may not open a month again.
    """
    held = _held(page, PageState.FILED, PageState.SET_ASIDE)
    if held.handled_by_id is None:
        raise ValidationError(NOT_BY_HAND, code="by_code")
    if held.has_signed and not scope.opens(REOPENING, held.scan.programme):
        raise ValidationError(NOT_YOURS, code="reopening")
    paper, held.file = held.file, None
    if held.has_signed and paper.statement.is_frozen:
        _hold([paper.statement_id])
        reopen(scope=scope, statement=paper.statement, reason=MISFILED)
    if paper is None:
        held.found = ""
    held.state, held.handled_by, held.has_signed = PageState.DOUBTFUL, None, False
    held.save()
    record(scope, Verb.UPDATE, held, changed=["state", "file"])
    if paper is not None:
        record(scope, Verb.DELETE, paper)
        paper.delete()
    return held


def _held(page: StatementScanPage, *states: PageState) -> StatementScanPage:
    """Lock a page and return it as it is now; ValidationError when somebody was faster."""
    rows = StatementScanPage.objects.select_for_update(of=("self",))
    held = rows.select_related("scan__programme", "file__statement").get(pk=page.pk)
    if held.state not in states:
        raise ValidationError(NOT_DOUBTFUL, code="handled")
    return held


def _handled(scope: Scope, page: StatementScanPage) -> StatementScanPage:
    page.handled_by = User.objects.filter(pk=scope.actor_key or None).first()
    page.save()
    record(scope, Verb.UPDATE, page, changed=["state", "file"])
    return page
