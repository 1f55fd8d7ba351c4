"""Publication of bilans: both editions frozen at once, then compared with what is true now."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import label_of, record
from autoprod.core.files import PDF, CheckedUpload, gone_with_rows
from autoprod.core.formatting import MISSING
from autoprod.core.periods import Period
from autoprod.core.scoping import Action, Scope
from evaluation.columns.reports import name_of
from evaluation.documents.reports import Draft, Subject, document_of, draft_of
from evaluation.enums import Audience
from evaluation.models import Report
from evaluation.results import definition
from programmes.models import Programme

#: What the figures that are not of the period itself are called in a difference.
_GROUPS = {
    "before": " de la période précédente",
    "since": " depuis janvier",
    "to_close": " à clôturer",
}


def next_number(scope: Scope, programme: Programme, period: Period) -> int:
    """Return the version that a publication would make: 1 the first time."""
    reports = Report.objects.for_scope(scope, Action.EDIT_REPORTS).over(programme, period)
    last = reports.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def publish(
    *, scope: Scope, programme: Programme, period: Period, number: int, reason: str = ""
) -> list[Report]:
    """Freeze the bilan in its two editions and return them: both or none.

    `number` is the version the caller was shown: IntegrityError when somebody published it
    meanwhile, or when a new version has no reason.
    """
    at = timezone.now()
    reports = []
    for audience in Audience:
        draft = draft_of(Subject(scope, programme, period, audience), number=number)
        document, content = document_of(draft, at=at, published=True)
        report = _report(draft, document.filename, content)
        report.reason, report.published_at = reason, at
        reports.append(report)
    _save(scope, reports)
    return reports


def _report(draft: Draft, title: str, content: bytes) -> Report:
    subject = draft.subject
    upload = CheckedUpload(
        title=title,
        content=content,
        content_type=PDF,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    return Report.from_upload(
        upload,
        by=subject.scope.actor_key,
        programme=subject.programme,
        starts_on=subject.period.start,
        ends_on=subject.period.end,
        audience=subject.audience,
        number=draft.number,
        note=draft.note,
        figures=draft.frozen,
        fingerprint=draft.fingerprint,
        has_amounts=draft.has_amounts,
        published_by=subject.scope.actor_label,
    )


def _save(scope: Scope, reports: list[Report]) -> None:
    """Save the rows and their files; the files go when the rows cannot stay."""
    with gone_with_rows(), transaction.atomic():
        for report in reports:
            report.save()
            label = f"{label_of(report)}, {name_of(report.period)}, "
            label += report.get_audience_display()
            record(scope, Verb.DOCUMENT, report, label=label, reason=report.reason)


def is_intact(report: Report) -> bool:
    """Tell whether the stored PDF is, byte for byte, the one that was published."""
    try:
        with report.file.storage.open(report.file.name) as stored:
            return hashlib.file_digest(stored, "sha256").hexdigest() == report.sha256
    except FileNotFoundError:
        return False


# What changed since.


@dataclass(frozen=True)
class Difference:
    """A printed figure that is no longer what was published."""

    label: str
    old: str
    new: str


def differences(report: Report, draft: Draft) -> list[Difference]:
    """Return the figures that changed since the publication, among those the reader may see."""
    old, new = report.figures["figures"], draft.frozen["figures"]
    return [
        difference
        for group, found in draft.figures.items()
        for code in found
        if code in old.get(group, {})
        for difference in _of_figure(group, code, old[group][code], new[group][code])
    ]


def _of_figure(group: str, code: str, old: dict, new: dict) -> Iterator[Difference]:
    name = definition(code).label + _GROUPS.get(group, "")
    if old["version"] != new["version"]:
        name += " (définition revue)"
    if old["text"] != new["text"] or old["version"] != new["version"]:
        yield Difference(name, old["text"], new["text"])
    for dimension in new["parts"]:
        if dimension in old["parts"]:
            yield from _of_parts(name, old["parts"][dimension], new["parts"][dimension])


def _of_parts(name: str, old: list[dict], new: list[dict]) -> Iterator[Difference]:
    before = {line["label"]: line["text"] for line in old}
    after = {line["label"]: line["text"] for line in new}
    for label in before | after:
        pair = before.get(label, MISSING), after.get(label, MISSING)
        if pair[0] != pair[1]:
            yield Difference(f"{name} · {label}", *pair)
