"""Pages of who holds a plot: giving it, correcting the days, taking it back."""

from functools import cached_property

from django.urls import reverse

from autoprod.core.scoping import Action
from autoprod.core.views import CreatePage, DeletePage, UpdatePage, get_or_404
from gardens.forms.holdings import HoldingDatesForm, HoldingEndForm, HoldingForm
from gardens.models import Plot, PlotHolding
from gardens.services.holdings import names_of
from gardens.views.gardens import OfGardens
from gardens.views.plots import plot_url


class HoldingPage(OfGardens):
    """A page that writes a holding, and leads back to the plot."""

    model = PlotHolding
    action = Action.EDIT_GARDENS
    to_garden = "plot__garden__"
    select_related = ("plot__garden__site", "organisation")

    @cached_property
    def plot(self) -> Plot:
        """Return the plot the URL names, or the holding's."""
        if "plot" not in self.kwargs:
            return self.object.plot
        rows = Plot.objects.for_scope(self.scope, self.action)
        rows = rows.filter(garden__site__programmes=self.parent)
        return get_or_404(rows.select_related("garden__site"), pk=self.kwargs["plot"])

    def get_fixed(self) -> dict:
        """Return the plot, which the form does not ask."""
        return {"plot": self.plot}

    def get_subtitle(self) -> str:
        """Return the plot, and who holds it when somebody does."""
        holder = names_of(self.scope, [self.object])[self.object.pk] if self.object else ""
        return " · ".join(filter(None, [str(self.plot), holder]))

    def get_breadcrumbs(self) -> list:
        """Return the way back to the plot."""
        crumb = (str(self.plot), self.get_success_url())
        return [*self.crumbs_of_garden(self.plot.garden), crumb]

    def get_success_url(self) -> str:
        """Go to the plot."""
        return plot_url(self.parent.pk, self.plot.pk)


class HoldingCreate(HoldingPage, CreatePage):
    """Give a plot to a home or to an organisation."""

    form_class = HoldingForm
    title = "Attribuer la parcelle"
    submit_label = "Attribuer"
    success_message = "Parcelle attribuée."

    def get_form_kwargs(self) -> dict:
        """Give the form the programme whose persons it offers."""
        return super().get_form_kwargs() | {"programme": self.parent}


class HoldingUpdate(HoldingPage, UpdatePage):
    """Correct the days of a holding."""

    form_class = HoldingDatesForm

    def get_title(self) -> str:
        """Return what is done."""
        return "Corriger les dates"

    def get_delete_url(self) -> str:
        """Lead to the deletion."""
        return reverse("gardens:holding_delete", args=[self.parent.pk, self.object.pk])


class HoldingEnd(HoldingPage, UpdatePage):
    """Take a plot back: it is everybody's again the day after."""

    form_class = HoldingEndForm
    submit_label = "Reprendre"
    success_message = "Parcelle reprise\u00a0: elle est de nouveau à tout le monde."

    def get_title(self) -> str:
        """Return what is done."""
        return "Reprendre la parcelle"


class HoldingDelete(HoldingPage, DeletePage):
    """Delete a holding noted by mistake: a real one is ended."""

    def get_title(self) -> str:
        """Return what is asked."""
        return "Supprimer cette attribution\u00a0?"
