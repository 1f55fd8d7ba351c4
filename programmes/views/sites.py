"""Pages of sites."""

from django.urls import reverse, reverse_lazy

from autoprod.core.formatting import day, number
from autoprod.core.forms import KEY_DIGITS
from autoprod.core.scoping import Action
from autoprod.core.views import CreatePage, DeletePage, DetailPage, ListPage, UpdatePage
from programmes.columns import SITES
from programmes.forms.sites import SiteFilter, SiteForm
from programmes.models import Programme, Site

LIST = ("Sites", reverse_lazy("programmes:site_list"))


class SiteList(ListPage):
    """The sites of the scope."""

    model = Site
    action = Action.VIEW_FRAME
    title = "Sites"
    columns = SITES
    filter_form = SiteFilter
    select_related = ("kind", "district")
    empty_icon = "map-pin"
    empty_title = "Aucun site"
    empty_text = (
        "Un site est l’endroit où l’on pointe une présence\u00a0: un jardin, une salle, un dépôt."
    )
    create_url = reverse_lazy("programmes:site_create")
    create_label = "Ajouter un site"
    create_action = Action.EDIT_SITES

    def row_url(self, row: Site) -> str:
        """Lead to the site."""
        return reverse("programmes:site_detail", args=[row.pk])


class SiteDetail(DetailPage):
    """A site: where it is, what it is, who uses it."""

    model = Site
    action = Action.VIEW_FRAME
    template_name = "programmes/sites/detail.html"
    select_related = ("kind", "district", "territory")

    def get_subtitle(self) -> str:
        """Return the kind of site."""
        return self.object.kind.label

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [LIST]

    def get_facts(self) -> list[tuple]:
        """Return what the card says."""
        row = self.object
        place = " ".join(part for part in (row.address, row.postcode, row.city) if part)
        return [
            ("Nom court", row.short_name),
            ("Adresse", place),
            ("Quartier", row.district.name if row.district else ""),
            ("Surface", f"{number(row.area_m2)} m²" if row.area_m2 else ""),
            ("Ouvert le", day(row.opened_on) if row.opened_on else ""),
            ("Fermé le", day(row.closed_on) if row.closed_on else ""),
            ("Territoire", row.territory.name),
        ]

    def get_context_data(self, **kwargs) -> dict:
        """Add the facts and the programmes."""
        programmes = Programme.objects.for_scope(self.scope, Action.VIEW_FRAME)
        return super().get_context_data(
            facts=self.get_facts(),
            programmes=programmes.at(self.object),
            can_edit=self.scope.opens(Action.EDIT_SITES, self.object.territory),
            **kwargs,
        )


class SiteCreate(CreatePage):
    """Add a site."""

    model = Site
    form_class = SiteForm
    action = Action.EDIT_SITES
    title = "Ajouter un site"

    def get_initial(self) -> dict:
        """Tick the programme one comes from; the form keeps it only if it is in the scope."""
        key = self.request.GET.get("programme", "")
        is_key = key.isdecimal() and len(key) <= KEY_DIGITS
        return {"programmes": [int(key)]} if is_key else {}

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [LIST]

    def get_success_url(self) -> str:
        """Go to the site."""
        return reverse("programmes:site_detail", args=[self.object.pk])


class SiteUpdate(UpdatePage):
    """Edit a site."""

    model = Site
    form_class = SiteForm
    action = Action.EDIT_SITES
    select_related = ("territory",)

    def get_breadcrumbs(self) -> list:
        """Return the way back to the site."""
        return [LIST, (str(self.object), self.get_success_url())]

    def get_success_url(self) -> str:
        """Go to the site."""
        return reverse("programmes:site_detail", args=[self.object.pk])


class SiteDelete(DeletePage):
    """Delete a site nothing names."""

    model = Site
    action = Action.EDIT_SITES

    def get_breadcrumbs(self) -> list:
        """Return the way back to the site."""
        return [LIST, (str(self.object), reverse("programmes:site_detail", args=[self.object.pk]))]

    def get_success_url(self) -> str:
        """Go back to the list."""
        return reverse("programmes:site_list")
