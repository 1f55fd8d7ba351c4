"""Pages that write the plan of crops: one at a time, in series, or as last year's."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import FormView

from autoprod.core.formatting import counted
from autoprod.core.forms import KEY_DIGITS
from autoprod.core.periods import Kind
from autoprod.core.returns import ComesBack
from autoprod.core.scoping import Action
from autoprod.core.views import CreatePage, PageMixin, ScopedMixin, UpdatePage
from gardens.forms.crops import PlanForm, PlantingCreateForm, PlantingForm
from gardens.models import Planting
from gardens.services import crops, rotation
from gardens.views.crops import OfPlanting, crumb_of, list_url
from programmes.models import Programme
from programmes.views.periods import InPeriod
from programmes.views.programmes import InProgramme

SAME_EARTH = "{crop} revient un peu tôt à cet endroit. {why}"
MANY_TOO_SOON = (
    "{count} reviennent un peu tôt sur leur parcelle\u00a0: elles sont signalées dans la liste, "
    "changez-les de place si vous le pouvez."
)


class WritesPlanting:
    """A form of a crop: what it follows too closely is told once it is saved."""

    model = Planting
    action = Action.EDIT_GARDENS
    template_name = "gardens/crops/form.html"

    def form_valid(self, form) -> HttpResponse:
        """Save, then warn: nothing is refused."""
        response = super().form_valid(form)
        if self.object and self.object.pk and not form.errors:
            for why in rotation.too_soon(self.scope, [self.object]).values():
                messages.warning(self.request, SAME_EARTH.format(crop=self.object, why=why))
        return response

    def get_context_data(self, **kwargs) -> dict:
        """Tell where the page asks what the crop would follow."""
        rotation_url = reverse("gardens:planting_rotation", args=[self.get_programme().pk])
        species_url = reverse("gardens:species_create", args=[self.get_programme().pk])
        return super().get_context_data(
            rotation_url=rotation_url, species_url=species_url, **kwargs
        )


class PlantingCreate(WritesPlanting, InProgramme, CreatePage):
    """Add a crop, in one series or several."""

    form_class = PlantingCreateForm
    parent_model = Programme
    parent_kwarg = "programme"
    title = "Ajouter une culture"
    success_message = "Culture ajoutée."

    def get_programme(self) -> Programme:
        """Return the programme the URL names."""
        return self.parent

    def get_fixed(self) -> dict:
        """Return the programme the URL names."""
        return {"programme": self.parent}

    def get_initial(self) -> dict:
        """Start from the plot the address names; a wrong one is no choice of the form."""
        key = self.request.GET.get("parcelle", "")
        return {"plot": int(key)} if key.isdecimal() and len(key) <= KEY_DIGITS else {}

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [("Cultures", list_url(self.parent))]

    def get_success_url(self) -> str:
        """Go to the year of the crop, or on to another one on the same plot."""
        if "again" in self.request.POST:
            return f"{self.request.path}?parcelle={self.object.plot_id}"
        return crumb_of(self.object)[1]


class PlantingUpdate(ComesBack, WritesPlanting, OfPlanting, UpdatePage):
    """Edit a crop."""

    form_class = PlantingForm

    def get_fixed(self) -> dict:
        """Return the programme, which does not change."""
        return {"programme": self.object.programme}

    def get_delete_url(self) -> str:
        """Lead to the deletion of the crop."""
        return reverse("gardens:planting_delete", args=[self.object.pk])


class PlanCopy(InPeriod, ScopedMixin, PageMixin, FormView):
    """Plan again, for a year, crops of the year before."""

    form_class = PlanForm
    action = Action.EDIT_GARDENS
    template_name = "gardens/crops/copy.html"
    period_kinds = (Kind.YEAR,)

    def get_title(self) -> str:
        """Return « Reprendre le plan de 2025 »."""
        return f"Reprendre le plan de {self.period.start.year - 1}"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list of the year."""
        return [(f"Cultures, {self.period.label}", list_url(self.parent, self.period))]

    def get_form_kwargs(self) -> dict:
        """Offer the crops of the year before."""
        self.plantings = crops.last_plan(self.scope, self.parent, self.period.start.year - 1)
        return super().get_form_kwargs() | {"plantings": self.plantings}

    def form_valid(self, form) -> HttpResponse:
        """Copy them, and tell those that come back too soon."""
        added = crops.copy_plan(scope=self.scope, plantings=list(form.cleaned_data["plantings"]))
        said = counted(len(added), "culture reprise", "cultures reprises")
        messages.success(self.request, f"{said}. Ce qui était déjà prévu n’est pas doublé.")
        if soon := rotation.too_soon(self.scope, added):
            count = counted(len(soon), "culture", "cultures")
            messages.warning(self.request, MANY_TOO_SOON.format(count=count))
        return redirect(list_url(self.parent, self.period))

    def get_context_data(self, **kwargs) -> dict:
        """Add the way back."""
        return super().get_context_data(
            cancel_url=list_url(self.parent, self.period),
            former=self.period.start.year - 1,
            **kwargs,
        )
