"""Papers: what can be printed for somebody today, what was handed over, what is kept with them."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils import timezone

from autoprod.core.files import StoredFile
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action, Scope
from beneficiaries.documents.papers import current
from beneficiaries.enums import PaperKind
from beneficiaries.models import (
    Enrolment,
    InterviewDocument,
    OutcomeProof,
    Paper,
    Person,
)

#: How many months back a bilan is offered in one tap.
MONTHS = 2


def printable(person: Person, stays: Sequence[Enrolment]) -> list[dict]:
    """Return what can be printed in one tap: its name, its address, how a hand-over is noted."""
    offered = [
        {
            "label": PaperKind.BOOKLET.label,
            "url": reverse("beneficiaries:booklet_pdf", args=[person.pk]),
            "kind": PaperKind.BOOKLET.value,
            "about": "",
            "stay": current(stays),
        }
    ]
    for month in _last_months(timezone.localdate()):
        theirs = [
            stay
            for stay in stays
            if stay.entered_on and month.overlaps(stay.entered_on, stay.left_on)
        ]
        if theirs:
            offered.append(
                {
                    "label": f"{PaperKind.REVIEW.label}, {month.label}",
                    "url": reverse("beneficiaries:review_pdf", args=[person.pk, month]),
                    "kind": PaperKind.REVIEW.value,
                    "about": month.label,
                    "stay": current(theirs),
                }
            )
    return offered


def _last_months(today: date) -> list[Period]:
    months = [Period.containing(today, Kind.MONTH)]
    while len(months) < MONTHS:
        months.append(months[-1].previous())
    return months


def handed_over(scope: Scope, person: Person) -> list[dict]:
    """Return the papers put in the person's hands, the last first, and whether they are mended."""
    rows = Paper.objects.for_scope(scope, Action.VIEW_PATHWAYS).filter(enrolment__person=person)
    return [
        {"paper": row, "can_edit": scope.opens(Action.EDIT_PATHWAYS, row.enrolment.programme)}
        for row in rows.select_related("enrolment__programme", "handed_by")
    ]


def kept(scope: Scope, person: Person) -> list[dict]:
    """Return the files kept with outcomes and interviews, those the scope opens, the last first."""
    proofs = OutcomeProof.objects.for_scope(scope, Action.VIEW_PATHWAYS)
    proofs = proofs.filter(outcome__enrolment__person=person).select_related("outcome__kind")
    documents = InterviewDocument.objects.for_scope(scope, Action.VIEW_NOTES)
    documents = documents.filter(interview__enrolment__person=person).select_related("interview")
    files = [
        _file(row, "proof_download", str(row.outcome), row.outcome.starts_on) for row in proofs
    ]
    files += [
        _file(row, "interview_document_download", "Entretien", row.interview.on)
        for row in documents
    ]
    return sorted(files, key=lambda shown: shown["file"].uploaded_at, reverse=True)


def _file(row: StoredFile, route: str, of: str, on: date) -> dict:
    url = reverse(f"beneficiaries:{route}", args=[row.pk])
    return {"file": row, "of": of, "on": on, "url": url}
