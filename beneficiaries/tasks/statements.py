"""The statements of a month, of several persons, in one file to print."""

from collections.abc import Sequence

from django_tasks import task

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.pdf import Pile
from autoprod.core.scoping import Action, Scope
from autoprod.jobs.exceptions import JobError
from autoprod.jobs.progress import current_job, progress
from autoprod.jobs.results import Completed, ResultFile
from beneficiaries.models import Statement
from beneficiaries.services.statement_files import keep, kept, papers
from programmes.access import scope_of

CLOSED = "Vous n’avez plus le droit de voir ces présences. Demandez à votre chef de projet."


@task()
def print_statements(*, programme: int, period: str, statements: Sequence[int]) -> Completed:
    """Write the papers of some statements (keys) of a programme's month (its slug), by name.

    What the owner may read is computed now. Each paper is also kept by itself, once for what it
    says; one event per statement, written once, when the file is.
    """
    scope = scope_of(current_job().owner)
    rows = Statement.objects.for_scope(scope, Action.TICK_ATTENDANCE).in_force()
    rows = rows.filter(pk__in=statements, enrolment__programme=programme)
    rows = rows.select_related("enrolment__person", "enrolment__programme__territory")
    rows = list(rows.order_by("enrolment__person__sort_key", "enrolment__person", "pk"))
    if not rows:
        raise JobError(CLOSED)
    content, alone = _laid_out(scope, rows)
    return Completed(
        file=ResultFile(name=f"etats-{programme}-{period}.pdf", content=content),
        effects=lambda: _note(scope, rows, alone),
    )


def _laid_out(scope: Scope, rows: Sequence[Statement]) -> tuple[bytes, dict[int, bytes]]:
    """Return the PDF of all, and of each one (key) alone."""
    pile, alone = Pile(), {}
    for done, (key, (document, context)) in enumerate(papers(scope, rows).items(), start=1):
        alone[key] = pile.add(document, context=context)
        progress(done, len(rows), "mise en page")
    return pile.write(), alone


def _note(scope: Scope, rows: Sequence[Statement], alone: dict[int, bytes]) -> None:
    for row in rows:
        if kept(row) is None:
            keep(scope, row, alone[row.pk])
        record(scope, Verb.DOCUMENT, row)
