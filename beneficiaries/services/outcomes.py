"""Outcomes: those of a person with their proofs, and whether those of a period are all known."""

from collections.abc import Sequence

from autoprod.core.formatting import day_range
from autoprod.core.periods import Period
from autoprod.core.scoping import Action, Scope
from beneficiaries.models import Outcome, OutcomeProof, OutcomeSurvey, Person
from beneficiaries.services.pathways import may_write, open_stays
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


def of_persons(scope: Scope, persons: Sequence[Person]) -> dict[int, dict]:
    """Return, for each person with a stay open to this scope, their outcomes, latest first."""
    programmes = open_stays(scope, persons)
    known = [person for person in persons if person.pk in programmes]
    proofs = _proofs(scope, known)
    shown: dict[int, list[dict]] = {person.pk: [] for person in known}
    rows = Outcome.objects.for_scope(scope, Action.VIEW_PATHWAYS)
    rows = rows.filter(enrolment__person__in=known)
    rows = rows.select_related("enrolment", "kind", "contract", "employer")
    for outcome in rows.order_by("-starts_on", "-pk"):
        shown[outcome.enrolment.person_id].append(
            {
                "outcome": outcome,
                "notes": _notes(outcome),
                "proofs": proofs.get(outcome.pk, []),
                "can_edit": may_write(scope, {outcome.enrolment.programme_id}),
            }
        )
    return {
        person.pk: {
            "person": person,
            "outcomes": shown[person.pk],
            "can_add": may_write(scope, programmes[person.pk]),
        }
        for person in known
    }


def _proofs(scope: Scope, persons: Sequence[Person]) -> dict[int, list[OutcomeProof]]:
    rows = OutcomeProof.objects.for_scope(scope, Action.VIEW_PATHWAYS)
    proofs: dict[int, list[OutcomeProof]] = {}
    for proof in rows.filter(outcome__enrolment__person__in=persons):
        proofs.setdefault(proof.outcome_id, []).append(proof)
    return proofs


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
