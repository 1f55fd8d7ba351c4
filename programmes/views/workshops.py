"""Pages of the workshops held inside a session."""

from django.urls import reverse

from autoprod.core.scoping import Action
from autoprod.core.views import CreatePage, DeletePage, UpdatePage, get_or_404
from programmes.forms.workshops import WorkshopForm
from programmes.models import Session, Workshop
from programmes.views.sessions import LockedOnceClosed, SessionMixin


class WorkshopMixin(SessionMixin, LockedOnceClosed):
    """A page about a workshop: refused kindly once its session is closed."""

    model = Workshop
    form_class = WorkshopForm
    action = Action.EDIT_SESSIONS
    select_related = ("session__programme__territory", "session__kind", "theme")

    def get_session(self) -> Session:
        """Return the session of the workshop."""
        return self.parent or self.object.session

    def get_held(self) -> Session:
        """Return the session that must be open."""
        return self.parent or get_or_404(self.get_queryset(), pk=self.kwargs["pk"]).session

    def get_fixed(self) -> dict:
        """Return the session of the workshop."""
        return {"session": self.get_session()}


class WorkshopCreate(WorkshopMixin, CreatePage):
    """Add a workshop to a session; its hours are proposed."""

    parent_model = Session
    title = "Ajouter un atelier"

    def get_initial(self) -> dict:
        """Return the hours of the session."""
        return self.form_class.hours_of(self.parent)

    def get_subtitle(self) -> str:
        """Return the hours it must stay in."""
        return f"{self.parent}, {self.parent.hours}"


class WorkshopUpdate(WorkshopMixin, UpdatePage):
    """Edit a workshop."""

    def get_delete_url(self) -> str:
        """Lead to the deletion of the workshop."""
        return reverse("programmes:workshop_delete", args=[self.object.pk])


class WorkshopDelete(WorkshopMixin, DeletePage):
    """Delete a workshop."""

    kept_message = (
        "Impossible de supprimer\u00a0: des personnes y sont notées ({names}). "
        "Retirez-les d’abord de l’atelier."
    )
