"""Pages of gardens, each under the programme that uses it."""

from functools import cached_property

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from autoprod.core import devices
from autoprod.core.fields import display_phone
from autoprod.core.scoping import Action, ScopedQuerySet
from autoprod.core.views import (
    CreatePage,
    DeletePage,
    DetailPage,
    ListPage,
    UpdatePage,
    get_or_404,
)
from gardens.columns.gardens import GARDENS, square_metres
from gardens.forms.gardens import GardenForm
from gardens.models import Garden, GardenLabel, LandAgreement
from gardens.services import gardens
from gardens.views.site_plans import plan_context
from programmes.models import Programme, Site
from programmes.views.programmes import InProgramme, crumbs_of


def list_url(programme: int) -> str:
    """Return the list of the gardens of a programme."""
    return reverse("gardens:garden_list", args=[programme])


def garden_url(programme: int, garden: int) -> str:
    """Return the page of a garden under a programme."""
    return reverse("gardens:garden_detail", args=[programme, garden])


class OfGardens(InProgramme):
    """A page under `/actions/<programme>/jardins/`: its rows are of gardens the programme uses."""

    parent_model = Programme
    parent_kwarg = "programme"
    action = Action.VIEW_GARDENS
    #: The way from a row to its garden, which ends where the garden's own fields begin.
    to_garden = ""

    def get_programme(self) -> Programme:
        """Return the programme the URL names."""
        return self.parent

    def get_queryset(self) -> ScopedQuerySet:
        """Return the rows of the scope, on the sites of the programme."""
        rows = self.model.objects.for_scope(self.scope, self.action)
        rows = rows.filter(**{f"{self.to_garden}site__programmes": self.parent})
        return rows.select_related(*self.select_related)

    def can_edit(self) -> bool:
        """Tell whether this user writes the gardens of the programme."""
        return self.scope.opens(Action.EDIT_GARDENS, self.parent)

    def crumbs_of_garden(self, garden: Garden) -> list[tuple[str, str]]:
        """Return the way back to a garden."""
        gardens_crumb = ("Jardins", list_url(self.parent.pk))
        return [gardens_crumb, (str(garden), garden_url(self.parent.pk, garden.pk))]


class GardenList(OfGardens, ListPage):
    """The gardens of a programme, and its sites that are not described yet."""

    model = Garden
    title = "Jardins"
    template_name = "gardens/gardens/list.html"
    columns = GARDENS
    select_related = ("site__district", "water")
    empty_icon = "sprout"
    empty_title = "Aucun jardin décrit"
    empty_text = (
        "Un jardin est ce que l’on cultive sur un site. Commencez par décrire l’un des sites de "
        "l’action, plus bas."
    )

    def get_subtitle(self) -> str:
        """Return whose gardens they are."""
        return str(self.parent)

    def get_breadcrumbs(self) -> list:
        """Return the way back to the programme."""
        return crumbs_of(self.parent)

    def get_queryset(self) -> ScopedQuerySet:
        """Return the gardens with the number of their plots."""
        self.filter = None
        return super().get_queryset().with_plot_count()

    def row_url(self, row: Garden) -> str:
        """Lead to the garden."""
        return garden_url(self.parent.pk, row.pk)

    def get_table(self, rows):
        """Return the table, each garden with the labels it holds."""
        rows = list(rows)
        held = gardens.labels_of(self.scope, rows, timezone.localdate())
        for row in rows:
            row.label_names = held.get(row.pk, [])
        return super().get_table(rows)

    def get_context_data(self, **kwargs) -> dict:
        """Add the sites without a garden, for who may describe them."""
        sites = Site.objects.for_scope(self.scope, Action.EDIT_GARDENS).used_by(self.parent)
        sites = sites.open(timezone.localdate()).filter(garden=None).select_related("kind")
        bare = sites if self.can_edit() else []
        return super().get_context_data(programme=self.parent, bare_sites=bare, **kwargs)


