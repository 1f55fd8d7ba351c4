"""Pages of a colony: what is known of it, its visits and its treatments."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from autoprod.core.formatting import counted, day
from autoprod.core.scoping import Action
from autoprod.core.views import (
    CreatePage,
    DeletePage,
    DetailPage,
    UpdatePage,
    get_or_404,
    requires,
)
from gardens.forms.hives import (
    ColonyEndForm,
    ColonyForm,
    TakeOutForm,
    TreatmentForm,
    TreatmentsForm,
    VisitForm,
)
from gardens.models import Apiary, Colony, HiveTreatment, HiveVisit
from gardens.services import hives
from gardens.views.hives import OfApiary, apiary_url

KEPT = (
    "Impossible de supprimer\u00a0: cette colonie a une histoire, que le registre garde cinq ans. "
    "Dites plutôt ce qu’elle est devenue."
)
MEANWHILE = (
    "Du miel de ces ruches a été récolté pendant ce délai d’attente\u00a0: voyez s’il faut "
    "rappeler le lot {lots}."
)
_APIARY = ("apiary__programme__territory",)
_COLONY = ("colony__apiary__programme__territory",)


def colony_url(colony_key: int) -> str:
    """Return the page of a colony."""
    return reverse("gardens:colony_detail", args=[colony_key])


class ColonyCreate(OfApiary, CreatePage):
    """Add a colony to an apiary."""

    model = Colony
    form_class = ColonyForm
    action = Action.EDIT_GARDENS
    title = "Ajouter une colonie"
    success_message = "Colonie ajoutée."

    def get_fixed(self) -> dict:
        """Return the apiary the URL names; a living colony has its hive to itself."""
        return {"apiary": self.parent, "ended_on": None}


class OfColony(OfApiary):
    """A page about a colony: itself, or what hangs on it."""

    parent_model = Colony
    parent_kwarg = "colony"

    def get_colony(self) -> Colony:
        """Return the colony."""
        return self.parent or getattr(self.object, "colony", self.object)

    def get_apiary(self) -> Apiary:
        """Return the apiary of the colony."""
        return self.get_colony().apiary

    def get_breadcrumbs(self) -> list:
        """Return the way back to the colony."""
        colony = self.get_colony()
        return [*super().get_breadcrumbs(), (str(colony), colony_url(colony.pk))]

    def get_cancel_url(self) -> str:
        """Return to the colony."""
        return colony_url(self.get_colony().pk)

    def get_success_url(self) -> str:
        """Go back to the colony."""
        return colony_url(self.get_colony().pk)


class ColonyDetail(OfColony, DetailPage):
    """A colony, its visits and its treatments."""

    model = Colony
    parent_model = None
    action = Action.VIEW_GARDENS
    template_name = "gardens/hives/colony.html"
    select_related = ("breed", *_APIARY)

    def get_breadcrumbs(self) -> list:
        """Return the way back to the apiary."""
        return super().get_breadcrumbs()[:-1]

    def get_facts(self) -> list[tuple]:
        """Return what the card says."""
        row = self.object
        facts = [
            ("Abeille", row.breed.label if row.breed else ""),
            ("Reine de", row.queen_year),
            ("Origine", row.origin),
            ("Installée le", day(row.installed_on)),
        ]
        if row.ended_on:
            facts.append((row.get_end_display(), day(row.ended_on)))
        return facts

    def get_context_data(self, **kwargs) -> dict:
        """Add its visits and treatments."""
        scope, colony = self.scope, self.object
        visits = HiveVisit.objects.for_scope(scope, self.action).of(colony)
        treat_url = reverse("gardens:treatment_create", args=[colony.apiary_id])
        return super().get_context_data(
            facts=self.get_facts(),
            visits=visits.select_related("noted_by"),
            treatments=HiveTreatment.objects.for_scope(scope, self.action).of(colony),
            treat_url=f"{treat_url}?colonie={colony.pk}",
            can_edit=scope.opens(Action.EDIT_GARDENS, colony.apiary.programme),
            **kwargs,
        )


class ColonyUpdate(OfColony, UpdatePage):
    """Edit a colony."""

    model = Colony
    parent_model = None
    form_class = ColonyForm
    action = Action.EDIT_GARDENS
    select_related = _APIARY

    def get_fixed(self) -> dict:
        """Return what its number is judged by."""
        return {"apiary": self.object.apiary, "ended_on": self.object.ended_on}

    def get_delete_url(self) -> str:
        """Lead to the deletion of a colony noted by mistake."""
        return reverse("gardens:colony_delete", args=[self.object.pk])


class ColonyEnd(OfColony, UpdatePage):
    """Say what became of a colony."""

    model = Colony
    parent_model = None
    form_class = ColonyEndForm
    action = Action.EDIT_GARDENS
    select_related = _APIARY
    subtitle = "Le registre garde la colonie cinq ans."

    def get_title(self) -> str:
        """Return the title."""
        return f"{self.object}\u00a0: fin de la colonie"

    def get_fixed(self) -> dict:
        """Return its apiary: brought back to life, its hive must be free."""
        return {"apiary": self.object.apiary, "number": self.object.number}


class ColonyDelete(OfColony, DeletePage):
    """Delete a colony noted by mistake; one that was visited or treated stays in the register."""

    model = Colony
    parent_model = None
    action = Action.EDIT_GARDENS
    select_related = _APIARY

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Delete it, or say that the register keeps it."""
        colony = self.get_object()
        if hives.is_known(self.scope, colony):
            messages.error(request, KEPT)
            return redirect(colony_url(colony.pk))
        return super().post(request, *args, **kwargs)

    def get_success_url(self) -> str:
        """Go back to the apiary."""
        return apiary_url(self.object.apiary_id)


