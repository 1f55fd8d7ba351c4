"""News taken six months after an exit: the list of those to ask, and what they said."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from autoprod.core.formatting import counted, day_range
from autoprod.core.scoping import Action
from autoprod.core.views import DeletePage, ListPage, UpdatePage, get_or_404
from beneficiaries.columns.follow_ups import TO_ASK
from beneficiaries.forms.follow_ups import FollowUpForm
from beneficiaries.models import Enrolment, FollowUp
from beneficiaries.services import follow_ups
from beneficiaries.views.person_files import list_url
from beneficiaries.views.stays import OfStay
from programmes.models import Programme
from programmes.views.programmes import InProgramme


class FollowUpList(InProgramme, ListPage):
    """Whose news are to be taken: who left five to eight months ago, and nobody asked yet."""

    model = Enrolment
    action = Action.EDIT_PATHWAYS
    parent_model = Programme
    parent_kwarg = "programme"
    title = "Nouvelles à six mois"
    columns = TO_ASK
    select_related = ("person", "referent", "exit_motive")
    empty_icon = "check"
    empty_title = "Personne à appeler pour l’instant"
    empty_text = (
        "Six mois après une sortie, la personne apparaît ici pour prendre de ses nouvelles."
    )

    def get_queryset(self) -> QuerySet:
        """Return those to ask, the first exits first."""
        return follow_ups.due_on(super().get_queryset(), timezone.localdate())

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.parent

    def get_subtitle(self) -> str:
        """Return whose exits are looked at, and how many."""
        days = follow_ups.left_between(timezone.localdate())
        number = counted(self.object_list.count(), "personne", "personnes")
        return f"Sorties {day_range(days.start, days.end)} · {number}"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the persons."""
        return [("Personnes", list_url(self.parent))]

    def row_url(self, row: Enrolment) -> str:
        """Lead to what somebody said."""
        return reverse("beneficiaries:follow_up_update", args=[row.pk])


class FollowUpUpdate(OfStay, UpdatePage):
    """Write what somebody has become, the first time or again."""

    model = FollowUp
    form_class = FollowUpForm
    parent_model = Enrolment
    success_message = "Merci\u00a0: les nouvelles sont notées."

    def get_object(self, queryset: QuerySet | None = None) -> FollowUp:
        """Return what was noted, a blank row the first time; 404 before the exit."""
        rows = Enrolment.objects.for_scope(self.scope, self.action).entered()
        get_or_404(rows.filter(left_on__isnull=False), pk=self.parent.pk)
        noted = FollowUp.objects.for_scope(self.scope, self.action).of(self.parent)
        return noted.first() or FollowUp(enrolment=self.parent)

    def get_form_kwargs(self) -> dict:
        """Edit what is there now: a colleague may have written it meanwhile."""
        return super().get_form_kwargs() | {"instance": self.get_object()}

    def get_fixed(self) -> dict:
        """Return the stay."""
        return {"enrolment": self.parent}

    def get_title(self) -> str:
        """Return what is asked."""
        return "Nouvelles à six mois"

    def get_delete_url(self) -> str:
        """Lead to the deletion of what was noted: then it was not asked."""
        if not self.object.pk:
            return ""
        return reverse("beneficiaries:follow_up_delete", args=[self.object.pk])


class FollowUpDelete(OfStay, DeletePage):
    """Delete what was noted by mistake."""

    model = FollowUp
    select_related = ("enrolment__person", "enrolment__programme__territory")

    def get_title(self) -> str:
        """Return the question."""
        return "Supprimer ces nouvelles\u00a0?"