class GardenDetail(OfGardens, DetailPage):
    """A garden: its land, its labels, its plots and where they lie."""

    model = Garden
    template_name = "gardens/gardens/detail.html"
    select_related = ("site__district", "site__kind", "water")

    def get_subtitle(self) -> str:
        """Return where it is."""
        site = self.object.site
        place = " ".join(part for part in (site.address, site.postcode, site.city) if part)
        return " · ".join(filter(None, [site.district and site.district.name, place]))

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [*crumbs_of(self.parent)[1:], ("Jardins", list_url(self.parent.pk))]

    def get_facts(self) -> list[tuple]:
        """Return what the card says."""
        row, site = self.object, self.object.site
        return [
            ("Surface cultivée", square_metres(row.cultivated) if row.cultivated else ""),
            ("Surface du site", square_metres(site.area_m2) if site.area_m2 else ""),
            ("Eau", row.water.label if row.water else ""),
            ("Conduite", "En bio" if row.is_organic else "Pas en bio"),
        ]

    def get_land(self) -> dict:
        """Return the labels and the agreements, each with the tag of its end.

        A private lender is named to who writes gardens, never on a phone opened by its code.
        """
        today = timezone.localdate()
        named = self.can_edit() and not devices.is_restricted(self.request)
        labels = GardenLabel.objects.for_scope(self.scope, self.action).of(self.object)
        agreements = LandAgreement.objects.for_scope(self.scope, self.action).of(self.object)
        return {
            "labels": [
                {"row": row, "tag": gardens.tag_of(row.ends_on, today)}
                for row in labels.select_related("kind", "organisation")
            ],
            "agreements": [
                {
                    "row": row,
                    "tag": gardens.tag_of(row.ends_on, today),
                    "lender": gardens.lender_of(row, named=named),
                    "phone": display_phone(row.lender_phone) if named else "",
                }
                for row in agreements.select_related("kind", "organisation")
            ],
        }

    def get_context_data(self, **kwargs) -> dict:
        """Add what the cards say."""
        return super().get_context_data(
            programme=self.parent,
            facts=self.get_facts(),
            can_edit=self.can_edit(),
            **plan_context(self.scope, self.parent, self.object, timezone.localdate()),
            **self.get_land(),
            **kwargs,
        )


class GardenCreate(OfGardens, CreatePage):
    """Describe the garden of a site that has none."""

    model = Garden
    form_class = GardenForm
    action = Action.EDIT_GARDENS
    success_message = "Jardin décrit. Ajoutez maintenant ses parcelles."

    @cached_property
    def site(self) -> Site:
        """Return the site the URL names, of this programme."""
        sites = Site.objects.for_scope(self.scope, self.action).used_by(self.parent)
        return get_or_404(sites.select_related("territory"), pk=self.kwargs["site"])

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Ask, or show the garden that somebody described meanwhile."""
        return self.described() or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Save, or show the garden that somebody described meanwhile."""
        return self.described() or super().post(request, *args, **kwargs)

    def described(self) -> HttpResponse | None:
        """Lead to the garden of the site when it has one."""
        found = self.get_queryset().of(self.site).first()
        return redirect(garden_url(self.parent.pk, found.pk)) if found else None

    def get_title(self) -> str:
        """Return what is done."""
        return f"Décrire le jardin\u00a0: {self.site}"

    def get_fixed(self) -> dict:
        """Return the site the URL names."""
        return {"site": self.site}

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [*crumbs_of(self.parent)[1:], ("Jardins", list_url(self.parent.pk))]

    def get_success_url(self) -> str:
        """Go to the garden."""
        return garden_url(self.parent.pk, self.object.pk)


class GardenUpdate(OfGardens, UpdatePage):
    """Edit a garden."""

    model = Garden
    form_class = GardenForm
    action = Action.EDIT_GARDENS
    select_related = ("site__territory",)

    def get_breadcrumbs(self) -> list:
        """Return the way back to the garden."""
        return self.crumbs_of_garden(self.object)

    def get_success_url(self) -> str:
        """Go to the garden."""
        return garden_url(self.parent.pk, self.object.pk)

    def get_delete_url(self) -> str:
        """Lead to the deletion."""
        return reverse("gardens:garden_delete", args=[self.parent.pk, self.object.pk])


class GardenDelete(OfGardens, DeletePage):
    """Delete what was said of a garden by mistake; its site stays."""

    model = Garden
    action = Action.EDIT_GARDENS
    select_related = ("site",)
    kept_message = (
        "Ce jardin a déjà servi ({names})\u00a0: il reste. Si l’on n’y cultive plus, indiquez la "
        "fermeture du site."
    )

    def get_breadcrumbs(self) -> list:
        """Return the way back to the garden."""
        return self.crumbs_of_garden(self.object)

    def get_success_url(self) -> str:
        """Go back to the list."""
        return list_url(self.parent.pk)
