"""Pages of contracts of hours: for the referents of the stay, for nobody else."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from autoprod.core.scoping import Action
from autoprod.core.views import CreatePage, DeletePage, UpdatePage, get_or_404
from beneficiaries.forms.contracts import ContractForm
from beneficiaries.models import EngagementContract, Enrolment, Person
from beneficiaries.views.pathways import ForPerson, InPathway

KEPT = "Entre la personne et ses référents\u00a0: dans aucune liste, aucun export, aucun chiffre."
_STAY = ("enrolment__person", "enrolment__programme__territory")


class ContractCreate(ForPerson, CreatePage):
    """Note what was agreed with somebody one is a referent of; nobody else finds the page."""

    model = EngagementContract
    form_class = ContractForm
    action = Action.EDIT_PATHWAYS
    title = "Noter un contrat d’engagement"
    subtitle = KEPT
    success_message = "Contrat noté."

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Answer 404 to who is no referent of the person."""
        stays = Enrolment.objects.for_scope(self.scope, self.action)
        followed = stays.followed_by(self.scope.actor_key).values("person")
        if self.scope.allows(self.action):
            get_or_404(
                Person.objects.for_scope(self.scope, self.action).filter(pk__in=followed),
                pk=kwargs["person"],
            )
        return super().dispatch(request, *args, **kwargs)


class ContractUpdate(InPathway, UpdatePage):
    """Adapt a contract, or end it."""

    model = EngagementContract
    form_class = ContractForm
    action = Action.EDIT_PATHWAYS
    select_related = _STAY
    subtitle = KEPT

    def get_title(self) -> str:
        """Return the title."""
        return "Modifier le contrat d’engagement"

    def get_delete_url(self) -> str:
        """Lead to the deletion of what was noted by mistake."""
        return reverse("beneficiaries:contract_delete", args=[self.object.pk])


class ContractDelete(InPathway, DeletePage):
    """Delete a contract noted by mistake."""

    model = EngagementContract
    action = Action.EDIT_PATHWAYS
    select_related = _STAY
