"""A stack of scanned statements, read page by page and filed."""

from collections.abc import Iterator

from django_tasks import task

from autoprod.core.scans import BrokenStackError, Stack, squares
from autoprod.core.scoping import Scope
from autoprod.jobs.exceptions import JobError
from autoprod.jobs.progress import current_job, progress
from autoprod.jobs.results import Completed
from beneficiaries.enums import PageState
from beneficiaries.models import StatementScan
from beneficiaries.services.statement_scans import ACTION, Sheet, file_sheets
from programmes.access import scope_of

CLOSED = "Vous n’avez plus le droit de classer ces états. Demandez à votre chef de projet."
BROKEN = "Ce PDF ne se lit plus jusqu’au bout. Numérisez la pile une nouvelle fois."


@task()
def read_scan(*, scan: int) -> Completed:
    """Read the pages of a stack (its key) and file them.

    What the owner may file is computed now. Pages are read without writing anything, then
    written all at once: a worker that dies on the way leaves nothing behind, and the next one
    starts again.
    """
    scope = scope_of(current_job().owner)
    stack = StatementScan.objects.for_scope(scope, ACTION).filter(pk=scan).first()
    if stack is None:
        raise JobError(CLOSED)
    try:
        sheets = list(_read(stack))
    except BrokenStackError as error:
        raise JobError(BROKEN) from error
    return Completed(effects=lambda: _filed(scope, stack, sheets))


def _read(scan: StatementScan) -> Iterator[Sheet]:
    with scan.file.open("rb") as file, Stack(file) as stack:
        for number in range(1, len(stack) + 1):
            progress(number - 1, len(stack), "lecture des pages")
            yield Sheet(number, squares(stack, number), stack.alone(number))
        progress(len(stack), len(stack), "classement")


def _filed(scope: Scope, scan: StatementScan, sheets: list[Sheet]) -> dict[str, int]:
    count = file_sheets(scope=scope, scan=scan, sheets=sheets)
    return {
        "Pages classées": count[PageState.FILED],
        "Pages à regarder": count[PageState.DOUBTFUL],
    }
