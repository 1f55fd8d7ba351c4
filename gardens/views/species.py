"""Pages of species and varieties: the shipped list, and what the territory adds to it."""

from django.contrib import messages
from django.db.models import ProtectedError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from autoprod.core.formatting import counted
from autoprod.core.scoping import Action
from autoprod.core.views import (
    CreatePage,
    DeletePage,
    DetailPage,
    ListPage,
    UpdatePage,
    get_or_404,
)
from gardens.forms.species import SpeciesFilter, SpeciesForm, VarietyForm
from gardens.models import Planting, Product, Species, Variety
from gardens.services import crops
from gardens.views.crops import crop_tabs, line_of, year_of
from programmes.models import Programme
from programmes.views.programmes import InProgramme


def list_url(programme: Programme) -> str:
    """Return the list of species."""
    return reverse("gardens:species_list", args=[programme.pk])


def species_url(programme: Programme, species: Species) -> str:
    """Return the page of a species."""
    return reverse("gardens:species_detail", args=[programme.pk, species.pk])


class OfSpecies(InProgramme):
    """A page of the list of species, seen from a programme."""

    model = Species
    action = Action.VIEW_GARDENS
    parent_model = Programme
    parent_kwarg = "programme"

    def get_programme(self) -> Programme:
        """Return the programme the URL names."""
        return self.parent

    def get_queryset(self):
        """Return the shipped species and those of the programme's territory."""
        rows = self.model.objects.for_scope(self.scope, self.action)
        rows = rows.select_related(*self.select_related)
        return rows.filter(territory=None) | rows.filter(territory=self.parent.territory_id)

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [("Espèces et variétés", list_url(self.parent))]

    @property
    def can_edit(self) -> bool:
        """Tell whether this user completes the list."""
        return self.scope.opens(Action.EDIT_GARDENS, self.parent)


class Ours:
    """A page that changes a row: only those the territory added are its to change."""

    def get_queryset(self):
        """Return the rows of the territory."""
        return super().get_queryset().filter(territory=self.parent.territory_id)


class SpeciesList(OfSpecies, ListPage):
    """The species by family, each with its varieties."""

    template_name = "gardens/species/list.html"
    partial_template_name = "gardens/species/_rows.html"
    title = "Espèces et variétés"
    select_related = ("family",)
    paginate_by = 120
    filter_form = SpeciesFilter
    create_label = "Ajouter une espèce"

    def get_queryset(self):
        """Return the species by family."""
        rows = super().get_queryset().order_by("family__label", "sort_key", "pk")
        return self.narrowed(rows)

    def get_subtitle(self) -> str:
        """Return how many."""
        count = self.object_list.order_by().count()
        return f"{counted(count, 'espèce', 'espèces')} · la famille commande la rotation"

    def get_breadcrumbs(self) -> list:
        """Return no way back: this is the list."""
        return []

    def get_create_url(self) -> str:
        """Lead to a new species, for who grows here."""
        return reverse("gardens:species_create", args=[self.parent.pk]) if self.can_edit else ""

    def get_table(self, rows: list[Species]):
        """Return what an empty list says: the species are drawn by the page."""
        return {"empty_state": self.get_empty_state()}

    def get_context_data(self, **kwargs) -> dict:
        """Add the families, each with its species and their varieties."""
        context = super().get_context_data(**kwargs)
        rows = list(context["object_list"])
        known = Variety.objects.for_scope(self.scope, self.action).filter(species__in=rows)
        of_species: dict[int, list[Variety]] = {}
        for variety in known:
            of_species.setdefault(variety.species_id, []).append(variety)
        families: dict[str, list] = {}
        for row in rows:
            line = {"species": row, "known": of_species.get(row.pk, [])}
            families.setdefault(row.family.label, []).append(line)
        tabs = crop_tabs(self.request, self.parent, year_of(), "species_list")
        return context | {"families": families, "tabs": tabs, "programme": self.parent}


