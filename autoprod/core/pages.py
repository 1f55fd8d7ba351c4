"""The pages that belong to no subject: home, the gallery of components."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from autoprod.core import devices, panels
from autoprod.core.formatting import day


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show « Aujourd’hui »: what each floor has to say to this user today.

    Much of it is closed to the code of a device, which starts elsewhere.
    """
    if request.scope.is_empty:
        raise PermissionDenied
    if devices.is_restricted(request):
        return _start_of_device(request)
    words = day(timezone.localdate(), weekday=True)
    return TemplateResponse(
        request,
        "core/home.html",
        {
            "title": words[:1].upper() + words[1:],
            "panels": panels.shown("today", request.scope, [])[None],
            "side_panels": panels.shown("today_side", request.scope, [])[None],
        },
    )


def _start_of_device(request: HttpRequest) -> HttpResponse:
    start = devices.landing_of(request)
    if not start:
        raise PermissionDenied
    return redirect(start)


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component, on a developer's machine."""
    return TemplateResponse(request, "components/gallery.html", {})
