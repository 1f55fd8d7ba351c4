"""HTMX: the same view answers a whole page or the part that changes."""

import json

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers


class PartialMixin:
    """A template view that answers `partial_template_name` to an HTMX request."""

    partial_template_name = ""

    def get_template_names(self) -> list[str]:
        """Return the part's template when HTMX asks for it, the page's otherwise."""
        if self.partial_template_name and wants_part(self.request):
            return [self.partial_template_name]
        return super().get_template_names()

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Answer, and tell caches that the two answers differ."""
        response = super().dispatch(request, *args, **kwargs)
        patch_vary_headers(response, ["HX-Request"])
        return response


def wants_part(request: HttpRequest) -> bool:
    """Tell whether HTMX asks for a part (a boosted link or a history restore wants the page)."""
    return bool(request.htmx) and not (request.htmx.boosted or request.htmx.history_restore_request)


def trigger(response: HttpResponse, event: str, detail: object = True) -> HttpResponse:
    """Add a client-side event to the response and return it."""
    events = json.loads(response.headers.get("HX-Trigger", "{}"))
    events[event] = detail
    response.headers["HX-Trigger"] = json.dumps(events)
    return response