class SpeciesDetail(OfSpecies, DetailPage):
    """A species: its varieties, what it is weighed as, where it grew."""

    template_name = "gardens/species/detail.html"
    select_related = ("family",)

    def get_subtitle(self) -> str:
        """Return the family."""
        return self.object.family.label

    def get_facts(self) -> list[tuple]:
        """Return what the card says."""
        row = self.object
        products = Product.objects.for_scope(self.scope, self.action).of(row)
        years = row.rotation_years
        return [
            ("Famille", row.family.label),
            ("Rotation", counted(years, "an", "ans") if years else "reste en place"),
            ("Se pèse comme", ", ".join(product.name for product in products)),
        ]

    def get_context_data(self, **kwargs) -> dict:
        """Add the varieties and the last crops."""
        grown = Planting.objects.for_scope(self.scope, self.action).of(self.object)
        grown = grown.filter(programme=self.parent).described().order_by("-ground_on", "-pk")
        known = Variety.objects.for_scope(self.scope, self.action).of(self.object)
        return super().get_context_data(
            facts=self.get_facts(),
            known=known,
            lines=[line_of(row) for row in grown[:12]],
            programme=self.parent,
            can_edit=self.can_edit,
            is_ours=self.object.territory_id == self.parent.territory_id,
            **kwargs,
        )


class WritesSpecies(OfSpecies):
    """A form of a species."""

    form_class = SpeciesForm
    action = Action.EDIT_GARDENS

    def get_form_kwargs(self) -> dict:
        """Tell the form where its links lead."""
        return super().get_form_kwargs() | {"programme": self.parent}

    def get_fixed(self) -> dict:
        """Return the territory, which does not change."""
        return {"territory": self.parent.territory}

    def get_success_url(self) -> str:
        """Go to the species."""
        return species_url(self.parent, self.object)


class SpeciesCreate(WritesSpecies, CreatePage):
    """Add a species that is not in the shipped list."""

    title = "Ajouter une espèce"
    success_message = "Espèce ajoutée. On peut la cultiver et la peser."


class SpeciesUpdate(Ours, WritesSpecies, UpdatePage):
    """Edit a species that the territory added."""

    def get_delete_url(self) -> str:
        """Lead to the deletion of the species."""
        return reverse("gardens:species_delete", args=[self.parent.pk, self.object.pk])


class SpeciesDelete(Ours, OfSpecies, DeletePage):
    """Delete a species added by mistake, with its product."""

    action = Action.EDIT_GARDENS
    kept_message = "Impossible de supprimer\u00a0: cette espèce a déjà servi, ou a des variétés."

    def post(self, request, *args, **kwargs) -> HttpResponse:
        """Delete it with the product made with it, unless something names one of them."""
        species = self.get_object()
        try:
            crops.remove_species(scope=self.scope, species=species)
        except ProtectedError:
            messages.error(request, self.kept_message)
            return redirect(species_url(self.parent, species))
        messages.success(request, "Supprimé.")
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        """Go back to the list."""
        return list_url(self.parent)


class OfVariety(OfSpecies):
    """A page about a variety of a species."""

    model = Variety
    action = Action.EDIT_GARDENS
    select_related = ("species",)

    def get_species(self) -> Species:
        """Return whose variety it is."""
        return self.object.species

    def get_breadcrumbs(self) -> list:
        """Return the way back to the species."""
        species = self.get_species()
        return [*super().get_breadcrumbs(), (str(species), species_url(self.parent, species))]

    def get_success_url(self) -> str:
        """Go to the species."""
        return species_url(self.parent, self.get_species())


class WritesVariety(OfVariety):
    """A form of a variety."""

    form_class = VarietyForm

    def get_form_kwargs(self) -> dict:
        """Tell the form where its links lead."""
        return super().get_form_kwargs() | {"programme": self.parent}

    def get_fixed(self) -> dict:
        """Return the species and the territory, which do not change."""
        return {"species": self.get_species(), "territory": self.parent.territory}


class VarietyCreate(WritesVariety, CreatePage):
    """Add a variety to a species."""

    title = "Ajouter une variété"
    success_message = "Variété ajoutée."

    def get_species(self) -> Species:
        """Return the species the URL names."""
        rows = Species.objects.for_scope(self.scope, self.action)
        rows = rows.filter(territory=None) | rows.filter(territory=self.parent.territory_id)
        return get_or_404(rows, pk=self.kwargs["species"])

    def get_subtitle(self) -> str:
        """Return whose variety it will be."""
        return str(self.get_species())


class VarietyUpdate(Ours, WritesVariety, UpdatePage):
    """Edit a variety that the territory added."""

    def get_delete_url(self) -> str:
        """Lead to the deletion of the variety."""
        return reverse("gardens:variety_delete", args=[self.parent.pk, self.object.pk])


class VarietyDelete(Ours, OfVariety, DeletePage):
    """Delete a variety added by mistake."""

    kept_message = "Impossible de supprimer\u00a0: elle a déjà servi ({names})."
