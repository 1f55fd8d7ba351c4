"""The health page, for whoever watches the installation."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from autoprod.operating.health import report


@never_cache
@require_safe
@login_not_required
def health(request: HttpRequest) -> JsonResponse:
    """Say whether the installation works, with no personal data; 503 when it does not."""
    found = report()
    return JsonResponse(found, status=200 if found["ok"] else 503)
