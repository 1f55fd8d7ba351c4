"""Leads from the old address of a file that was merged to the file that was kept."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from autoprod.core.scoping import Action
from beneficiaries.models import PersonMerge

#: How every address of a person's file begins; the person's key comes first.
_FILE = "personnes/<int:"


class MergedFileMiddleware:
    """Asks what became of a file only when its address was not found.

    A link kept in a letter or a browser still leads somewhere; for who may not open the file that
    was kept, the answer stays the same 404 as for a file that never was.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Send a page asked for to the kept file; None for anything else."""
        match = request.resolver_match
        is_page = request.method in {"GET", "HEAD"} and not request.htmx
        if not (is_page and isinstance(exception, Http404) and match.route.startswith(_FILE)):
            return None
        rows = PersonMerge.objects.for_scope(request.scope, Action.VIEW_PERSONS)
        rows = rows.that_took(next(iter(match.kwargs.values())))
        kept = rows.values_list("kept", flat=True).first()
        if kept is None:
            return None
        messages.info(request, "Cette fiche a été réunie avec celle-ci.")
        return redirect("beneficiaries:person_detail", pk=kept)
