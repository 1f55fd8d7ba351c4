"""Pages of what a garden stands on: its labels, and the land that is lent to it."""

from functools import cached_property

from django.urls import reverse

from autoprod.core.scoping import Action
from autoprod.core.views import CreatePage, DeletePage, UpdatePage, get_or_404
from gardens.forms.land import AgreementForm, LabelForm
from gardens.models import Garden, GardenLabel, LandAgreement
from gardens.views.gardens import OfGardens, garden_url


class LandPage(OfGardens):
    """A page that writes something of a garden, and leads back to it."""

    action = Action.EDIT_GARDENS
    to_garden = "garden__"
    select_related = ("garden__site",)

    @cached_property
    def garden(self) -> Garden:
        """Return the garden the URL names, or the row's."""
        if "garden" not in self.kwargs:
            return self.object.garden
        rows = Garden.objects.for_scope(self.scope, self.action).used_by(self.parent)
        return get_or_404(rows.select_related("site"), pk=self.kwargs["garden"])

    def get_fixed(self) -> dict:
        """Return the garden, which the form does not ask."""
        return {"garden": self.garden}

    def get_subtitle(self) -> str:
        """Return which garden."""
        return str(self.garden)

    def get_breadcrumbs(self) -> list:
        """Return the way back to the garden."""
        return self.crumbs_of_garden(self.garden)

    def get_success_url(self) -> str:
        """Go to the garden."""
        return garden_url(self.parent.pk, self.garden.pk)


class LabelCreate(LandPage, CreatePage):
    """Note a label."""

    model = GardenLabel
    form_class = LabelForm
    title = "Ajouter un label"


class LabelUpdate(LandPage, UpdatePage):
    """Correct a label."""

    model = GardenLabel
    form_class = LabelForm
    select_related = ("garden__site", "kind")

    def get_delete_url(self) -> str:
        """Lead to the deletion."""
        return reverse("gardens:label_delete", args=[self.parent.pk, self.object.pk])


class LabelDelete(LandPage, DeletePage):
    """Delete a label noted by mistake."""

    model = GardenLabel
    select_related = ("garden__site", "kind")


class AgreementCreate(LandPage, CreatePage):
    """Note land that is lent."""

    model = LandAgreement
    form_class = AgreementForm
    title = "Ajouter un terrain prêté"


class AgreementUpdate(LandPage, UpdatePage):
    """Correct land that is lent."""

    model = LandAgreement
    form_class = AgreementForm
    title = "Modifier un terrain prêté"

    def get_title(self) -> str:
        """Return what is done, without the name of a private person."""
        return self.title

    def get_delete_url(self) -> str:
        """Lead to the deletion."""
        return reverse("gardens:agreement_delete", args=[self.parent.pk, self.object.pk])


class AgreementDelete(LandPage, DeletePage):
    """Delete land noted by mistake: one that was given back has an end."""

    model = LandAgreement
