"""« Attestation de participation »: what somebody did between two days, for whom they show it to.

It says dates, hours and activities; nothing of why they came nor of what they live.
"""

from collections.abc import Sequence

from django.db.models import Count, Sum

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import counted, day_range, hours
from autoprod.core.pdf import Document, render
from autoprod.core.periods import Period
from autoprod.core.scoping import Action, Scope
from beneficiaries.documents.papers import phone_of
from beneficiaries.enums import PaperKind
from beneficiaries.models import Attendance, Enrolment

STYLESHEET = "static:css/pdf_letters.css"


def certificate(
    scope: Scope, stay: Enrolment, period: Period, *, with_activities: bool = True
) -> tuple[Document, bytes]:
    """Return the certificate of a stay over some days and its PDF; the making is in the journal.

    Only the hours of closed sessions count. Workshops are not told: their titles say what somebody
    came to ask, and the paper is shown to an employer.
    """
    rows = Attendance.objects.for_scope(scope, Action.VIEW_PERSONS).of(stay).in_period(period)
    activities = _activities(rows.counted())
    programme = stay.programme
    document = Document(
        template="beneficiaries/pdf/certificate.html",
        title=PaperKind.CERTIFICATE.label,
        filename=f"attestation-{stay.person_id}-{period.slug}",
        organisation=programme.territory.controller,
    )
    context = {
        "person": stay.person,
        "programme": programme.name,
        "dates": day_range(period.start, period.end),
        "days": counted(rows.counted().values("on").distinct().count(), "jour", "jours"),
        "total": hours(sum(row["minutes"] for row in activities)),
        "activities": activities if with_activities else [],
        "phone": phone_of(scope, programme),
        "letter_stylesheet": STYLESHEET,
    }
    content = render(document, context=context)
    label = f"{PaperKind.CERTIFICATE.label} de la personne n° {stay.person_id}"
    record(scope, Verb.DOCUMENT, stay.person, label=label)
    return document, content


def _activities(rows) -> Sequence[dict]:
    """Return each kind of session with its days and minutes, the longest first."""
    counts = rows.values("session__kind__label").annotate(
        days=Count("on", distinct=True), minutes=Sum("minutes")
    )
    return list(counts.order_by("-minutes", "session__kind__label"))
