"""The page where a harvest is weighed, on a phone in the garden, and its undoing."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_POST

from autoprod.core.fields import AmountFormField
from autoprod.core.fields.amounts import KILOGRAMS
from autoprod.core.formatting import SPACE, day
from autoprod.core.forms import KEY_DIGITS
from autoprod.core.htmx import wants_part
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from autoprod.core.views import get_or_404, requires
from gardens.enums import Destination
from gardens.forms.harvests import A, WeighForm
from gardens.models import Harvest, Movement, Product
from gardens.services import weighings
from gardens.services.harvest_totals import corrected, kept_of
from gardens.views.harvest_offline import answer, offline_of, told
from programmes.models import Programme, Session, Site

#: The weight of the crate, kept on the device that weighs with it.
TARE_COOKIE = "autoprod_tare"
_A_YEAR = 365 * 24 * 3600
#: What the page recalls of the day.
_RECALLED = 5


@dataclass(frozen=True)
class Place:
    """Where and when one weighs, and what the page proposes there."""

    programme: Programme
    sites: list[Site]
    site: Site | None
    on: date
    session: Session | None
    products: list[Product]

    @property
    def url(self) -> str:
        """Return the page of this garden and this day."""
        return weigh_url(self.programme.pk, self.site, self.on)

    @property
    def subtitle(self) -> str:
        """Return « Le Rôleur · lundi 14 mars », with the year when it is not this one."""
        words = day(self.on, weekday=True)
        if self.on.year == timezone.localdate().year:
            words = words.rpartition(SPACE)[0]
        return f"{self.site} · {words}" if self.site else words


def weigh_url(programme: int, site: Site | None = None, on: date | None = None, **more) -> str:
    """Return the page that weighs, for a garden and a day if they are given."""
    asked = {"jardin": site.pk if site else None, "jour": on, **more}
    query = urlencode({name: value for name, value in asked.items() if value})
    url = reverse("gardens:harvest_weigh", args=[programme])
    return f"{url}?{query}" if query else url


def programme_of(request: HttpRequest, pk: int, action: Action = A) -> Programme:
    """Return a programme of the scope, told to the top bar; Http404 outside."""
    rows = Programme.objects.for_scope(request.scope, action)
    programme = get_or_404(rows.select_related("territory"), pk=pk)
    request.shown_programme = programme.pk
    return programme


def crumbs_of(programme: Programme, on: date) -> list[dict]:
    """Return the way back to the harvests of the month."""
    month = Period.containing(on, Kind.MONTH)
    url = reverse("gardens:harvest_list", args=[programme.pk, month])
    return [{"label": "Récoltes", "url": url}]


def day_of(request: HttpRequest) -> date:
    """Return the day the address names, today when it names none, or one to come."""
    today = timezone.localdate()
    try:
        asked = parse_date(request.GET.get("jour", ""))
    except ValueError:
        asked = None
    return asked if asked and date(1900, 1, 1) <= asked <= today else today


def key_of(request: HttpRequest, name: str) -> int:
    """Return the key that the address names, 0 for none."""
    said = request.GET.get(name, "")
    return int(said) if said.isdecimal() and len(said) <= KEY_DIGITS else 0


def place_of(request: HttpRequest, programme: Programme) -> Place:
    """Return where one weighs: the garden named, else one's last of the day, else today's."""
    on, scope = day_of(request), request.scope
    sites = weighings.sites_of(scope, programme, on)
    wanted = key_of(request, "jardin") or _last_site(request, programme, on)
    site = next((one for one in sites if one.pk == wanted), sites[0] if sites else None)
    session = weighings.session_at(scope, programme, site, on) if site else None
    return Place(programme, sites, site, on, session, weighings.products_of(scope, programme))


def _last_site(request: HttpRequest, programme: Programme, on: date) -> int:
    rows = Harvest.objects.for_scope(request.scope, A).of(programme)
    mine = rows.filter(on=on, weighed_by=request.user.pk)
    return mine.order_by("-pk").values_list("site", flat=True).first() or 0


@require_http_methods(["GET", "HEAD", "POST"])
@requires(A)
def harvest_weigh(request: HttpRequest, programme: int) -> HttpResponse:
    """Show the scales' page; save one weighing, and be ready for the next."""
    parent = programme_of(request, programme)
    place = place_of(request, parent)
    known = {"scope": request.scope, "programme": parent, "products": place.products}
    if request.method != "POST":
        return _page(request, place, WeighForm(initial=_initial(request, place), **known))
    form = WeighForm(request.POST, **known)
    harvest = _save(request, form) if form.is_valid() else None
    if harvest is None:
        return _refused(request, place, form)
    return _remember(_saved(request, form, harvest), form)


def _refused(request: HttpRequest, place: Place, form: WeighForm) -> HttpResponse:
    """Answer the page with what is wrong with it; the fault alone to who sent it later."""
    if not wants_part(request):
        return _page(request, place, form)
    faults = [fault for faults in form.errors.values() for fault in faults]
    mark = request.POST.get("client_uuid", "")
    return answer(request, place.programme, mark, fault=" ".join(faults))


def _saved(request: HttpRequest, form: WeighForm, harvest: Harvest) -> HttpResponse:
    """Lead to the next weighing; what was saved alone to who sent it later."""
    if not wants_part(request):
        return redirect(_next_url(form, harvest))
    done = _told_of(request, harvest)
    return answer(request, form.programme, str(harvest.client_uuid), done=done)


