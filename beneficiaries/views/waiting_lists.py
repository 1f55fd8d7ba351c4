"""The waiting list of a programme: its places, who waits, and what to do about each."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from autoprod.core.formatting import counted, day
from autoprod.core.scoping import Action
from autoprod.core.spreadsheets import download, kind_or_404, links
from autoprod.core.views import PageMixin, ScopedMixin, get_or_404, requires
from beneficiaries.exports.waiting_lists import WaitingResource
from beneficiaries.models import Enrolment
from beneficiaries.services import waiting_lists
from beneficiaries.services.waiting_lists import Places
from beneficiaries.views.pathways import CONFIDENTIAL
from beneficiaries.views.person_files import list_url
from programmes.models import Programme
from programmes.views.programmes import InProgramme


class WaitingList(InProgramme, ScopedMixin, PageMixin, TemplateView):
    """Who waits for a place, the longest first, beside the places there are."""

    action = Action.EDIT_PERSONS
    parent_model = Programme
    parent_kwarg = "programme"
    template_name = "beneficiaries/waiting_lists/list.html"
    title = "Liste d’attente"

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.parent

    def get_subtitle(self) -> str:
        """Return how many wait."""
        number = counted(len(self.requests), "demande en attente", "demandes en attente")
        return f"{self.parent} · {number}"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the persons."""
        return [("Personnes", list_url(self.parent))]

    def get_context_data(self, **kwargs) -> dict:
        """Add the places, the requests and the ways out."""
        programme, scope = self.parent, self.scope
        self.requests = waiting_lists.waiting_in(scope, programme)
        places = waiting_lists.places_of(scope, programme, timezone.localdate())
        return super().get_context_data(
            places=places,
            edition_url=self.get_edition_url(places),
            requests=self.requests,
            create_url=self.get_create_url(),
            links=links(self.export_url),
            **kwargs,
        )

    def get_edition_url(self, places: Places) -> str:
        """Return where the places are said, empty when this user may not say them."""
        if not self.scope.opens(Action.EDIT_PROGRAMME, self.parent):
            return ""
        if places.edition is None:
            return reverse("programmes:edition_create", args=[self.parent.pk])
        return reverse("programmes:edition_update", args=[places.edition.pk])

    def get_create_url(self) -> str:
        """Return the form of a newcomer, as of a request of today."""
        asked = urlencode({"demande": "oui"})
        return f"{reverse('beneficiaries:person_create', args=[self.parent.pk])}?{asked}"

    def export_url(self, kind: str) -> str:
        """Return the address of the list as a file."""
        return reverse("beneficiaries:waiting_list_export", args=[self.parent.pk, kind])


@require_safe
@requires(Action.EDIT_PERSONS)
def waiting_list_export(request: HttpRequest, programme: int, kind: str) -> HttpResponse:
    """Send the waiting list as a file; its name names nobody."""
    kind, scope = kind_or_404(kind), request.scope
    parent = get_or_404(Programme.objects.for_scope(scope, Action.EDIT_PERSONS), pk=programme)
    rows = Enrolment.objects.for_scope(scope, Action.EDIT_PERSONS).of(parent).waiting()
    today = timezone.localdate()
    sheet = WaitingResource(scope=scope, programme=parent).sheet(
        rows.order_by("referred_on", "person__sort_key", "pk"),
        comments=(f"{parent}, le {day(today)}", CONFIDENTIAL),
    )
    return download(sheet, kind, f"liste-attente-{parent.pk}-{today.isoformat()}")
