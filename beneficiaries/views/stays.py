"""Pages of what happens during a stay: welcoming, another level, a pause, and their undoing."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from autoprod.core.scoping import Action
from autoprod.core.views import CreatePage, DeletePage, UpdatePage, get_or_404, requires
from beneficiaries.enums import Level
from beneficiaries.forms.stays import LevelForm, SuspensionForm, WelcomeForm, other_level
from beneficiaries.models import Enrolment, LevelChange, Person, Suspension
from beneficiaries.services import stays
from beneficiaries.views.person_files import OfPerson
from programmes.models import Programme

_STAY = ("enrolment__person", "enrolment__programme__territory")


def enrolments_url(enrolment: Enrolment) -> str:
    """Return the tab of enrolments of who is enrolled."""
    return reverse("beneficiaries:person_enrolments", args=[enrolment.person_id])


def undo_form(request: HttpRequest, url: str, **fields: str) -> SafeString:
    """Return the button that takes a gesture back, for the message that tells of it."""
    return render_to_string(
        "beneficiaries/stays/_undo.html", {"url": url, "fields": fields}, request
    )


class OfStay(OfPerson):
    """A page about something of a stay, which leads back to the tab of enrolments."""

    action = Action.EDIT_PATHWAYS
    tab = "person_enrolments"
    parent_kwarg = "enrolment"

    def get_stay(self) -> Enrolment:
        """Return the stay the page is about."""
        return self.parent or self.object.enrolment

    def get_person(self) -> Person:
        """Return who is enrolled."""
        return self.get_stay().person

    def get_programme(self) -> Programme:
        """Return the programme of the stay, for the top bar."""
        return self.get_stay().programme

    def get_subtitle(self) -> str:
        """Return whose stay it is, and where."""
        return f"{self.get_person()} · {self.get_programme()}"


class EnrolmentWelcome(OfStay, UpdatePage):
    """Note the first day of somebody who waits."""

    model = Enrolment
    form_class = WelcomeForm
    action = Action.EDIT_PERSONS
    select_related = ("person", "programme__territory")
    title = "Accueillir"
    submit_label = "Accueillir"

    def get_queryset(self):
        """Return who waits: whoever came in is corrected elsewhere."""
        return super().get_queryset().waiting()

    def get_stay(self) -> Enrolment:
        """Return the enrolment itself."""
        return self.object

    def get_title(self) -> str:
        """Return who is welcomed."""
        return f"Accueillir {self.object.person}"

    def get_success_url(self) -> str:
        """Lead to the person's page, where the pathway begins."""
        return reverse("beneficiaries:person_detail", args=[self.object.person_id])

    def get_cancel_url(self) -> str:
        """Return to the tab."""
        return enrolments_url(self.object)

    @property
    def success_message(self) -> str:
        """Say who came in."""
        return f"{self.object.person}\u00a0: entrée notée."


class LevelChangeCreate(OfStay, CreatePage):
    """From a day on, accompany somebody otherwise."""

    model = LevelChange
    form_class = LevelForm
    parent_model = Enrolment
    success_message = "Changement noté."

    def get_fixed(self) -> dict:
        """Return the stay and its level of now."""
        return {"enrolment": self.parent, "before": self.parent.level}

    def get_title(self) -> str:
        """Return what is done."""
        level = Level(other_level(self.parent.level))
        return f"Passer en {level.label.lower()}"


@require_POST
@requires(Action.EDIT_PATHWAYS)
def level_change_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the last change of level."""
    rows = LevelChange.objects.for_scope(request.scope, Action.EDIT_PATHWAYS)
    change = get_or_404(rows.select_related(*_STAY), pk=pk)
    try:
        stays.undo_level_change(scope=request.scope, change=change)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "Le changement est annulé.")
    return redirect(enrolments_url(change.enrolment))


class SuspensionCreate(OfStay, CreatePage):
    """Suspend a stay: nobody is expected, nothing is due."""

    model = Suspension
    form_class = SuspensionForm
    parent_model = Enrolment
    title = "Mettre le parcours en pause"
    submit_label = "Mettre en pause"
    success_message = "Le parcours est en pause\u00a0: la personne n’est plus attendue aux séances."

    def get_fixed(self) -> dict:
        """Return the stay."""
        return {"enrolment": self.parent}


class SuspensionUpdate(OfStay, UpdatePage):
    """Correct the days of a pause, or its reason."""

    model = Suspension
    form_class = SuspensionForm
    select_related = _STAY

    def get_title(self) -> str:
        """Return what is written."""
        return "Pause du parcours"

    def get_delete_url(self) -> str:
        """Lead to the deletion."""
        return reverse("beneficiaries:suspension_delete", args=[self.object.pk])


class SuspensionDelete(OfStay, DeletePage):
    """Delete a pause noted by mistake."""

    model = Suspension
    select_related = _STAY

    def get_title(self) -> str:
        """Return the question."""
        return "Supprimer cette pause\u00a0?"


def _suspension(request: HttpRequest, pk: int) -> Suspension:
    rows = Suspension.objects.for_scope(request.scope, Action.EDIT_PATHWAYS)
    return get_or_404(rows.select_related(*_STAY), pk=pk)


@require_POST
@requires(Action.EDIT_PATHWAYS)
def suspension_resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that somebody is back today."""
    suspension = _suspension(request, pk)
    try:
        ended = stays.resume(scope=request.scope, suspension=suspension)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        url, before = reverse("beneficiaries:suspension_undo", args=[pk]), suspension.ends_on
        undo = undo_form(request, url, ends_on=before.isoformat() if before else "")
        messages.success(request, format_html("Le parcours reprend. {}", undo if ended else ""))
    return redirect(enrolments_url(suspension.enrolment))


@require_POST
@requires(Action.EDIT_PATHWAYS)
def suspension_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Give back to the pause the end it had before the tap."""
    suspension = _suspension(request, pk)
    try:
        typed = request.POST.get("ends_on", "")
        ends_on = date.fromisoformat(typed) if typed else None
        stays.undo_resume(scope=request.scope, suspension=suspension, ends_on=ends_on)
    except (ValueError, ValidationError):
        messages.error(request, stays.MOVED)
    else:
        messages.success(request, "Le parcours est de nouveau en pause.")
    return redirect(enrolments_url(suspension.enrolment))
