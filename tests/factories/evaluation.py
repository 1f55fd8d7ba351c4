"""Texts and published bilans, for tests: the plainest valid values, invented figures."""

import hashlib

from django.utils import timezone

from autoprod.core.files import PDF, CheckedUpload
from autoprod.core.periods import Kind, Period
from evaluation.enums import Audience
from evaluation.models import Report, ReportNote
from programmes.models import Programme
from tests.factories.programmes import yesterday


def last_month() -> Period:
    """Return the month of yesterday, that of the world's session."""
    return Period.containing(yesterday(), Kind.MONTH)


def make_note(programme: Programme, period: Period | None = None, text: str = "") -> ReportNote:
    """Return what marked a period, the month of yesterday unless said."""
    period = period or last_month()
    return ReportNote.objects.create(
        programme=programme,
        starts_on=period.start,
        ends_on=period.end,
        text=text or "Les semis sont sortis.",
    )


def make_report(
    programme: Programme,
    period: Period | None = None,
    audience: str = Audience.DIFFUSION,
    **fields,
) -> Report:
    """Return a published bilan of the month of yesterday; its document is a few bytes of PDF."""
    period = period or last_month()
    content = b"%PDF-1.4\n%%EOF\n"
    values = {
        "starts_on": period.start,
        "ends_on": period.end,
        "audience": audience,
        "figures": {"figures": {}},
        "fingerprint": "0" * 8,
        "published_at": timezone.now(),
    }
    upload = CheckedUpload("bilan", content, PDF, hashlib.sha256(content).hexdigest())
    report = Report.from_upload(upload, by="", programme=programme, **values | fields)
    report.save()
    return report
