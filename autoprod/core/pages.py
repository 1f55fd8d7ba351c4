"""The pages that belong to no subject: home, health, the gallery of components."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from autoprod.core import panels
from autoprod.core.formatting import day
from autoprod.core.health import report


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show « Aujourd’hui »: what each floor has to say to this user today."""
    if request.scope.is_empty:
        raise PermissionDenied
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


@never_cache
@require_safe
@login_not_required
def health(request: HttpRequest) -> JsonResponse:
    """Say whether the installation works, with no personal data; 503 when it does not."""
    found = report()
    return JsonResponse(found, status=200 if found["ok"] else 503)


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component, on a developer's machine."""
    return TemplateResponse(request, "components/gallery.html", {})
