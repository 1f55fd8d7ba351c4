"""Who took part in a workshop of a session."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from autoprod.core.formatting import clock_range, counted
from autoprod.core.views import get_or_404, requires
from beneficiaries.forms.attendance import ParticipantsForm
from beneficiaries.models import WorkshopParticipation
from beneficiaries.services import workshops
from beneficiaries.services.rolls import roll_of
from beneficiaries.views.rolls import A, crumbs_of, url_of
from programmes.models import Workshop


def workshop_of(request: HttpRequest, pk: int) -> Workshop:
    """Return a workshop of the scope, its programme told to the top bar; Http404 outside."""
    rows = Workshop.objects.for_scope(request.scope, A)
    rows = rows.select_related("theme", "session__kind", "session__programme__territory")
    workshop = get_or_404(rows, pk=pk)
    request.shown_programme = workshop.session.programme_id
    return workshop


@require_http_methods(["GET", "HEAD", "POST"])
@requires(A)
def workshop_participants(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick who took part, among the people present at the session."""
    workshop = workshop_of(request, pk)
    session = workshop.session
    present = [row for row in roll_of(session).rows if row.is_present]
    taken = WorkshopParticipation.objects.for_scope(request.scope, A).of(workshop)
    initial = {"enrolments": list(taken.values_list("enrolment", flat=True))}
    data = request.POST if request.method == "POST" else None
    form = ParticipantsForm(data, rows=present, initial=initial)
    if form.is_valid():
        everybody = {row.enrolment.pk for row in present} if "everybody" in request.POST else set()
        chosen = everybody or form.cleaned_data["enrolments"]
        said = {"enrolments": chosen, "seen": form.seen}
        try:
            workshops.set_participants(scope=request.scope, workshop=workshop, **said)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{counted(taken.count(), 'participant', 'participants')}.")
            return redirect(url_of(session))
    return render(request, "beneficiaries/attendance/workshop.html", _page(workshop, form, present))


def _page(workshop: Workshop, form: ParticipantsForm, present: list) -> dict:
    session = workshop.session
    start, end = (at.astimezone(session.zone) for at in (workshop.starts_at, workshop.ends_at))
    return {
        "title": f"Participants\u00a0: {workshop}",
        "subtitle": f"{session} · {clock_range(start, end)}",
        "form": form,
        "present": present,
        "cancel_url": url_of(session),
        "breadcrumbs": [*crumbs_of(session), {"label": "Feuille", "url": url_of(session)}],
    }
