"""The page where a paper sheet is typed back, by keyboard alone."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from autoprod.core.formatting import day
from autoprod.core.views import requires
from beneficiaries.documents.sheets import name_on_paper
from beneficiaries.forms.attendance import absence_reasons
from beneficiaries.forms.typed_sheets import TypedSheet, said_of
from beneficiaries.services import typed_sheets
from beneficiaries.services.rolls import roll_of, state_of
from beneficiaries.services.typed_sheets import Outcome
from beneficiaries.views.rolls import A, crumbs_of, session_of, url_of
from programmes.models import Session


@require_http_methods(["GET", "HEAD", "POST"])
@requires(A)
def attendance_typing(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the lines of the paper, and save what is typed of them all at once."""
    session = session_of(request, pk)
    if state_of(session) != "open":
        messages.info(request, "Cette séance n’est pas ouverte au pointage.")
        return redirect(url_of(session))
    sheet = _sheet(request, session)
    if request.method != "POST":
        return _page(request, sheet)
    try:
        outcome = _save(request, sheet)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(url_of(session))
    said = said_of(len(outcome.saved), len(sheet.faulty))
    if not sheet.faulty:
        messages.success(request, said)
        return redirect(url_of(session))
    fresh = _sheet(request, session)
    fresh.keep(sheet.faulty)
    return _page(request, fresh, said=said)


def _save(request: HttpRequest, sheet: TypedSheet) -> Outcome:
    """Save the lines that can be, and tell the others why not."""
    lines = sheet.read(request.POST)
    outcome = typed_sheets.type_in(scope=request.scope, session=sheet.session, lines=lines)
    for line in [*sheet.lines, *sheet.added]:
        if line.row and not line.fault:
            line.fault = outcome.faults.get(line.row.enrolment.pk, "")
    return outcome


def _sheet(request: HttpRequest, session: Session) -> TypedSheet:
    roll = roll_of(session)
    everybody = [row.enrolment for row in (*roll.rows, *roll.others)]
    labels = {one.pk: name_on_paper(one.person) for one in everybody}
    signed = typed_sheets.signed_among(session, labels)
    return TypedSheet(roll, labels=labels, reasons=absence_reasons(request.scope), signed=signed)


def _page(request: HttpRequest, sheet: TypedSheet, said: str = "") -> HttpResponse:
    session = sheet.session
    context = {
        "session": session,
        "sheet": sheet,
        "several": len(sheet.sites) > 1,
        "said": said,
        "title": "Saisir une feuille",
        "subtitle": f"{session}, {day(session.on, weekday=True)}, {session.hours}",
        "breadcrumbs": [*crumbs_of(session), {"label": "Feuille", "url": url_of(session)}],
        "cancel_url": url_of(session),
    }
    return render(request, "beneficiaries/attendance/typing.html", context)
