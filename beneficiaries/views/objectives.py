"""Pages of objectives: agreed in the person's words, reached or set aside in a tap."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from autoprod.core.models import StaleError
from autoprod.core.scoping import Action
from autoprod.core.views import CreatePage, DeletePage, UpdatePage, get_or_404, requires
from beneficiaries.forms.objectives import ObjectiveForm
from beneficiaries.models import Objective
from beneficiaries.services import objectives
from beneficiaries.views.pathways import ForPerson, InPathway
from beneficiaries.views.taps import MOVED, back_to, take_back, tell

ANCHOR = "#objectifs"
_STAY = ("enrolment__person", "enrolment__programme__territory")
SAID = {
    objectives.Gesture.REACH: "atteint aujourd’hui",
    objectives.Gesture.SET_ASIDE: "mis de côté aujourd’hui",
}


class ObjectiveCreate(ForPerson, CreatePage):
    """Agree on an objective with somebody."""

    model = Objective
    form_class = ObjectiveForm
    action = Action.EDIT_PATHWAYS
    title = "Ajouter un objectif"
    subtitle = "Ce que la personne veut atteindre, dit par elle."
    success_message = "Objectif ajouté."


class ObjectiveUpdate(InPathway, UpdatePage):
    """Edit an objective."""

    model = Objective
    form_class = ObjectiveForm
    action = Action.EDIT_PATHWAYS
    select_related = _STAY
    title = "Modifier l’objectif"

    def get_title(self) -> str:
        """Return the title: the words are in the form."""
        return self.title

    def get_delete_url(self) -> str:
        """Lead to the deletion of what was noted by mistake."""
        return reverse("beneficiaries:objective_delete", args=[self.object.pk])


class ObjectiveDelete(InPathway, DeletePage):
    """Delete an objective noted by mistake; its steps stay."""

    model = Objective
    action = Action.EDIT_PATHWAYS
    select_related = _STAY


def objective_or_404(request: HttpRequest, pk: int) -> Objective:
    """Return the objective to write on."""
    rows = Objective.objects.for_scope(request.scope, Action.EDIT_PATHWAYS)
    return get_or_404(rows.select_related("enrolment__programme"), pk=pk)


@require_POST
@requires(Action.EDIT_PATHWAYS)
def objective_tap(request: HttpRequest, pk: int, gesture: str) -> HttpResponse:
    """Say that an objective is reached, or set aside."""
    if gesture not in objectives.Gesture.values:
        raise Http404
    objective, chosen = objective_or_404(request, pk), objectives.Gesture(gesture)
    try:
        before = objectives.apply(scope=request.scope, objective=objective, gesture=chosen)
    except StaleError:
        before = {}
    if before:
        undo = reverse("beneficiaries:objective_undo", args=[objective.pk])
        tell(request, objective, SAID[chosen], undo, before)
    else:
        messages.info(request, MOVED)
    return back_to(objective.enrolment.person_id, ANCHOR)


@require_POST
@requires(Action.EDIT_PATHWAYS)
def objective_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the last tap."""
    objective = objective_or_404(request, pk)
    take_back(request, objective, objectives.TAPPED)
    return back_to(objective.enrolment.person_id, ANCHOR)
