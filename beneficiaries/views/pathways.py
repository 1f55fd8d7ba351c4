"""Pages of the steps of a person and of a programme."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from autoprod.core.models import StaleError
from autoprod.core.periods import Period
from autoprod.core.scoping import Action
from autoprod.core.spreadsheets import download, kind_or_404, links
from autoprod.core.views import (
    CreatePage,
    DeletePage,
    ListPage,
    UpdatePage,
    get_or_404,
    requires,
)
from beneficiaries.columns.pathways import STEPS
from beneficiaries.enums import StepState
from beneficiaries.exports.pathways import StepResource
from beneficiaries.forms.pathways import StepFilter, StepForm
from beneficiaries.models import Enrolment, Person, Step
from beneficiaries.services import pathways
from beneficiaries.views.person_files import OfPerson
from beneficiaries.views.taps import MOVED, back_to, take_back, tell
from programmes.models import Programme
from programmes.views.periods import InPeriod

#: What a tap says once done, and when there was nothing to do.
TAPS = {
    StepState.STARTED: ("engagée aujourd’hui", "Cette démarche est déjà engagée."),
    StepState.DONE: ("aboutie aujourd’hui", "Cette démarche est déjà terminée."),
}
CONFIDENTIAL = "Document nominatif\u00a0: ne le transmettez qu’à qui suit ces personnes"
#: Where the steps are on the page of a person.
ANCHOR = "#objectifs"


def person_url(person_key: int) -> str:
    """Return the page of a person."""
    return reverse("beneficiaries:person_detail", args=[person_key])


class InPathway(OfPerson):
    """A page about something of a person's stay, which leads back to the person."""

    def get_person(self) -> Person:
        """Return whose pathway it is."""
        return self.parent or self.get_stay().person

    def get_stay(self) -> Enrolment:
        """Return the stay of what the page is about."""
        return self.object.enrolment

    def get_programme(self) -> Programme:
        """Return the programme of the stay, for the top bar."""
        return super().get_programme() if self.parent else self.get_stay().programme


class ForPerson(InPathway):
    """A page that adds something to a person; the form asks which stay when there are several."""

    parent_model = Person
    parent_kwarg = "person"

    def get_form_kwargs(self) -> dict:
        """Tell the form whose it is."""
        return super().get_form_kwargs() | {"person": self.parent}


class StepCreate(ForPerson, CreatePage):
    """Add a step to somebody's pathway."""

    model = Step
    form_class = StepForm
    action = Action.EDIT_PATHWAYS
    title = "Ajouter une démarche"
    success_message = "Démarche ajoutée."

    def get_initial(self) -> dict:
        """Start from the objective whose step it is; a wrong one is no choice of the form."""
        return {"objective": self.request.GET.get("objectif")}


class StepUpdate(InPathway, UpdatePage):
    """Edit a step."""

    model = Step
    form_class = StepForm
    action = Action.EDIT_PATHWAYS
    select_related = ("enrolment__person", "enrolment__programme__territory", "kind")

    def get_delete_url(self) -> str:
        """Lead to the deletion of the step."""
        return reverse("beneficiaries:step_delete", args=[self.object.pk])


class StepDelete(InPathway, DeletePage):
    """Delete a step."""

    model = Step
    action = Action.EDIT_PATHWAYS
    select_related = ("enrolment__person", "enrolment__programme", "kind")


def step_or_404(request: HttpRequest, pk: int) -> Step:
    """Return the step to write on."""
    rows = Step.objects.for_scope(request.scope, Action.EDIT_PATHWAYS)
    return get_or_404(rows.select_related("enrolment__programme", "kind"), pk=pk)


@require_POST
@requires(Action.EDIT_PATHWAYS)
def step_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the step starts today."""
    return _tap(request, step_or_404(request, pk), StepState.STARTED)


@require_POST
@requires(Action.EDIT_PATHWAYS)
def step_finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the step is done today."""
    return _tap(request, step_or_404(request, pk), StepState.DONE)


