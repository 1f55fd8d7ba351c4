"""Page of those who have not been seen for a while, to be asked how they are."""

from django.utils import timezone
from django.views.generic import TemplateView

from autoprod.core.formatting import counted
from autoprod.core.scoping import Action
from autoprod.core.views import PageMixin, ScopedMixin
from beneficiaries.services import check_ins


class CheckInList(ScopedMixin, PageMixin, TemplateView):
    """All of them, the user's own first; why is told to who follows pathways."""

    action = Action.VIEW_PERSONS
    template_name = "beneficiaries/check_ins/list.html"
    title = "Demander comment ça va"

    def get_context_data(self, **kwargs) -> dict:
        """Add the lines, and how many they are."""
        rows = check_ins.lines(self.scope, timezone.localdate())
        context = super().get_context_data(rows=rows, **kwargs)
        return context | {"subtitle": counted(len(rows), "personne", "personnes") if rows else ""}
