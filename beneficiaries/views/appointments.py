"""Pages of appointments: planned, missed or cancelled in a tap, and the way back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from autoprod.core.formatting import clock, day
from autoprod.core.models import StaleError
from autoprod.core.returns import ComesBack, keeping_next, next_of
from autoprod.core.scoping import Action
from autoprod.core.views import CreatePage, UpdatePage, get_or_404, requires
from beneficiaries.enums import InterviewState
from beneficiaries.forms.interviews import AppointmentForm
from beneficiaries.models import Interview
from beneficiaries.services import interviews
from beneficiaries.views.pathways import ForPerson, InPathway, person_url

MOVED = "Ce rendez-vous vient d’être modifié. Vérifiez ce qu’il est devenu."
EARLY = "Ce rendez-vous est à venir. S’il n’a plus lieu, annulez-le."
TAPS = {
    InterviewState.MISSED: "la personne n’est pas venue",
    InterviewState.CANCELLED: "annulé",
}


class AppointmentCreate(ComesBack, ForPerson, CreatePage):
    """Take an appointment with somebody."""

    model = Interview
    form_class = AppointmentForm
    action = Action.EDIT_PATHWAYS
    title = "Nouveau rendez-vous"
    success_message = "Rendez-vous noté."

    def get_subtitle(self) -> str:
        """Return with whom."""
        return str(self.parent)

    def get_fixed(self) -> dict:
        """Return that it is to come."""
        return {"state": InterviewState.PLANNED}

    def get_initial(self) -> dict:
        """Propose oneself."""
        return {"led_by": self.request.user.pk}


class AppointmentUpdate(ComesBack, InPathway, UpdatePage):
    """Move an appointment, or correct it."""

    model = Interview
    form_class = AppointmentForm
    action = Action.EDIT_PATHWAYS
    select_related = ("enrolment__person", "enrolment__programme__territory")

    def get_queryset(self):
        """Return those that were not held."""
        return super().get_queryset().exclude(state=InterviewState.HELD)

    def get_title(self) -> str:
        """Return which appointment it is."""
        return f"Rendez-vous du {day(self.object.on)}"

    def get_subtitle(self) -> str:
        """Return with whom."""
        return str(self.object.enrolment.person)

    def get_delete_url(self) -> str:
        """Lead to the deletion."""
        url = reverse("beneficiaries:interview_delete", args=[self.object.pk])
        return keeping_next(self.request, url)


@require_POST
@requires(Action.EDIT_PATHWAYS)
def appointment_missed(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that nobody came."""
    return _tap(request, pk, InterviewState.MISSED)


@require_POST
@requires(Action.EDIT_PATHWAYS)
def appointment_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the appointment does not take place."""
    return _tap(request, pk, InterviewState.CANCELLED)


def _appointment(request: HttpRequest, pk: int) -> Interview:
    rows = Interview.objects.for_scope(request.scope, Action.EDIT_PATHWAYS)
    return get_or_404(rows.select_related("enrolment__programme"), pk=pk)


def _tap(request: HttpRequest, pk: int, state: InterviewState) -> HttpResponse:
    interview = _appointment(request, pk)
    person = interview.enrolment.person_id
    try:
        is_done = interviews.settle(scope=request.scope, interview=interview, state=state)
    except StaleError:
        is_done = False
    if is_done:
        again = reverse("beneficiaries:appointment_create", args=[person])
        context = {
            "undo": reverse("beneficiaries:appointment_undo", args=[pk]),
            "again": keeping_next(request, again),
            "next": next_of(request),
        }
        acts = render_to_string("beneficiaries/interviews/_settled.html", context, request)
        said = f"Rendez-vous du {_when(interview)}\u00a0: {TAPS[state]}."
        messages.success(request, format_html("{} {}", said, acts))
    else:
        is_early = interview.state == InterviewState.PLANNED
        messages.info(request, EARLY if is_early else MOVED)
    return redirect(next_of(request) or person_url(person))


def _when(interview: Interview) -> str:
    at = f", {clock(interview.at)}" if interview.at else ""
    return f"{day(interview.on)}{at}"


@require_POST
@requires(Action.EDIT_PATHWAYS)
def appointment_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Make it an appointment again."""
    interview = _appointment(request, pk)
    try:
        is_done = interviews.plan_again(scope=request.scope, interview=interview)
    except StaleError:
        is_done = False
    if is_done:
        messages.success(request, f"Le rendez-vous du {_when(interview)} est rétabli.")
    else:
        messages.info(request, MOVED)
    return redirect(next_of(request) or person_url(interview.enrolment.person_id))
