"""What an enrolled device is told, so that harvests are weighed without network."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from beneficiaries.views.offline import HEADER
from programmes.models import Programme


def offline_of(request: HttpRequest) -> dict | None:
    """Return what the page needs to weigh without network; None where no device is."""
    device = getattr(request, "device", None)
    return {"device": device.pk, "today": timezone.localdate()} if device else None


def told(request: HttpRequest, response: HttpResponse, programme: Programme) -> HttpResponse:
    """Return the page, saying to the service worker whether to keep it, and under what name."""
    if not getattr(request, "device", None):
        response.headers[HEADER] = "no"
        return response
    today = timezone.localtime()
    label = f"Peser une récolte, {programme}"
    said = {"on": today.date(), "label": label, "starts": today.isoformat()}
    response.headers[HEADER] = urlencode(said)
    return response


def answer(request: HttpRequest, programme: Programme, mark: str, **said) -> HttpResponse:
    """Return what became of a weighing (its mark), alone: `done`, or a `fault`."""
    context = {"programme": programme, "mark": mark, "csrf_token": get_token(request), **said}
    response = HttpResponse(render_to_string("gardens/harvests/_answer.html", context))
    patch_vary_headers(response, ["HX-Request"])
    return response
