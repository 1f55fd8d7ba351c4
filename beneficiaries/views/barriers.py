"""Pages of barriers: told, worked on, lifted in a tap; said more of in a form."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from autoprod.core.models import StaleError
from autoprod.core.scoping import Action
from autoprod.core.views import CreatePage, DeletePage, UpdatePage, get_or_404, requires
from beneficiaries.forms.barriers import BarrierForm
from beneficiaries.models import Barrier, Enrolment, Person
from beneficiaries.services import barriers
from beneficiaries.services.persons import rank
from beneficiaries.services.taps import take_away
from beneficiaries.views.pathways import ForPerson, InPathway
from beneficiaries.views.taps import MOVED, back_to, take_back, tell
from programmes.models import ReferenceCode

ANCHOR = "#freins"
_STAY = ("enrolment__person", "enrolment__programme__territory", "kind")
NOTED = "Ce frein est déjà noté."
SAID = {
    barriers.Gesture.WORK: "travaillé depuis aujourd’hui",
    barriers.Gesture.REASSESS: "toujours là, vu aujourd’hui",
    barriers.Gesture.WORSE: "s’est aggravé, vu aujourd’hui",
    barriers.Gesture.LIFT: "levé aujourd’hui",
}


def kind_or_404(request: HttpRequest, pk: int) -> ReferenceCode:
    """Return a barrier of the list in force."""
    rows = ReferenceCode.objects.for_scope(request.scope, Action.EDIT_PATHWAYS)
    return get_or_404(rows.in_list("barriers").valid(timezone.localdate()), pk=pk)


class ToBarriers:
    """A page that leads back to the barriers of the person."""

    def get_success_url(self) -> str:
        """Go back to the card."""
        return super().get_success_url() + ANCHOR


class BarrierCreate(ToBarriers, ForPerson, CreatePage):
    """Say all that is known of a barrier, from the first time."""

    model = Barrier
    form_class = BarrierForm
    action = Action.EDIT_PATHWAYS
    success_message = "Frein noté."

    def get_fixed(self) -> dict:
        """Return the barrier of the list."""
        return {"kind": kind_or_404(self.request, self.kwargs["kind"])}

    def get_title(self) -> str:
        """Return « Frein : Mobilité »."""
        kind = self.get_fixed()["kind"]
        return f"Frein\u00a0: {kind.meta.get('short', kind.label)}"


class BarrierUpdate(ToBarriers, InPathway, UpdatePage):
    """Edit a barrier."""

    model = Barrier
    form_class = BarrierForm
    action = Action.EDIT_PATHWAYS
    select_related = _STAY

    def get_title(self) -> str:
        """Return « Frein : Mobilité »."""
        return f"Frein\u00a0: {self.object}"

    def get_fixed(self) -> dict:
        """Return the barrier of the list, which does not change."""
        return {"kind": self.object.kind}

    def get_delete_url(self) -> str:
        """Lead to the deletion of what was noted by mistake."""
        return reverse("beneficiaries:barrier_delete", args=[self.object.pk])


class BarrierDelete(ToBarriers, InPathway, DeletePage):
    """Delete a barrier noted by mistake; one that is over is lifted."""

    model = Barrier
    action = Action.EDIT_PATHWAYS
    select_related = _STAY

    def get_title(self) -> str:
        """Ask about the barrier, not about what it is of."""
        return f"Supprimer le frein «\u00a0{self.object}\u00a0»\u00a0?"


@require_POST
@requires(Action.EDIT_PATHWAYS)
def barrier_identify(request: HttpRequest, person: int, kind: int) -> HttpResponse:
    """Note today a barrier of the list, on the stay that says most of today."""
    owner = get_or_404(Person.objects.for_scope(request.scope, Action.EDIT_PATHWAYS), pk=person)
    stays = Enrolment.objects.for_scope(request.scope, Action.EDIT_PATHWAYS).of(owner)
    stay = max(stays.select_related("programme"), key=rank)
    barrier = barriers.identify(
        scope=request.scope, enrolment=stay, kind=kind_or_404(request, kind)
    )
    if barrier is None:
        messages.info(request, NOTED)
    else:
        undo = reverse("beneficiaries:barrier_undo", args=[barrier.pk])
        tell(request, barrier, "repéré aujourd’hui", undo, {})
    return back_to(owner, ANCHOR)


def barrier_or_404(request: HttpRequest, pk: int) -> Barrier:
    """Return the barrier to write on."""
    rows = Barrier.objects.for_scope(request.scope, Action.EDIT_PATHWAYS)
    return get_or_404(rows.select_related("enrolment__programme", "kind"), pk=pk)


@require_POST
@requires(Action.EDIT_PATHWAYS)
def barrier_tap(request: HttpRequest, pk: int, gesture: str) -> HttpResponse:
    """Say what a tap says of a barrier."""
    if gesture not in barriers.Gesture.values:
        raise Http404
    barrier, chosen = barrier_or_404(request, pk), barriers.Gesture(gesture)
    try:
        before = barriers.apply(scope=request.scope, barrier=barrier, gesture=chosen)
    except StaleError:
        before = {}
    if before:
        undo = reverse("beneficiaries:barrier_undo", args=[barrier.pk])
        tell(request, barrier, SAID[chosen], undo, before)
    else:
        messages.info(request, MOVED)
    return back_to(barrier.enrolment.person_id, ANCHOR)


@require_POST
@requires(Action.EDIT_PATHWAYS)
def barrier_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the last tap: what it replaced, or the barrier itself when it was added."""
    barrier = barrier_or_404(request, pk)
    if "before" in request.POST:
        take_back(request, barrier, barriers.TAPPED)
    elif take_away(scope=request.scope, row=barrier, version=request.POST.get("version", "")):
        messages.success(request, f"{barrier}\u00a0: geste annulé.")
    else:
        messages.info(request, MOVED)
    return back_to(barrier.enrolment.person_id, ANCHOR)
