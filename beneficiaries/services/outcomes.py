"""Outcomes: those of a person with their proofs, and whether those of a period are all known."""

from collections.abc import Mapping, Sequence

from autoprod.core.formatting import day_range
from autoprod.core.periods import ONE_DAY, Period
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import ExitCategory
from beneficiaries.models import Enrolment, Outcome, OutcomeSurvey
from beneficiaries.services.person_files import PathwayFile
from beneficiaries.services.stays import months_after
from programmes.models import Edition, Programme, ReferenceCode

#: From so many months, a fixed-term contract is a lasting job. Source: ASP, motif de sortie n° 9
#: (« CDD non aidé de 6 mois et plus »); another reading starts after six months, not at six.
DURABLE_MONTHS = 6
#: What a list writes of a fixed-term contract, by its length.
_LONG, _SHORT = "exit_from_6_months", "exit_under_6_months"


def category_of(
    *, reason: ReferenceCode | None = None, outcome: Outcome | None = None
) -> ExitCategory:
    """Return what an exit counts as: its reason says it, otherwise the outcome it points to.

    The lists hold the categories, so that they can be corrected there. Neither reason nor outcome:
    UNDOCUMENTED. A fixed-term contract whose last day is not known: UNKNOWN_LENGTH. A code that
    the grid leaves out (CDI inclusion): OUTSIDE. Source: ASP, catégories de sortie de l’IAE.
    """
    if reason is not None:
        return _listed(reason.meta, "category") or ExitCategory.OUTSIDE
    if outcome is None:
        return ExitCategory.UNDOCUMENTED
    return _of_contract(outcome) or _of_kind(outcome)


def exit_of(enrolment: Enrolment) -> ExitCategory:
    """Return what the exit of a stay counts as; read the rows with `with_exits`."""
    return category_of(reason=enrolment.exit_reason, outcome=enrolment.exit_outcome)


def _listed(meta: Mapping, key: str) -> ExitCategory | None:
    return ExitCategory(meta[key]) if meta.get(key) in ExitCategory.values else None


def _of_contract(outcome: Outcome) -> ExitCategory | None:
    meta = outcome.contract.meta if outcome.contract else {}
    if "exit" in meta:
        return _listed(meta, "exit") or ExitCategory.OUTSIDE
    if _LONG not in meta:
        return None
    if outcome.ends_on is None:
        return ExitCategory.UNKNOWN_LENGTH
    # The last day is worked: from 1 January to 30 June there are six months.
    lasts = outcome.ends_on + ONE_DAY >= months_after(outcome.starts_on, DURABLE_MONTHS)
    return _listed(meta, _LONG if lasts else _SHORT)


def _of_kind(outcome: Outcome) -> ExitCategory:
    is_positive = outcome.kind.meta.get("positive", False)
    return ExitCategory.POSITIVE if is_positive else ExitCategory.OTHER


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
    counts_as = category_of(outcome=outcome).label
    return [note for note in (words, dates, counts_as) if note]


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