class VisitCreate(OfColony, CreatePage):
    """Note a visit in a few taps."""

    model = HiveVisit
    form_class = VisitForm
    action = Action.EDIT_GARDENS

    def get_title(self) -> str:
        """Return « Visite : ruche 3 »."""
        return f"Visite\u00a0: {str(self.parent).lower()}"

    def get_fixed(self) -> dict:
        """Return the colony the URL names."""
        return {"colony": self.parent}

    @property
    def success_message(self) -> str:
        """Return which hive is done."""
        return f"{self.parent}\u00a0: visite notée."

    def get_success_url(self) -> str:
        """Go back to the apiary: the next hive is a tap away."""
        return f"{apiary_url(self.parent.apiary_id)}#ruche-{self.parent.pk}"


class VisitUpdate(OfColony, UpdatePage):
    """Correct a visit."""

    model = HiveVisit
    parent_model = None
    form_class = VisitForm
    action = Action.EDIT_GARDENS
    select_related = _COLONY

    def get_title(self) -> str:
        """Return the title."""
        return f"Modifier la visite du {day(self.object.on)}"

    def get_delete_url(self) -> str:
        """Lead to the deletion of a visit noted by mistake."""
        return reverse("gardens:visit_delete", args=[self.object.pk])


class VisitDelete(OfColony, DeletePage):
    """Delete a visit noted by mistake."""

    model = HiveVisit
    parent_model = None
    action = Action.EDIT_GARDENS
    select_related = _COLONY


class WarnsOfHoney:
    """A page of a treatment: noted late, it tells of honey that was taken meanwhile."""

    def form_valid(self, form) -> HttpResponse:
        """Save, and say which lots are to be looked at."""
        response = super().form_valid(form)
        is_saved = response.status_code == HTTPStatus.FOUND
        taken = hives.taken_meanwhile(self.scope, self.object, form.colonies()) if is_saved else []
        if taken:
            lots = ", ".join(row.lot.number for row in taken)
            messages.warning(self.request, MEANWHILE.format(lots=lots))
        return response


class TreatmentCreate(WarnsOfHoney, OfApiary, CreatePage):
    """Give a medicine to some hives of an apiary."""

    model = HiveTreatment
    form_class = TreatmentsForm
    action = Action.EDIT_GARDENS
    title = "Traiter des colonies"
    success_message = "Traitement noté."

    def get_queryset(self):
        """Return the treatments of the apiary's hives."""
        rows = HiveTreatment.objects.for_scope(self.scope, self.action)
        return rows.filter(colony__apiary=self.parent)

    def get_apiary(self) -> Apiary:
        """Return the apiary the URL names."""
        return self.parent

    def get_form_kwargs(self) -> dict:
        """Tell the form which hives there are, and which one the page came from."""
        chosen = self.request.GET.get("colonie", "")
        return super().get_form_kwargs() | {"apiary": self.parent, "chosen": chosen}


class TreatmentUpdate(WarnsOfHoney, OfColony, UpdatePage):
    """Correct a treatment, or say when it was taken out."""

    model = HiveTreatment
    parent_model = None
    form_class = TreatmentForm
    action = Action.EDIT_GARDENS
    select_related = _COLONY

    def get_title(self) -> str:
        """Return the title."""
        return "Modifier le traitement"

    def get_delete_url(self) -> str:
        """Lead to the deletion of a treatment noted by mistake."""
        return reverse("gardens:treatment_delete", args=[self.object.pk])


class TreatmentDelete(OfColony, DeletePage):
    """Delete a treatment noted by mistake."""

    model = HiveTreatment
    parent_model = None
    action = Action.EDIT_GARDENS
    select_related = _COLONY


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.EDIT_GARDENS)
def treatment_end(request: HttpRequest, apiary: int) -> HttpResponse:
    """Take several treatments out of the hives on one day."""
    rows = Apiary.objects.for_scope(request.scope, Action.EDIT_GARDENS)
    there = get_or_404(rows.select_related("programme"), pk=apiary)
    request.shown_programme = there.programme_id
    running = HiveTreatment.objects.for_scope(request.scope, Action.EDIT_GARDENS).running()
    running = running.filter(colony__apiary=there).select_related(*_COLONY)
    form = TakeOutForm(request.POST or None, running=running)
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["on"]
        hives.take_out(scope=request.scope, treatments=form.chosen, on=on)
        done = counted(len(form.chosen), "traitement retiré", "traitements retirés")
        messages.success(request, f"{done}.")
        return redirect(apiary_url(there.pk))
    context = {
        "title": "Retirer les traitements",
        "subtitle": str(there),
        "form": form,
        "submit_label": "Retirer",
        "cancel_url": apiary_url(there.pk),
        "breadcrumbs": [{"label": str(there), "url": apiary_url(there.pk)}],
    }
    return render(request, "core/form.html", context)
