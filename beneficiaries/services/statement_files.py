"""The papers of statements: printed once for what they say, signed on a screen, and kept."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.files import PDF, CheckedUpload, gone_with_rows
from autoprod.core.pdf import Document, render
from autoprod.core.scoping import Scope
from beneficiaries.documents.sheets import mentions_of
from beneficiaries.documents.statements import Strokes, statement_paper, title_of
from beneficiaries.enums import StatementFileKind
from beneficiaries.models import Statement, StatementFile
from beneficiaries.services.statement_lines import differences
from beneficiaries.services.statements import Signature, sign

NOT_DRAWN = (
    "La case est vide\u00a0: faites signer la personne du doigt ou à la souris, ou choisissez le "
    "papier."
)


def papers(
    scope: Scope, statements: Sequence[Statement], *, strokes: Strokes = ()
) -> dict[int, tuple[Document, dict]]:
    """Return {statement (key): its paper and what it says}, ready to be rendered.

    The statements are of one programme, with their persons at hand.
    """
    before = _replaced(statements)
    said = {}
    for row in statements:
        programme = row.enrolment.programme
        if row.last_day not in said:
            said[row.last_day] = mentions_of(scope, programme, row.last_day)
    return {
        row.pk: statement_paper(
            row,
            said[row.last_day],
            changes=differences(before[row.pk], row.lines) if row.pk in before else (),
            strokes=strokes,
        )
        for row in statements
    }


def _replaced(statements: Iterable[Statement]) -> Mapping[int, list]:
    """Return {statement (key): the lines of the version it replaces}, in one query."""
    later = {(row.enrolment_id, row.month, row.number - 1): row.pk for row in statements}
    if all(number == 0 for *_, number in later):
        return {}
    rows = Statement.objects.filter(enrolment__in=[key for key, *_ in later])
    found = {(row.enrolment_id, row.month, row.number): row.lines for row in rows}
    return {key: found[of] for of, key in later.items() if of in found}


def kept(statement: Statement) -> StatementFile | None:
    """Return the paper kept of what a statement says now, signed on a screen or to sign by hand."""
    rows = StatementFile.objects.filter(statement=statement, title=_title(statement))
    return rows.exclude(kind=StatementFileKind.SCANNED).first()


def keep(
    scope: Scope, statement: Statement, content: bytes, kind: str = StatementFileKind.PRINTED
) -> StatementFile:
    """Keep the paper of what a statement says now, once, and return its row."""
    checked = CheckedUpload(
        title=_title(statement),
        content=content,
        content_type=PDF,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    row = StatementFile.from_upload(checked, by=scope.actor_key, statement=statement, kind=kind)
    row.save()
    return row


def _title(statement: Statement) -> str:
    """Return « État de présence de mars 2016, version 1 (7f3a91c2) »: nobody's name."""
    return f"{title_of(statement)}, version {statement.number} ({statement.fingerprint})"


@gone_with_rows()
@transaction.atomic
def printed(scope: Scope, statement: Statement) -> StatementFile:
    """Return the paper of what a statement says, printed and kept the first time."""
    row = kept(statement) or _printed(scope, statement)
    record(scope, Verb.DOCUMENT, statement)
    return row


def _printed(scope: Scope, statement: Statement) -> StatementFile:
    document, context = papers(scope, [statement])[statement.pk]
    return keep(scope, statement, render(document, context=context))


@gone_with_rows()
@transaction.atomic
def sign_on_paper(*, scope: Scope, statement: Statement, signature: Signature) -> Statement:
    """Note that the paper is signed, keep what it said, and return the statement."""
    row = sign(scope=scope, statement=statement, signature=signature)
    if kept(row) is None:
        _printed(scope, row)
    return row


@gone_with_rows()
@transaction.atomic
def sign_on_screen(
    *, scope: Scope, statement: Statement, signature: Signature, strokes: Strokes
) -> Statement:
    """Keep the statement with the signature drawn in its box, frozen, and return it."""
    if not strokes:
        raise ValidationError({"strokes": NOT_DRAWN})
    row = sign(scope=scope, statement=statement, signature=signature)
    document, context = papers(scope, [row], strokes=strokes)[row.pk]
    keep(scope, row, render(document, context=context), StatementFileKind.DRAWN)
    return row


def sign_many(
    *, scope: Scope, statements: Iterable[Statement], signature: Signature
) -> list[tuple[Statement, str]]:
    """Note that these papers are signed, each for itself; return those refused, with the words."""
    refused = []
    for row in statements:
        try:
            sign_on_paper(scope=scope, statement=row, signature=signature)
        except ValidationError as error:
            refused.append((row, " ".join(error.messages)))
    return refused
