"""The journal of a month as a file."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django_tasks import task

from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent, record
from autoprod.core.periods import Period
from autoprod.core.scoping import Action, Scope
from autoprod.core.spreadsheets import to_xlsx
from autoprod.jobs.exceptions import JobError
from autoprod.jobs.progress import current_job, progress
from autoprod.jobs.results import Completed, ResultFile
from programmes.access import scope_of
from programmes.exports.journal import journal_sheet
from programmes.services.journal import events_of_month

#: Events read at a time: a month of a busy service does not fit comfortably in memory.
_CHUNK = 500


@task()
def export_journal(*, period: str) -> Completed:
    """Write the owner's journal of a month (its slug) as XLSX; the export is in the journal too.

    What the owner may read is computed now: a right withdrawn since they asked closes the file.
    """
    scope = scope_of(current_job().owner)
    if not scope.allows(Action.VIEW_AUDIT):
        raise JobError("Vous n’avez plus le droit de lire le journal.")
    month = Period.parse(period)
    title = f"Journal, {month.label}"
    events = _followed(events_of_month(scope, month))
    content = to_xlsx(journal_sheet(events, title=title))
    return Completed(
        file=ResultFile(name=f"journal-{month.slug}.xlsx", content=content),
        effects=lambda: _note(scope, title),
    )


def _followed(events: QuerySet) -> Iterator[AuditEvent]:
    """Yield the events, saying how far it has come."""
    total = events.count()
    for done, event in enumerate(events.iterator(chunk_size=_CHUNK), start=1):
        # An event added meanwhile is written too: the total follows.
        progress(done, max(done, total), "lecture du journal")
        yield event


def _note(scope: Scope, title: str) -> None:
    for territory in scope.keys("territory", Action.VIEW_AUDIT):
        record(scope, Verb.EXPORT, label=title, territory=str(territory))
