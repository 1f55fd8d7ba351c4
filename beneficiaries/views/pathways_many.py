"""The same step for several persons at once: those of a session, of a workshop, or chosen."""

from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from autoprod.core.formatting import counted, day
from autoprod.core.forms import KEY_DIGITS
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from autoprod.core.views import PageMixin, ScopedMixin, get_or_404, requires
from beneficiaries.forms.pathways import StepForManyForm
from beneficiaries.models import Attendance, Enrolment, Step, WorkshopParticipation
from beneficiaries.services import pathways
from beneficiaries.views import taking_back
from programmes.models import Programme, Session, Workshop
from programmes.views.programmes import InProgramme

_ADDED = "steps"


def list_url(programme_key: int, on: date) -> str:
    """Return the steps of the month of a day."""
    month = Period.containing(on, Kind.MONTH)
    return reverse("beneficiaries:step_list", args=[programme_key, month])


class StepCreateMany(InProgramme, ScopedMixin, PageMixin, FormView):
    """Choose a step and a day, then tick who takes it."""

    form_class = StepForManyForm
    action = Action.EDIT_PATHWAYS
    parent_model = Programme
    parent_kwarg = "programme"
    template_name = "core/form.html"
    title = "Ajouter une démarche à plusieurs personnes"

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Start without a session nor a workshop."""
        self.present, self.on, self.said = frozenset(), timezone.localdate(), ""
        return super().dispatch(request, *args, **kwargs)

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.parent

    def get_form(self, form_class=None) -> StepForManyForm:
        """Read who was there, when the address says a session or a workshop."""
        self._read_presences()
        return super().get_form(form_class)

    def _read_presences(self) -> None:
        if key := self.request.GET.get("seance"):
            rows = Session.objects.for_scope(self.scope, Action.VIEW_SESSIONS).of(self.parent)
            session = get_or_404(rows.select_related("kind"), pk=_key(key))
            rows = Attendance.objects.for_scope(self.scope, Action.VIEW_PERSONS).of(session)
            self._take(rows.present(), session.on, str(session))
        elif key := self.request.GET.get("atelier"):
            rows = Workshop.objects.for_scope(self.scope, Action.VIEW_SESSIONS)
            rows = rows.filter(session__programme=self.parent).select_related("session", "theme")
            workshop = get_or_404(rows, pk=_key(key))
            rows = WorkshopParticipation.objects.for_scope(self.scope, Action.VIEW_PERSONS)
            self._take(rows.of(workshop), workshop.session.on, str(workshop))

    def _take(self, rows: models.QuerySet, on: date, title: str) -> None:
        self.present, self.on = frozenset(rows.values_list("enrolment", flat=True)), on
        self.said = f"{title}, {day(on)}\u00a0: les présents sont cochés."

    def get_subtitle(self) -> str:
        """Return whose presences are ticked."""
        return self.said

    def get_people(self) -> models.QuerySet:
        """Return the enrolments offered: those of today, and who was there."""
        rows = Enrolment.objects.for_scope(self.scope, self.action).of(self.parent)
        rows = rows.select_related("person", "programme")
        return rows.ongoing(timezone.localdate()) | rows.filter(pk__in=self.present)

    def get_form_kwargs(self) -> dict:
        """Give the form its scope and who is offered."""
        kwargs = {"scope": self.scope, "programme": self.parent, "people": self.get_people()}
        return super().get_form_kwargs() | kwargs

    def get_initial(self) -> dict:
        """Tick who was there, on that day."""
        return {"people": list(self.present), "on": min(self.on, timezone.localdate())}

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [("Démarches", list_url(self.parent.pk, self.on))]

    def get_context_data(self, **kwargs) -> dict:
        """Add the buttons."""
        kwargs.setdefault("form", self.get_form())
        cancel_url = self.get_breadcrumbs()[-1][1]
        return super().get_context_data(
            submit_label="Ajouter la démarche", cancel_url=cancel_url, delete_url="", **kwargs
        )

    def form_valid(self, form: StepForManyForm) -> HttpResponse:
        """Add the step to each, and say who had it already."""
        chosen = list(form.cleaned_data["people"])
        planned = form.planned()
        added = pathways.add_to_many(scope=self.scope, enrolments=chosen, planned=planned)
        _tell(self.request, self.parent, added)
        return redirect(list_url(self.parent.pk, planned.on))


def _key(text: str) -> int:
    """Return a key of the address; 404 for what no row can have."""
    if not text.isdecimal() or len(text) > KEY_DIGITS:
        raise Http404
    return int(text)


def _tell(request: HttpRequest, programme: Programme, added: pathways.Added) -> None:
    skipped = _skipped(added.skipped)
    if not added.steps:
        messages.info(request, f"Rien n’a été ajouté. {skipped}")
        return
    url = reverse("beneficiaries:step_undo_many", args=[programme.pk])
    button = taking_back.button(request, url, added.steps, what=_ADDED)
    people = counted(len(added.steps), "personne", "personnes")
    messages.success(request, format_html("Démarche ajoutée à {}. {} {}", people, skipped, button))


def _skipped(enrolments: Sequence[Enrolment]) -> str:
    if not enrolments:
        return ""
    *names, last = [enrolment.person.short_name for enrolment in enrolments]
    said = f"{', '.join(names)} et {last}" if names else last
    # A short name ends with a dot of its own.
    return f"Elle était déjà notée pour {said}"


@require_POST
@requires(Action.EDIT_PATHWAYS)
def step_undo_many(request: HttpRequest, programme: int) -> HttpResponse:
    """Take back the steps that the last gesture added, those nobody has touched since."""
    programmes = Programme.objects.for_scope(request.scope, Action.EDIT_PATHWAYS)
    parent = get_or_404(programmes, pk=programme)
    keys = taking_back.keys_of(request, what=_ADDED)
    rows = Step.objects.for_scope(request.scope, Action.EDIT_PATHWAYS)
    rows = rows.filter(enrolment__programme=parent, pk__in=keys)
    count = pathways.take_back(
        scope=request.scope, steps=rows.select_related("enrolment__programme")
    )
    if count:
        messages.success(request, f"{counted(count, 'démarche retirée', 'démarches retirées')}.")
    else:
        messages.info(request, "Il n’y a plus rien à retirer.")
    return redirect(list_url(parent.pk, timezone.localdate()))
