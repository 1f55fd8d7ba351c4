"""Pages of territories and districts."""

from django.urls import reverse, reverse_lazy

from autoprod.core.scoping import Action
from autoprod.core.tables import table
from autoprod.core.views import CreatePage, DeletePage, DetailPage, ListPage, UpdatePage
from programmes.columns import DISTRICTS, SITES, TERRITORIES
from programmes.forms.territories import DistrictForm, TerritoryForm
from programmes.models import District, Site, Territory

LIST = ("Territoires", reverse_lazy("programmes:territory_list"))


class TerritoryList(ListPage):
    """The territories of the scope."""

    model = Territory
    action = Action.VIEW_FRAME
    title = "Territoires"
    columns = TERRITORIES
    select_related = ("kind",)
    empty_icon = "map"
    empty_title = "Aucun territoire"
    create_url = reverse_lazy("programmes:territory_create")
    create_label = "Ajouter un territoire"
    create_action = Action.EDIT_TERRITORY

    def get_queryset(self):
        """Return the territories with the number of their programmes."""
        return super().get_queryset().with_programme_count()

    def row_url(self, row: Territory) -> str:
        """Lead to the territory."""
        return reverse("programmes:territory_detail", args=[row.pk])


class TerritoryDetail(DetailPage):
    """A territory: who answers for its data, its settings, its districts."""

    model = Territory
    action = Action.VIEW_FRAME
    template_name = "programmes/territories/detail.html"
    select_related = ("kind",)

    def get_subtitle(self) -> str:
        """Return the service answerable for the data."""
        return f"Données tenues par {self.object.controller}"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [LIST]

    def get_context_data(self, **kwargs) -> dict:
        """Add the districts."""
        districts = District.objects.for_scope(self.scope, Action.VIEW_FRAME).of(self.object)
        can_edit = self.scope.opens(Action.EDIT_TERRITORY, self.object)
        empty = {
            "icon": "map-pin",
            "title": "Aucun quartier",
            "text": "Ajoutez les quartiers tels que les habitants les nomment.",
        }
        return super().get_context_data(
            districts=table(
                DISTRICTS,
                districts,
                caption="Quartiers",
                url=lambda row: reverse("programmes:district_detail", args=[row.pk]),
                empty_state=empty,
            ),
            can_edit=can_edit,
            last_hidden=self.object.disclosure_threshold - 1,
            **kwargs,
        )


class TerritoryCreate(CreatePage):
    """Open a territory; whoever opens it becomes its administrator."""

    model = Territory
    form_class = TerritoryForm
    action = Action.EDIT_TERRITORY
    title = "Ajouter un territoire"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [LIST]

    def get_success_url(self) -> str:
        """Go to the territory."""
        return reverse("programmes:territory_detail", args=[self.object.pk])


class TerritoryUpdate(UpdatePage):
    """Edit a territory's settings."""

    model = Territory
    form_class = TerritoryForm
    action = Action.EDIT_TERRITORY

    def get_breadcrumbs(self) -> list:
        """Return the way back to the territory."""
        return [LIST, (str(self.object), self.get_success_url())]

    def get_success_url(self) -> str:
        """Go to the territory."""
        return reverse("programmes:territory_detail", args=[self.object.pk])


class DistrictDetail(DetailPage):
    """A district: its code, and the sites in it."""

    model = District
    action = Action.VIEW_FRAME
    template_name = "programmes/territories/district.html"
    select_related = ("territory",)

    def get_subtitle(self) -> str:
        """Return the territory's name."""
        return f"Quartier de {self.object.territory}"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the territory."""
        url = reverse("programmes:territory_detail", args=[self.object.territory_id])
        return [LIST, (str(self.object.territory), url)]

    def get_context_data(self, **kwargs) -> dict:
        """Add the sites."""
        sites = Site.objects.for_scope(self.scope, Action.VIEW_FRAME).of(self.object)
        return super().get_context_data(
            sites=table(
                SITES,
                sites.select_related("kind", "district"),
                caption="Sites du quartier",
                url=lambda row: reverse("programmes:site_detail", args=[row.pk]),
            ),
            can_edit=self.scope.opens(Action.EDIT_TERRITORY, self.object.territory),
            **kwargs,
        )


class DistrictCreate(CreatePage):
    """Add a district to a territory."""

    model = District
    form_class = DistrictForm
    parent_model = Territory
    action = Action.EDIT_TERRITORY
    title = "Ajouter un quartier"

    def get_fixed(self) -> dict:
        """Return the territory the URL names."""
        return {"territory": self.parent}

    def get_breadcrumbs(self) -> list:
        """Return the way back to the territory."""
        return [LIST, (str(self.parent), self.get_success_url())]

    def get_success_url(self) -> str:
        """Go back to the territory."""
        return reverse("programmes:territory_detail", args=[self.parent.pk])


class DistrictUpdate(UpdatePage):
    """Edit a district."""

    model = District
    form_class = DistrictForm
    action = Action.EDIT_TERRITORY
    select_related = ("territory",)

    def get_fixed(self) -> dict:
        """Keep the territory in the checks of doubles."""
        return {"territory": self.object.territory}

    def get_breadcrumbs(self) -> list:
        """Return the way back to the district."""
        return [LIST, (str(self.object), self.get_success_url())]

    def get_success_url(self) -> str:
        """Go back to the district."""
        return reverse("programmes:district_detail", args=[self.object.pk])


class DistrictDelete(DeletePage):
    """Delete a district nothing names."""

    model = District
    action = Action.EDIT_TERRITORY

    def get_breadcrumbs(self) -> list:
        """Return the way back to the district."""
        return [
            LIST,
            (str(self.object), reverse("programmes:district_detail", args=[self.object.pk])),
        ]

    def get_success_url(self) -> str:
        """Go back to the territory."""
        return reverse("programmes:territory_detail", args=[self.object.territory_id])