def _save(request: HttpRequest, form: WeighForm) -> Harvest | None:
    """Return what was written; None when the ledger refuses, told in the form."""
    cleaned = form.cleaned_data
    session = weighings.session_at(request.scope, form.programme, cleaned["site"], cleaned["on"])
    try:
        return weighings.weigh_out(
            scope=request.scope, weighing=form.weighing(session), outs=form.outs(session)
        )
    except ValidationError as error:
        form.refuse(error)
    return None


def _next_url(form: WeighForm, harvest: Harvest) -> str:
    """Return the page of the next weighing: same garden, same day, same destination."""
    cleaned = form.cleaned_data
    receiver = cleaned["organisation"]
    is_gift = cleaned["destination"] == Destination.ORGANISATION
    return weigh_url(
        form.programme.pk,
        cleaned["site"],
        cleaned["on"],
        vers=cleaned["destination"],
        association=receiver.pk if receiver and is_gift else None,
        fait=harvest.pk,
    )


def _remember(response: HttpResponse, form: WeighForm) -> HttpResponse:
    """Keep the tare on the device."""
    if form.cleaned_data["pieces"] is not None:
        return response
    if tare := form.cleaned_data.get("tare"):
        options = {"max_age": _A_YEAR, "secure": settings.HTTPS, "httponly": True}
        response.set_cookie(TARE_COOKIE, str(tare.normalize()), samesite="Lax", **options)
    else:
        response.delete_cookie(TARE_COOKIE, samesite="Lax")
    return response


def _initial(request: HttpRequest, place: Place) -> dict:
    """Return what an empty form already knows: the place, the crate, the last destination."""
    asked = request.GET
    return {
        "client_uuid": uuid4(),
        "site": place.site.pk if place.site else None,
        "on": place.on,
        "product": key_of(request, "produit") or None,
        "measure": "kg",
        "tare": _tare(request),
        "destination": asked.get("vers", ""),
        "organisation": key_of(request, "association") or None,
    }


def _tare(request: HttpRequest):
    """Return the tare kept on the device, None when it keeps none that can be read."""
    field = AmountFormField(unit=KILOGRAMS, required=False)
    try:
        return field.clean(request.COOKIES.get(TARE_COOKIE, ""))
    except ValidationError:
        return None


def _page(request: HttpRequest, place: Place, form: WeighForm) -> HttpResponse:
    likely = weighings.likely_keys(request.scope, place.programme, place.site, place.on)
    chosen = str(form["product"].value() or "")
    by_key = {product.pk: product for product in place.products}
    shown = [by_key[key] for key in likely if key in by_key]
    first = {product.pk for product in shown}
    context = {
        "place": place,
        "programme": place.programme,
        "form": form,
        "likely": shown,
        "others": [product for product in place.products if product.pk not in first],
        "chosen": next((p for p in place.products if str(p.pk) == chosen), None),
        "destinations": [(d.value, _CHIPS.get(d, d.label)) for d in weighings.DESTINATIONS],
        "done": _done(request, place),
        "offline": offline_of(request),
        "today": _today(request, place),
        "title": "Peser une récolte",
        "breadcrumbs": crumbs_of(place.programme, place.on),
    }
    response = render(request, "gardens/harvests/weigh.html", context)
    return told(request, response, place.programme)


_CHIPS = {Destination.GROWERS: "Partage jardiniers"}


def _done(request: HttpRequest, place: Place) -> dict | None:
    """Return what was just saved, with where it went; None when nothing was."""
    rows = Harvest.objects.for_scope(request.scope, A).of(place.programme)
    harvest = rows.filter(pk=key_of(request, "fait")).select_related("product", "lot").first()
    return _told_of(request, harvest) if harvest and request.method != "POST" else None


def _told_of(request: HttpRequest, harvest: Harvest) -> dict:
    gone = Movement.objects.for_scope(request.scope, A).filter(lot=harvest.lot)
    ways = [_told(one) for one in gone.select_related("organisation").order_by("pk")]
    return {"harvest": harvest, "ways": ways}


def _told(movement: Movement) -> dict:
    where = movement.organisation or movement.get_destination_display().lower()
    return {"where": where, "grams": movement.grams}


def _today(request: HttpRequest, place: Place) -> list[dict]:
    """Return the last weighings of the day in this garden, corrections counted."""
    rows = Harvest.objects.for_scope(request.scope, A).of(place.programme)
    rows = rows.filter(on=place.on, site=place.site).select_related("product").order_by("-pk")
    found = list(rows[:_RECALLED])
    wrong = corrected(request.scope, found)
    return [{"harvest": one, "kept": kept_of(one, wrong)} for one in found]


@require_POST
@requires(A)
def harvest_undo(request: HttpRequest, programme: int, pk: int) -> HttpResponse:
    """Take back a weighing that was just saved."""
    parent = programme_of(request, programme)
    rows = Harvest.objects.for_scope(request.scope, A).of(parent)
    harvest = get_or_404(rows.select_related("product", "site"), pk=pk)
    try:
        weighings.undo(scope=request.scope, harvest=harvest.pk)
    except Harvest.DoesNotExist as error:
        raise Http404 from error
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"Pesée annulée\u00a0: {harvest.product}.")
    return redirect(weigh_url(parent.pk, harvest.site, harvest.on))
