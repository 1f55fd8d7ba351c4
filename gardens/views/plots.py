"""Pages of a plot: what it is, where it lies, who holds it and who held it."""

from functools import cached_property

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from autoprod.core.formatting import day_range
from autoprod.core.scoping import Action
from autoprod.core.views import CreatePage, DeletePage, DetailPage, UpdatePage, get_or_404
from gardens.columns.gardens import square_metres
from gardens.columns.plots import metres
from gardens.forms.plots import PlotForm
from gardens.models import Garden, Planting, Plot, PlotHolding
from gardens.services import plots
from gardens.services.holdings import names_of
from gardens.views.crops import line_of
from gardens.views.gardens import OfGardens, garden_url
from gardens.views.site_plans import plan_to_measure

#: Four years of three crops: the rotation looks no further back.
CROPS_SHOWN = 12


def plot_url(programme: int, plot: int) -> str:
    """Return the page of a plot under a programme."""
    return reverse("gardens:plot_detail", args=[programme, plot])


class PlotPage(OfGardens):
    """A page about a plot."""

    model = Plot
    to_garden = "garden__"
    select_related = ("garden__site", "kind")

    @cached_property
    def garden(self) -> Garden:
        """Return the garden the URL names, or the plot's."""
        if "garden" not in self.kwargs:
            return self.object.garden
        rows = Garden.objects.for_scope(self.scope, self.action).used_by(self.parent)
        return get_or_404(rows.select_related("site"), pk=self.kwargs["garden"])

    def get_breadcrumbs(self) -> list:
        """Return the way back to the garden, and to the plot when the page writes it."""
        return self.crumbs_of_garden(self.garden)

    def get_success_url(self) -> str:
        """Go to the plot."""
        return plot_url(self.parent.pk, self.object.pk)


class PlotDetail(PlotPage, DetailPage):
    """A plot: what it is, what grows there, who holds it and who held it."""

    template_name = "gardens/plots/detail.html"
    select_related = ("garden__site", "kind", "parent", "lender")

    def get_subtitle(self) -> str:
        """Return the kind of plot, and the garden."""
        return f"{self.object.kind.label} · {self.garden}"

    def get_facts(self) -> list[tuple]:
        """Return what the card says."""
        row = self.object
        place = ""
        if row.plan_x is not None:
            place = f"{metres(row.plan_width)} sur {metres(row.plan_height)}"
        dates = day_range(row.starts_on, row.ends_on) if row.starts_on or row.ends_on else ""
        return [
            ("Surface", square_metres(row.area) if row.area else ""),
            ("Dans", row.parent.name if row.parent else "le jardin"),
            ("Sur le plan", place or "pas encore placée"),
            *([("Prêtée par", row.lender.name)] if row.lender else []),
            *([("Disponible", dates)] if dates else []),
        ]

    def get_holdings(self) -> dict:
        """Return who holds the plot today, and every holding, the last one first."""
        today = timezone.localdate()
        rows = PlotHolding.objects.for_scope(self.scope, self.action).of(self.object)
        rows = list(rows.select_related("organisation"))
        names = names_of(self.scope, rows)
        lines = [{"row": row, "name": names[row.pk], "is_now": _is_on(row, today)} for row in rows]
        return {"holder": next((one for one in lines if one["is_now"]), None), "holdings": lines}

    def get_crops(self) -> list[dict]:
        """Return the last crops of the plot: what follows what, and what may come back."""
        rows = Planting.objects.for_scope(self.scope, self.action).of(self.parent)
        rows = rows.filter(plot=self.object).described().with_ground_day()
        last = rows.order_by(F("ground_on").desc(nulls_first=True), "-pk")[:CROPS_SHOWN]
        return [line_of(row) for row in last]

    def get_context_data(self, **kwargs) -> dict:
        """Add what the cards say."""
        today = timezone.localdate()
        beds = Plot.objects.for_scope(self.scope, self.action).of(self.object)
        beds = plots.in_order(beds.select_related("kind", "parent"))
        own, *lines = plots.lines_of(self.scope, self.parent, [self.object, *beds], today)
        return super().get_context_data(
            programme=self.parent,
            facts=self.get_facts(),
            line=own,
            crops=self.get_crops(),
            beds=lines,
            can_edit=self.can_edit(),
            **self.get_holdings(),
            **kwargs,
        )


def _is_on(row: PlotHolding, on) -> bool:
    return row.starts_on <= on and (row.ends_on is None or row.ends_on >= on)


class PlotWrite(PlotPage):
    """A page that writes a plot, beside the plan of the garden."""

    form_class = PlotForm
    action = Action.EDIT_GARDENS
    template_name = "gardens/plots/form.html"

    def get_fixed(self) -> dict:
        """Return the garden, which the form does not ask."""
        return {"garden": self.garden}

    def get_context_data(self, **kwargs) -> dict:
        """Add the plan."""
        plan = plan_to_measure(self.scope, self.garden, self.object)
        return super().get_context_data(plan=plan, **kwargs)


class PlotCreate(PlotWrite, CreatePage):
    """Add a plot to a garden."""

    title = "Ajouter une parcelle"
    success_message = "Parcelle ajoutée."

    def get_subtitle(self) -> str:
        """Return which garden."""
        return str(self.garden)

    def get_success_url(self) -> str:
        """Go back to the garden, where the next one is added."""
        return garden_url(self.parent.pk, self.garden.pk)


class PlotUpdate(PlotWrite, UpdatePage):
    """Edit a plot."""

    def get_breadcrumbs(self) -> list:
        """Return the way back to the plot."""
        crumb = (str(self.object), self.get_success_url())
        return [*self.crumbs_of_garden(self.garden), crumb]

    def get_delete_url(self) -> str:
        """Lead to the deletion."""
        return reverse("gardens:plot_delete", args=[self.parent.pk, self.object.pk])


class PlotDelete(PlotPage, DeletePage):
    """Delete a plot noted by mistake."""

    action = Action.EDIT_GARDENS
    kept_message = (
        "Cette parcelle a déjà servi ({names})\u00a0: elle reste. Si l’on n’y cultive plus, "
        "donnez-lui un dernier jour."
    )

    def get_breadcrumbs(self) -> list:
        """Return the way back to the plot."""
        crumb = (str(self.object), plot_url(self.parent.pk, self.object.pk))
        return [*self.crumbs_of_garden(self.garden), crumb]

    def get_success_url(self) -> str:
        """Go back to the garden."""
        return garden_url(self.parent.pk, self.garden.pk)