def _tap(request: HttpRequest, step: Step, state: StepState) -> HttpResponse:
    said, nothing_to_do = TAPS[state]
    try:
        before = pathways.mark(scope=request.scope, step=step, state=state)
    except StaleError:
        messages.error(request, MOVED)
    else:
        if before:
            undo = reverse("beneficiaries:step_undo", args=[step.pk])
            tell(request, step, said, undo, before)
        else:
            messages.info(request, nothing_to_do)
    return back_to(step.enrolment.person_id, ANCHOR)


@require_POST
@requires(Action.EDIT_PATHWAYS)
def step_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take off the dates a tap has just written."""
    step = step_or_404(request, pk)
    take_back(request, step, pathways.TAPPED[StepState.DONE])
    return back_to(step.enrolment.person_id, ANCHOR)


class StepList(InPeriod, ListPage):
    """The steps of a programme that live in a period."""

    model = Step
    action = Action.VIEW_PATHWAYS
    title = "Démarches"
    columns = STEPS
    filter_form = StepFilter
    empty_icon = "flag"
    empty_title = "Aucune démarche sur cette période"
    empty_text = "Une démarche se note depuis la page d’une personne, ou pour plusieurs à la fois."
    create_label = "Ajouter à plusieurs personnes"
    create_action = Action.EDIT_PATHWAYS

    def get_queryset(self):
        """Return the steps of the programme, by person."""
        rows = Step.objects.for_scope(self.scope, self.action).during(self.period)
        rows = rows.filter(enrolment__programme=self.parent)
        rows = rows.select_related("enrolment__person", "strand", "kind", "partner")
        return self.narrowed(rows.order_by("enrolment__person__sort_key", "strand__position", "pk"))

    def get_subtitle(self) -> str:
        """Return what the list holds."""
        return f"Prévues, en cours ou terminées\u00a0: {self.period.label}"

    def row_url(self, row: Step) -> str:
        """Lead to the person."""
        return person_url(row.enrolment.person_id)

    def get_create_url(self) -> str:
        """Lead to the gesture for several persons, for who may write here."""
        if not self.scope.opens(Action.EDIT_PATHWAYS, self.parent):
            return ""
        return reverse("beneficiaries:step_create_many", args=[self.parent.pk])

    def get_links(self) -> list[dict]:
        """Offer the outcomes, and the export of what is shown."""
        page = {"programme": self.parent.pk, "period": self.period}
        return [
            {
                "label": "Orientations",
                "url": reverse("beneficiaries:outcome_list", kwargs=page),
                "icon": "briefcase",
            },
            *export_links(self.request, "beneficiaries:step_export", page),
        ]


def export_links(request: HttpRequest, name: str, page: dict) -> list[dict]:
    """Return the links to the files of a list, filters kept."""
    query = request.GET.urlencode()
    end = f"?{query}" if query else ""
    return links(lambda kind: reverse(name, kwargs={**page, "kind": kind}) + end)


def programme_or_404(request: HttpRequest, pk: int) -> Programme:
    """Return the programme whose list leaves as a file."""
    return get_or_404(Programme.objects.for_scope(request.scope, Action.VIEW_PATHWAYS), pk=pk)


@require_safe
@requires(Action.VIEW_PATHWAYS)
def step_export(request: HttpRequest, programme: int, period: Period, kind: str) -> HttpResponse:
    """Send the steps of the list as a file; its name names nobody."""
    kind, parent = kind_or_404(kind), programme_or_404(request, programme)
    rows = Step.objects.for_scope(request.scope, Action.VIEW_PATHWAYS).during(period)
    rows = rows.filter(enrolment__programme=parent)
    asked = StepFilter(request.GET, scope=request.scope)
    if asked.is_valid():
        rows = asked.narrow(rows)
    comments = (f"{parent}, {period.label}", CONFIDENTIAL)
    sheet = StepResource(scope=request.scope).sheet(
        rows.order_by("enrolment__person__sort_key", "strand__position", "pk"), comments=comments
    )
    return download(sheet, kind, f"demarches-{parent.pk}-{period.slug}")
