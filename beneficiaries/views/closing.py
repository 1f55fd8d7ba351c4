"""Closing a session, and opening it again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from autoprod.core.formatting import counted, hours
from autoprod.core.views import requires
from beneficiaries.forms.attendance import CloseForm, ReopenForm
from beneficiaries.services import closing
from beneficiaries.services.rolls import Roll, roll_of, state_of
from beneficiaries.views.rolls import A, counts_of, crumbs_of, session_of, url_of
from programmes.models import Session


@require_http_methods(["GET", "HEAD", "POST"])
@requires(A)
def attendance_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a session: from then on its hours count."""
    session = session_of(request, pk)
    if state_of(session) != "open":
        messages.info(request, "Cette séance n’est pas ouverte au pointage.")
        return redirect(url_of(session))
    roll = roll_of(session)
    form = CloseForm(request.POST if request.method == "POST" else None, waiting=roll.tally.waiting)
    if form.is_valid():
        absent = form.cleaned_data.get("absent", False)
        try:
            closing.close(scope=request.scope, session=session, absent=absent)
        except ValidationError as error:
            for said in error.messages:
                form.add_error("absent" if "absent" in form.fields else None, said)
        else:
            messages.success(request, _said(roll))
            return redirect(url_of(session))
    return render(request, "beneficiaries/attendance/close.html", _page(session, roll, form))


def _said(roll: Roll) -> str:
    came = [row for row in roll.rows if row.is_present and not row.is_apart]
    people = counted(len(came), "personne", "personnes")
    apart = f", et {hours(roll.minutes_apart)} à part" if roll.minutes_apart else ""
    return f"Séance clôturée\u00a0: {hours(roll.minutes)} comptées pour {people}{apart}."


def _page(session: Session, roll: Roll, form: CloseForm) -> dict:
    return {
        "session": session,
        "counts": counts_of(roll.tally, "open"),
        "minutes": roll.minutes,
        "minutes_apart": roll.minutes_apart,
        "form": form,
        "is_over": session.ends_at <= timezone.now(),
        "cancel_url": url_of(session),
        "title": "Clôturer la séance",
        "breadcrumbs": [*crumbs_of(session), {"label": "Feuille", "url": url_of(session)}],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@requires(A)
def attendance_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a closed session again, with a reason."""
    session = session_of(request, pk)
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            closing.reopen(scope=request.scope, session=session, reason=reason)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Séance rouverte\u00a0: ses heures ne comptent plus.")
            return redirect(url_of(session))
    context = {
        "title": "Rouvrir la séance",
        "subtitle": session,
        "submit_label": "Rouvrir",
        "form": form,
        "cancel_url": url_of(session),
        "breadcrumbs": [*crumbs_of(session), {"label": "Feuille", "url": url_of(session)}],
    }
    return render(request, "core/form.html", context)
