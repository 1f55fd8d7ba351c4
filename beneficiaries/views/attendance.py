"""One tap saves one line, with or without scripts."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST

from autoprod.core.htmx import wants_part
from autoprod.core.views import requires
from beneficiaries.enums import Presence
from beneficiaries.forms.attendance import TapForm, absence_reasons
from beneficiaries.services import attendance, stretches
from beneficiaries.services.rolls import Row, row_of, sites_of
from beneficiaries.views.rolls import A, part_of, roll_page, saved_words, session_of, url_of
from programmes.models import ReferenceCode, Session


@require_POST
@requires(A)
def attendance_tap(request: HttpRequest, pk: int, enrolment: int) -> HttpResponse:
    """Save one tap; answer the row for HTMX, otherwise go back to it."""
    try:
        with attendance.holding(request.scope, pk) as session:
            form = _read(request, session)
            if form.asks_for_a_site_only:
                return _site_shown(request, session, enrolment, form)
            row = _tapped(request, session, enrolment, form)
    except Session.DoesNotExist as error:
        raise Http404 from error
    except ValidationError as error:
        return refused(request, session_of(request, pk), enrolment, error)
    return saved(request, session, row, form)


def _read(request: HttpRequest, session: Session) -> TapForm:
    """Return what was sent; ValidationError when it was not sent by our page."""
    form = TapForm(request.POST, scope=request.scope, sites=sites_of(session))
    if not form.is_valid():
        raise ValidationError(attendance.RELOAD)
    return form


def _tapped(request: HttpRequest, session: Session, enrolment: int, form: TapForm) -> Row:
    """Write what is asked of a row, and return it; ValidationError when it cannot be."""
    asked = {"scope": request.scope, "session": session, "enrolment": enrolment}
    if form.cleaned_data["takes_back"]:
        return stretches.take_back(**asked, version=form.cleaned_data["version"])
    if form.unticks:
        return attendance.untick_held(**asked, version=form.cleaned_data["version"])
    return attendance.tick_held(**asked, tap=form.tap(session))


def saved(
    request: HttpRequest, session: Session, row: Row, form: TapForm | None = None
) -> HttpResponse:
    """Answer the row that was written, or go back to it."""
    if not wants_part(request):
        return redirect(url_of(session, row.enrolment.pk))
    reasons = form.reasons if form and row.status == Presence.EXCUSED else []
    return _part(request, session, row, reasons=reasons, saved=saved_words(timezone.now()))


def refused(
    request: HttpRequest, session: Session, enrolment: int, error: ValidationError
) -> HttpResponse:
    """Answer the row as it is stored, with the reason beside it; 404 for an unknown key."""
    if getattr(error, "code", "") == "unknown":
        raise Http404
    said = " ".join(error.messages)
    if not wants_part(request):
        return roll_page(request, session, faults={enrolment: said})
    row = row_or_404(session, enrolment)
    reasons = absence_reasons(request.scope) if row.status == Presence.EXCUSED else []
    return _part(request, session, row, reasons=reasons, fault=said)


def row_or_404(session: Session, enrolment: int) -> Row:
    row = row_of(session, enrolment)
    if row is None:
        raise Http404
    return row


def _site_shown(
    request: HttpRequest, session: Session, enrolment: int, form: TapForm
) -> HttpResponse:
    """Answer the row with another site in its pill: nothing is saved before a status is."""
    if not wants_part(request):
        return roll_page(request, session, sites={enrolment: form.chosen_site})
    row = row_or_404(session, enrolment)
    if not row.lines:
        row.site = form.chosen_site
    return _part(request, session, row)


def _part(
    request: HttpRequest,
    session: Session,
    row: Row,
    *,
    reasons: Sequence[ReferenceCode] = (),
    fault: str = "",
    saved: str = "",
) -> HttpResponse:
    """Return the state of one row, alone."""
    context = part_of(session, row, reasons=reasons, fault=fault) | {"saved": saved}
    return bare(request, "beneficiaries/attendance/_state.html", context)


def bare(request: HttpRequest, template: str, context: dict) -> HttpResponse:
    """Return a piece of page without what the layout reads: a tap is answered in few queries."""
    html = render_to_string(template, context | {"csrf_token": get_token(request)})
    response = HttpResponse(html)
    patch_vary_headers(response, ["HX-Request"])
    return response
