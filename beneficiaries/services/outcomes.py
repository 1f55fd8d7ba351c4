"""Outcomes: those of a person with their proofs, and whether those of a period are all known."""

from collections.abc import Sequence

from autoprod.core.formatting import day_range
from autoprod.core.periods import Period
from autoprod.core.scoping import Action, Scope
from beneficiaries.models import Outcome, OutcomeSurvey
from beneficiaries.services.person_files import PathwayFile
from programmes.models import Edition, Programme


def is_open(scope: Scope, programme: Programme, period: Period) -> bool:
    """Tell whether outcomes of the period may still be unknown: a count then reads « au moins ».

    So it is as long as an edition that shares a day with the period has no closed survey.
    """
    editions = Edition.objects.for_scope(scope, Action.VIEW_FRAME).of(programme)
    editions = editions.overlapping(period.start, period.end)
    surveys = OutcomeSurvey.objects.for_scope(scope, Action.VIEW_PATHWAYS)
    closed = surveys.filter(edition__programme=programme, closed_on__isnull=False)
    return editions.exclude(pk__in=closed.values("edition")).exists()


def of_file(file: PathwayFile) -> dict:
    """Return somebody's outcomes with their proofs, latest first, and whether one may be added."""
    outcomes = sorted(file.outcomes, key=lambda row: (row.starts_on, row.pk), reverse=True)
    return {
        "person": file.person,
        "can_add": file.writable is not None,
        "outcomes": [
            {
                "outcome": outcome,
                "notes": _notes(outcome),
                "proofs": file.proofs.get(outcome.pk, [])[::-1],
                "can_edit": file.may_write(outcome.enrolment),
            }
            for outcome in outcomes
        ],
    }


def _notes(outcome: Outcome) -> list[str]:
    dates = day_range(outcome.starts_on, outcome.ends_on)
    contract = outcome.contract.label if outcome.contract else ""
    # « CDI » twice says nothing more.
    named = contract if contract != outcome.kind.label else ""
    employer = outcome.employer.name if outcome.employer else ""
    words = " · ".join(part for part in (employer, outcome.label, named) if part)
    return [note for note in (words, dates) if note]


def of_editions(scope: Scope, editions: Sequence[Edition]) -> dict[int, dict]:
    """Return, for each edition open to this scope, whether its survey is closed."""
    surveys = OutcomeSurvey.objects.for_scope(scope, Action.VIEW_PATHWAYS)
    closed = dict(surveys.filter(edition__in=editions).values_list("edition", "closed_on"))
    return {
        edition.pk: {
            "edition": edition,
            "closed_on": closed.get(edition.pk),
            "can_edit": scope.opens(Action.EDIT_PATHWAYS, edition.programme),
        }
        for edition in editions
        if scope.opens(Action.VIEW_PATHWAYS, edition.programme)
    }
