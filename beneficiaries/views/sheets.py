"""The sheet to sign, as a PDF."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from autoprod.core.pdf import response
from autoprod.core.views import requires
from beneficiaries.documents.attendance import SheetLine, attendance_sheet, sheet_line
from beneficiaries.services.rolls import Roll, roll_of
from beneficiaries.views.rolls import A, session_of
from programmes.models import Site


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
