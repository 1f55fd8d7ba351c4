"""The bilans of a month, of several persons, in one file to print."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django_tasks import task

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.periods import Period
from autoprod.core.scoping import Action, Scope
from autoprod.jobs.exceptions import JobError
from autoprod.jobs.progress import current_job, progress
from autoprod.jobs.results import Completed, ResultFile
from beneficiaries.documents.reviews import facts_of, label_of, reviews
from beneficiaries.models import Enrolment, Person
from programmes.access import scope_of

CLOSED = "Vous n’avez plus le droit de voir ces parcours. Demandez à votre chef de projet."


@task()
def print_reviews(*, programme: int, period: str, people: Sequence[int]) -> Completed:
    """Write the bilans of a month (its slug) of some enrolments of a programme (their keys).

    What the owner may read is computed now: who is no longer open to them is left out. One event
    per person, written once, when the file is.
    """
    scope, month = scope_of(current_job().owner), Period.parse(period)
    rows = Enrolment.objects.for_scope(scope, Action.VIEW_PATHWAYS).during(month)
    rows = rows.filter(pk__in=people, programme=programme)
    rows = rows.select_related("person", "programme__territory", "referent")
    stays = _by_person(rows.order_by("person__sort_key", "person", "entered_on", "pk"))
    if not stays:
        raise JobError(CLOSED)
    sheets = _read(scope, stays, month)
    progress(len(stays), len(stays), "mise en page")
    parent = next(iter(stays.values()))[0].programme
    document, content = reviews(parent, month, sheets, filename=f"bilans-{programme}-{month.slug}")
    return Completed(
        file=ResultFile(name=f"{document.filename}.pdf", content=content),
        effects=lambda: _note(scope, stays, month),
    )


def _by_person(rows: Iterable[Enrolment]) -> dict[Person, list[Enrolment]]:
    """Return the stays of each person, who has one bilan whatever the number of stays."""
    stays = defaultdict(list)
    for row in rows:
        stays[row.person].append(row)
    return dict(stays)


def _read(scope: Scope, stays: dict[Person, list[Enrolment]], month: Period) -> list[dict]:
    sheets = []
    for done, theirs in enumerate(stays.values(), start=1):
        progress(done - 1, len(stays), "lecture des parcours")
        sheets.append(facts_of(scope, theirs, month))
    return sheets


def _note(scope: Scope, people: Iterable[Person], month: Period) -> None:
    for person in people:
        record(scope, Verb.DOCUMENT, person, label=label_of(person, month))
