"""Pages of attachments, from a programme."""

from django.http import FileResponse, HttpRequest
from django.urls import reverse
from django.views.decorators.http import require_safe

from autoprod.core.scoping import Action
from autoprod.core.uploads import send
from autoprod.core.views import CreatePage, DeletePage, requires
from programmes.forms.attachments import AttachmentForm
from programmes.models import Attachment, Programme
from programmes.views.programmes import InProgramme, crumbs_of


class AttachmentCreate(InProgramme, CreatePage):
    """Keep a file with a programme."""

    model = Attachment
    form_class = AttachmentForm
    parent_model = Programme
    action = Action.EDIT_PROGRAMME
    title = "Ajouter une pièce"
    submit_label = "Ajouter"

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
        return reverse("programmes:programme_detail", args=[self.parent.pk])


@require_safe
@requires(Action.VIEW_ATTACHMENTS)
def attachment_download(request: HttpRequest, pk: int) -> FileResponse:
    """Send the file, and write that it was read."""
    rows = Attachment.objects.for_scope(request.scope, Action.VIEW_ATTACHMENTS)
    return send(request, rows.select_related("programme"), pk)


class AttachmentDelete(InProgramme, DeletePage):
    """Delete a file."""

    model = Attachment
    action = Action.EDIT_PROGRAMME
    select_related = ("programme",)

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.object.programme

    def get_breadcrumbs(self) -> list:
        """Return the way back to the programme."""
        return crumbs_of(self.object.programme)

    def get_success_url(self) -> str:
        """Go back to the programme."""
        return reverse("programmes:programme_detail", args=[self.object.programme_id])
