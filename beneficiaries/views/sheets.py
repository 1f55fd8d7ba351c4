"""The sheets to sign, as PDF: a session's, those of a day or a month, a meeting's."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from autoprod.core.pdf import response
from autoprod.core.periods import Period
from autoprod.core.views import get_or_404, requires
from beneficiaries.documents.attendance import SheetLine, attendance_sheet, sheet_line
from beneficiaries.documents.sheets import collective_sheet, name_on_paper, table_sheet
from beneficiaries.enums import Presence
from beneficiaries.services import sheets
from beneficiaries.services.rolls import Roll, roll_of
from beneficiaries.views.rolls import A, session_of
from programmes.models import Programme, Site

#: The days of the longest table: a month.
LONGEST = 31
NOTHING = "Aucune séance sur ces jours\u00a0: il n’y a pas de feuille à imprimer."


@require_safe
@requires(A)
def attendance_sheet_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the sheet of a session."""
    session = session_of(request, pk)
    document, content = attendance_sheet(request.scope, session, _groups(roll_of(session)))
    return response(document, content)


def _groups(roll: Roll) -> list[tuple[Site | None, list[SheetLine]]]:
    """Return each site of the session with the people expected there, in the order of names."""
    groups: dict[Site | None, list[SheetLine]] = {site: [] for site in roll.sites}
    for row in roll.rows:
        line = sheet_line(row.enrolment.person, row.lines, roll.session)
        groups.setdefault(row.site, []).append(line)
    return list(groups.items()) or [(None, [])]


@require_safe
@requires(A)
def attendance_table_pdf(request: HttpRequest, programme: int, period: Period) -> HttpResponse:
    """Send the sheet of a day, a week or a month: a column per half-day, a row per person."""
    if period.days > LONGEST:
        raise Http404
    parent = get_or_404(Programme.objects.for_scope(request.scope, A), pk=programme)
    found = sheets.sessions_to_print(request.scope, parent, period)
    if not found:
        messages.info(request, NOTHING)
        return redirect("beneficiaries:attendance_list", parent.pk, period)
    document, content = table_sheet(request.scope, period, found, sheets.lines_of(found))
    return response(document, content)


@require_safe
@requires(A)
def attendance_collective_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the sheet of a meeting: one line each, those expected or blank ones (`noms=non`)."""
    session = session_of(request, pk)
    rows = [] if request.GET.get("noms") == "non" else roll_of(session).rows
    coming = [row for row in rows if row.status in ("", Presence.PRESENT)]
    names = [name_on_paper(row.enrolment.person) for row in coming]
    document, content = collective_sheet(request.scope, session, names)
    return response(document, content)
