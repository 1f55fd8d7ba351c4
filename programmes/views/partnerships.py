"""Pages of partnerships, from a programme."""

from django.urls import reverse

from autoprod.core.scoping import Action
from autoprod.core.views import CreatePage, DeletePage, UpdatePage
from programmes.forms.partnerships import PartnershipForm
from programmes.models import Partnership, Programme
from programmes.views.programmes import crumbs_of


class PartnershipCreate(CreatePage):
    """Note what an organisation is in a programme."""

    model = Partnership
    form_class = PartnershipForm
    parent_model = Programme
    action = Action.EDIT_PARTNERS
    title = "Ajouter un partenaire"

    def get_fixed(self) -> dict:
        """Return the programme the URL names."""
        return {"programme": self.parent}

    def get_breadcrumbs(self) -> list:
        """Return the way back to the programme."""
        return crumbs_of(self.parent)

    def get_success_url(self) -> str:
        """Go back to the programme."""
        return reverse("programmes:programme_detail", args=[self.parent.pk])


class PartnershipUpdate(UpdatePage):
    """Edit a partnership, or say when it ends."""

    model = Partnership
    form_class = PartnershipForm
    action = Action.EDIT_PARTNERS
    select_related = ("programme", "organisation")

    def get_fixed(self) -> dict:
        """Keep the programme in the checks of doubles."""
        return {"programme": self.object.programme}

    def get_breadcrumbs(self) -> list:
        """Return the way back to the programme."""
        return crumbs_of(self.object.programme)

    def get_success_url(self) -> str:
        """Go back to the programme."""
        return reverse("programmes:programme_detail", args=[self.object.programme_id])


class PartnershipDelete(DeletePage):
    """Delete a partnership noted by mistake."""

    model = Partnership
    action = Action.EDIT_PARTNERS
    select_related = ("programme", "organisation")

    def get_breadcrumbs(self) -> list:
        """Return the way back to the programme."""
        return crumbs_of(self.object.programme)

    def get_success_url(self) -> str:
        """Go back to the programme."""
        return reverse("programmes:programme_detail", args=[self.object.programme_id])
