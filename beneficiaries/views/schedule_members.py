"""The page of who is expected at the sessions of a schedule."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from autoprod.core.formatting import counted
from autoprod.core.intervals import not_over
from autoprod.core.periods import ONE_DAY
from autoprod.core.scoping import Action
from autoprod.core.views import get_or_404, requires
from beneficiaries.forms.schedule_members import MembersForm
from beneficiaries.models import ScheduleMember
from beneficiaries.services import schedule_members as services
from programmes.models import Schedule

A = Action.EDIT_SESSIONS
#: The button that expects people no more.
STOP = "stop"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(A)
def schedule_members(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who is expected at the sessions of a schedule, several people at once."""
    rows = Schedule.objects.for_scope(request.scope, A).select_related("programme", "kind")
    schedule = get_or_404(rows, pk=pk)
    request.shown_programme = schedule.programme_id
    form = _form(request, schedule)
    if form.is_valid():
        try:
            messages.success(request, _done(request, schedule, form))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("beneficiaries:schedule_members", pk)
    context = {
        "title": "Personnes attendues",
        "subtitle": str(schedule),
        "schedule": schedule,
        "form": form,
        "days": [form["starts_on"], form["ends_on"]],
        "stop": STOP,
        "breadcrumbs": [_crumb(schedule)],
    }
    return render(request, "beneficiaries/schedule_members/form.html", context)


def _crumb(schedule: Schedule) -> dict:
    url = reverse("programmes:schedule_detail", args=[schedule.pk])
    return {"label": str(schedule), "url": url}


def _form(request: HttpRequest, schedule: Schedule) -> MembersForm:
    """Return the form; `?inscription=` ticks the stay somebody comes from."""
    members = ScheduleMember.objects.for_scope(request.scope, A).of(schedule)
    key = request.GET.get("inscription", "")
    return MembersForm(
        request.POST if request.method == "POST" else None,
        scope=request.scope,
        schedule=schedule,
        members=members.filter(not_over(timezone.localdate())).order_by("starts_on", "pk"),
        initial={"enrolments": [key]} if key.isdecimal() else {},
    )


def _done(request: HttpRequest, schedule: Schedule, form: MembersForm) -> str:
    """Write what the button pressed asks, and return what to tell."""
    cleaned = form.cleaned_data
    asked = {"scope": request.scope, "schedule": schedule, "enrolments": cleaned["enrolments"]}
    if request.POST.get("act") == STOP:
        last = cleaned["ends_on"] or timezone.localdate() - ONE_DAY
        number = services.no_longer(**asked, after=last)
        words = "personne n’est plus attendue", "personnes ne sont plus attendues"
    else:
        days = {"starts_on": cleaned["starts_on"], "ends_on": cleaned["ends_on"]}
        number = services.expect(**asked, **days)
        words = "personne notée attendue", "personnes notées attendues"
    return f"{counted(number, *words)}." if number else "C’était déjà ainsi."
