"""The page « Qui emporte quoi »: what a group of growers takes away of the day's lots."""

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from autoprod.core.formatting import kilograms
from autoprod.core.views import requires
from gardens.forms.harvests import A
from gardens.forms.share_outs import ShareForm
from gardens.services.share_outs import ShareOut, lots_of, share
from gardens.views.harvests import Place, crumbs_of, place_of, programme_of, weigh_url

SHARED = "Partagé\u00a0: {total} entre {growers}{each}. Personne n’est nommé."


@require_http_methods(["GET", "HEAD", "POST"])
@requires(A)
def harvest_share(request: HttpRequest, programme: int) -> HttpResponse:
    """Show the lots of the day in a garden; save what a group takes away of them."""
    place = place_of(request, programme_of(request, programme))
    site = place.site
    lots = lots_of(request.scope, place.programme, site, place.on) if site else []
    if request.method != "POST":
        return _page(request, place, ShareForm(initial={"client_uuid": uuid4()}, lots=lots))
    form = ShareForm(request.POST, lots=lots)
    if not form.is_valid():
        return _page(request, place, form)
    asked = form.share_out(place.on, place.session)
    try:
        share(scope=request.scope, share_out=asked)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, place, form)
    messages.success(request, _said(asked))
    return redirect(share_url(place))


def share_url(place: Place) -> str:
    """Return the page for the same garden and day."""
    url = reverse("gardens:harvest_share", args=[place.programme.pk])
    asked = {"jardin": place.site.pk if place.site else "", "jour": place.on}
    return f"{url}?{urlencode(asked)}"


def _said(asked: ShareOut) -> str:
    several = asked.growers > 1
    growers = f"{asked.growers} jardiniers" if several else "1 jardinier"
    each = f", {kilograms(asked.total / asked.growers)} chacun en moyenne" if several else ""
    return SHARED.format(total=kilograms(asked.total), growers=growers, each=each)


def _page(request: HttpRequest, place: Place, form: ShareForm) -> HttpResponse:
    here = weigh_url(place.programme.pk, place.site, place.on)
    context = {
        "place": place,
        "programme": place.programme,
        "form": form,
        "weigh_url": here,
        "title": "Qui emporte quoi",
        "subtitle": place.subtitle,
        "breadcrumbs": [
            *crumbs_of(place.programme, place.on),
            {"label": "Peser", "url": here},
        ],
    }
    return render(request, "gardens/harvests/share.html", context)
