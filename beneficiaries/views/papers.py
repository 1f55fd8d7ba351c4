"""Papers printed for a person: each as a PDF."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from autoprod.core.pdf import response
from autoprod.core.scoping import Action, Scope
from autoprod.core.views import get_or_404, requires
from beneficiaries.documents.booklets import booklet
from beneficiaries.documents.papers import stays_of
from beneficiaries.models import Enrolment, Person


def printed_for(scope: Scope, pk: int) -> tuple[Person, list[Enrolment]]:
    """Return a person and their stays that the scope may print; 404 without any."""
    people = Person.objects.for_scope(scope, Action.VIEW_PATHWAYS)
    person = get_or_404(people, pk=pk)
    stays = stays_of(scope, person)
    if not stays:
        raise Http404
    return person, stays


@require_safe
@requires(Action.VIEW_PATHWAYS)
def booklet_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the person's own booklet."""
    return response(*booklet(request.scope, *printed_for(request.scope, pk)))
