"""Pages of partnerships, from a programme."""

from django.urls import reverse

from autoprod.core.scoping import Action
from autoprod.core.views import CreatePage, DeletePage, ListPage, UpdatePage
from programmes.columns import PARTNERSHIPS
from programmes.forms.partnerships import PartnershipForm
from programmes.models import Partnership, Programme
from programmes.views.programmes import InProgramme, crumbs_of


class PartnershipList(InProgramme, ListPage):
    """The partners of a programme, past ones included."""

    model = Partnership
    parent_model = Programme
    action = Action.VIEW_FRAME
    title = "Partenaires de l’action"
    columns = PARTNERSHIPS
    select_related = ("organisation", "theme")
    paginate_by = 100
    empty_icon = "handshake"
    empty_title = "Aucun partenaire"
    empty_text = "Notez qui porte, finance et soutient l’action."
    create_label = "Ajouter un partenaire"
    create_action = Action.EDIT_PARTNERS

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.parent

    def get_breadcrumbs(self) -> list:
        """Return the way back to the programme."""
        return crumbs_of(self.parent)

    def get_create_url(self) -> str:
        """Lead to the form, for whoever may edit the partners of this programme."""
        if not self.scope.opens(Action.EDIT_PARTNERS, self.parent):
            return ""
        return reverse("programmes:partnership_create", args=[self.parent.pk])

    def row_url(self, row: Partnership) -> str:
        """Lead to the form for whoever may edit it, to the organisation otherwise."""
        if self.scope.opens(Action.EDIT_PARTNERS, self.parent):
            return reverse("programmes:partnership_update", args=[row.pk])
        return reverse("programmes:organisation_detail", args=[row.organisation_id])


class PartnershipCreate(InProgramme, CreatePage):
    """Note what an organisation is in a programme."""

    model = Partnership
    form_class = PartnershipForm
    parent_model = Programme
    action = Action.EDIT_PARTNERS
    title = "Ajouter un partenaire"

    def get_fixed(self) -> dict:
        """Return the programme the URL names."""
        return {"programme": self.parent}

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.parent

    def get_breadcrumbs(self) -> list:
        """Return the way back to the programme."""
        return crumbs_of(self.parent)

    def get_success_url(self) -> str:
        """Go back to the programme."""
        return reverse("programmes:partnership_list", args=[self.parent.pk])


class PartnershipUpdate(InProgramme, UpdatePage):
    """Edit a partnership, or say when it ends."""

    model = Partnership
    form_class = PartnershipForm
    action = Action.EDIT_PARTNERS
    select_related = ("programme", "organisation")

    def get_fixed(self) -> dict:
        """Keep the programme in the checks of doubles."""
        return {"programme": self.object.programme}

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.object.programme

    def get_breadcrumbs(self) -> list:
        """Return the way back to the programme."""
        return crumbs_of(self.object.programme)

    def get_success_url(self) -> str:
        """Go back to the programme."""
        return reverse("programmes:partnership_list", args=[self.object.programme_id])

    def get_delete_url(self) -> str:
        """Lead to the deletion of a partnership noted by mistake."""
        return reverse("programmes:partnership_delete", args=[self.object.pk])


class PartnershipDelete(InProgramme, DeletePage):
    """Delete a partnership noted by mistake."""

    model = Partnership
    action = Action.EDIT_PARTNERS
    select_related = ("programme", "organisation")

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.object.programme

    def get_breadcrumbs(self) -> list:
        """Return the way back to the programme."""
        return crumbs_of(self.object.programme)

    def get_success_url(self) -> str:
        """Go back to the programme."""
        return reverse("programmes:partnership_list", args=[self.object.programme_id])
