"""Weighing on paper: the sheet to print, and the page where it is typed back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from autoprod.core.formatting import counted
from autoprod.core.pdf import response
from autoprod.core.periods import Kind, Period
from autoprod.core.views import requires
from gardens.documents.harvests import LEGEND, weighing_sheet
from gardens.forms.harvests import A
from gardens.forms.typed_harvests import TypedHarvests
from gardens.imports.harvests import Reader, write
from gardens.views.harvests import Place, crumbs_of, place_of, programme_of

NO_SITE = "Ajoutez d’abord à cette action le site où l’on récolte."
NOTHING = "Aucune ligne n’est remplie."


@require_safe
@requires(A)
def harvest_sheet_pdf(request: HttpRequest, programme: int) -> HttpResponse:
    """Send the sheet: of the garden and the day that the address names, blank otherwise."""
    place = place_of(request, programme_of(request, programme))
    site = place.site if "jardin" in request.GET else None
    on = place.on if "jour" in request.GET else None
    return response(*weighing_sheet(request.scope, place.programme, site, on))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(A)
def harvest_typing(request: HttpRequest, programme: int) -> HttpResponse:
    """Show the lines of the paper, and save what is typed of them all at once."""
    place = place_of(request, programme_of(request, programme))
    if place.site is None:
        messages.info(request, NO_SITE)
        return redirect("programmes:site_list")
    sheet = TypedHarvests(Reader(request.scope, place.programme), place.site, place.on)
    if request.method != "POST":
        return _page(request, place, sheet)
    lines = sheet.read(request.POST)
    if not lines or sheet.is_faulty:
        return _page(request, place, sheet, fault="" if lines else NOTHING)
    try:
        number = write(request.scope, lines)
    except ValidationError as error:
        return _page(request, place, sheet, fault=" ".join(error.messages))
    messages.success(request, f"{counted(number, 'pesée enregistrée', 'pesées enregistrées')}.")
    month = Period.containing(place.on, Kind.MONTH)
    return redirect("gardens:harvest_list", place.programme.pk, month)


def _page(
    request: HttpRequest, place: Place, sheet: TypedHarvests, fault: str = ""
) -> HttpResponse:
    reader = sheet.reader
    context = {
        "place": place,
        "programme": place.programme,
        "sheet": sheet,
        "fault": fault,
        "legend": LEGEND,
        "products": place.products,
        "varieties": sorted({one.name for one in reader.known_varieties.values()}),
        "receivers": [one.name for one in reader.known_receivers.values()],
        "here": reverse("gardens:harvest_typing", args=[place.programme.pk]),
        "title": "Saisir une fiche de pesée",
        "subtitle": place.subtitle,
        "breadcrumbs": crumbs_of(place.programme, place.on),
    }
    return render(request, "gardens/harvests/typing.html", context)
