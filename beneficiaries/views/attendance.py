"""One tap saves one line, with or without scripts; the hours of somebody late."""

from uuid import uuid4

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST

from autoprod.core.htmx import wants_part
from autoprod.core.views import requires
from beneficiaries.enums import Presence
from beneficiaries.forms.attendance import HoursForm, TapForm, absence_reasons
from beneficiaries.services import attendance
from beneficiaries.services.rolls import Row, note_of, roll_of, row_of, sites_of
from beneficiaries.views.rolls import (
    A,
    crumbs_of,
    part_of,
    roll_page,
    saved_words,
    session_of,
    url_of,
)
from programmes.models import Session


@require_POST
@requires(A)
def attendance_tap(request: HttpRequest, pk: int, enrolment: int) -> HttpResponse:
    """Save one tap; answer the row for HTMX, otherwise go back to it."""
    session = session_of(request, pk)
    form = TapForm(request.POST, scope=request.scope, sites=sites_of(session))
    if not form.is_valid():
        return _refused(request, session, enrolment, attendance.RELOAD)
    if form.asks_for_a_site_only:
        return _site_shown(request, session, enrolment, form)
    try:
        if form.unticks:
            row = attendance.untick(
                scope=request.scope,
                session=session,
                enrolment=enrolment,
                version=form.cleaned_data["version"],
            )
        else:
            row = attendance.tick(
                scope=request.scope, session=session, enrolment=enrolment, tap=form.tap()
            )
    except ValidationError as error:
        return _refused(request, session, enrolment, error)
    return _saved(request, session, row)


def _saved(request: HttpRequest, session: Session, row: Row) -> HttpResponse:
    if not wants_part(request):
        return redirect(url_of(session, row.enrolment.pk))
    return _part(request, session, row, saved=saved_words(timezone.now()))


def _refused(
    request: HttpRequest, session: Session, enrolment: int, error: Exception | str
) -> HttpResponse:
    """Answer the row as it is stored, with the reason beside it; 404 for an unknown key."""
    if getattr(error, "code", "") == "unknown":
        raise Http404
    said = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
    if not wants_part(request):
        return roll_page(request, session, faults={enrolment: said})
    row = _row_or_404(session, enrolment)
    return _part(request, session, row, fault=said)


def _row_or_404(session: Session, enrolment: int) -> Row:
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
    row = _row_or_404(session, enrolment)
    if not row.lines:
        row.site = form.chosen_site
    return _part(request, session, row)


def _part(
    request: HttpRequest, session: Session, row: Row, *, fault: str = "", saved: str = ""
) -> HttpResponse:
    """Return the state of one row, alone."""
    reasons = absence_reasons(request.scope) if row.status == Presence.EXCUSED else []
    context = part_of(session, row, reasons=reasons, fault=fault) | {"saved": saved}
    return _bare(request, "beneficiaries/attendance/_state.html", context)


def _bare(request: HttpRequest, template: str, context: dict) -> HttpResponse:
    """Return a piece of page without what the layout reads: a tap is answered in few queries."""
    html = render_to_string(template, context | {"csrf_token": get_token(request)})
    response = HttpResponse(html)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@requires(A)
def attendance_hours(request: HttpRequest, pk: int, enrolment: int) -> HttpResponse:
    """Note when somebody came late or left early."""
    session = session_of(request, pk)
    row = _row_or_404(session, enrolment)
    initial = {"version": row.line.version if row.line else 0, "client_uuid": uuid4()}
    form = HoursForm(
        _with_proposal(request.POST) if request.method == "POST" else None,
        session=session,
        row=row,
        initial=initial,
        auto_id=f"id_{enrolment}_%s",
    )
    if form.is_valid():
        try:
            saved = attendance.set_hours(
                scope=request.scope, session=session, enrolment=enrolment, tap=form.tap()
            )
            return _saved(request, session, saved)
        except ValidationError as error:
            row = _row_or_404(session, enrolment)
            _tell(form, error, row)
    return _hours_page(request, session, row, form)


def _with_proposal(sent: QueryDict) -> QueryDict:
    """Return the form as if the hour of the button pressed had been typed."""
    data = sent.copy()
    for name in ("starts_at", "ends_at"):
        if proposed := sent.get(f"{name}_proposal"):
            data[name] = proposed
    return data


def _tell(form: HoursForm, error: ValidationError, row: Row) -> None:
    """Put a refusal beside its field, above them when it has none there.

    After a stale one, the next submit is made knowingly: it carries the version now told.
    """
    for name, errors in getattr(error, "error_dict", {None: [error]}).items():
        for one in errors:
            form.add_error(name if name in form.fields else None, one)
    if getattr(error, "code", "") == "stale":
        stored = Presence(row.status).label if row.status else "à pointer"
        told = " · ".join(filter(None, [stored, note_of(row, form.session)]))
        form.add_error(None, f"Enregistré entre-temps\u00a0: {told}.")
        form.data = form.data.copy()
        form.data["version"] = row.line.version if row.line else 0


def _hours_page(request: HttpRequest, session: Session, row: Row, form: HoursForm) -> HttpResponse:
    """Return the form in the row for HTMX, on a page otherwise."""
    context = {"session": session, "row": row, "key": row.enrolment.pk, "form": form}
    if wants_part(request):
        return _bare(request, "beneficiaries/attendance/_hours.html", context)
    named = roll_of(session).row(row.enrolment.pk)
    context |= {
        "title": f"Horaires de {named.name if named else row.enrolment.person}",
        "breadcrumbs": [*crumbs_of(session), {"label": "Feuille", "url": url_of(session)}],
    }
    return render(request, "beneficiaries/attendance/hours.html", context)
