"""Pages of crops: the year's list, a crop, its taps, its export."""

from decimal import Decimal
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from autoprod.core import devices
from autoprod.core.formatting import counted, day, kilograms, number
from autoprod.core.models import StaleError
from autoprod.core.periods import Kind, Period
from autoprod.core.returns import keeping_next, next_of
from autoprod.core.scoping import Action
from autoprod.core.spreadsheets import download, kind_or_404, links
from autoprod.core.views import DeletePage, DetailPage, ListPage, get_or_404, requires
from beneficiaries.views.taps import MOVED, take_back, tell
from gardens.columns.crops import DONE_WORDS, TONES, method_label, when
from gardens.enums import PlantingMethod
from gardens.exports.crops import PlantingResource
from gardens.forms.crops import PlaceForm, PlantingFilter
from gardens.models import Harvest, Operation, Planting
from gardens.services import crops, operations, rotation
from gardens.services.harvest_totals import corrected, kept_of
from programmes.models import Programme
from programmes.views.periods import InPeriod
from programmes.views.programmes import InProgramme

#: What a tap says once done.
SAID = {
    "semer": "semis noté aujourd’hui",
    "planter": "plantation notée aujourd’hui",
    "arracher": "arrachage noté aujourd’hui",
}
NOTHING_TO_DO = "C’était déjà noté."


def year_of(period: Period | None = None) -> Period:
    """Return the year of a period, this one without any."""
    on = period.start if period else timezone.localdate()
    return Period.containing(on, Kind.YEAR)


def list_url(programme: Programme, year: Period | None = None) -> str:
    """Return the crops of a year, this one when none is said."""
    return reverse("gardens:planting_list", args=[programme.pk, year or year_of()])


def crumb_of(planting: Planting) -> tuple[str, str]:
    """Return the way back to the year of a crop."""
    on = planting.ground_day
    year = Period.containing(on, Kind.YEAR) if on else year_of()
    return (f"Cultures, {year.label}", list_url(planting.programme, year))


def crop_tabs(request: HttpRequest, programme: Programme, year: Period, current: str) -> list[dict]:
    """Return the pages of the crops of a programme; a device's code opens some of them."""
    pages = (
        ("Cultures", "planting_list", [programme.pk, year]),
        ("Cette semaine", "week_detail", [programme.pk]),
        ("Gestes", "operation_list", [programme.pk, year]),
        ("Relevés", "reading_list", [programme.pk, year]),
        ("Espèces et variétés", "species_list", [programme.pk]),
    )
    tabs = [
        {"label": label, "url": reverse(f"gardens:{name}", args=args), "current": name == current}
        for label, name, args in pages
    ]
    is_narrow = devices.is_restricted(request)
    return [tab for tab in tabs if not is_narrow or devices.leads_to_open(tab["url"])]


def line_of(planting: Planting, follows: dict | None = None) -> dict:
    """Return what a line says of a crop: its state, its dates, its next tap, what it follows."""
    gestures = [{"slug": slug, "label": DONE_WORDS[slug]} for slug in crops.gestures_of(planting)]
    # What stays in place is pulled up once in years: from its own page.
    stays = planting.method == PlantingMethod.PERENNIAL and planting.begun_on
    return {
        "planting": planting,
        "tone": TONES[planting.state],
        "when": when(planting),
        "gestures": gestures,
        "next_taps": [] if stays else gestures[:1],
        "too_soon": (follows or {}).get(planting.pk),
    }


class PlantingList(InPeriod, ListPage):
    """The crops of a year, garden by garden, plot by plot."""

    model = Planting
    action = Action.VIEW_GARDENS
    template_name = "gardens/crops/list.html"
    partial_template_name = "gardens/crops/_rows.html"
    period_kinds = (Kind.YEAR,)
    paginate_by = 60
    empty_icon = "sprout"
    empty_title = "Aucune culture cette année"
    empty_text = (
        "Une culture est une espèce sur une parcelle, du semis à l’arrachage. Ajoutez la première, "
        "ou reprenez le plan de l’année d’avant."
    )
    create_label = "Ajouter une culture"

    @property
    def filter_form(self) -> partial:
        """Return the filters, with the gardens of the programme."""
        return partial(PlantingFilter, programme=self.parent)

    def get_queryset(self) -> list[Planting]:
        """Return the crops of the year, by garden and plot."""
        rows = Planting.objects.for_scope(self.scope, self.action).of(self.parent)
        return crops.laid_out(self.narrowed(rows.during(self.period).described()))

    def get_title(self) -> str:
        """Return « Cultures, année 2026 »."""
        return f"Cultures, {self.period.label}"

    def get_subtitle(self) -> str:
        """Return how many, and how many varieties."""
        count = counted(len(self.object_list), "culture", "cultures")
        kinds = len({row.variety_id for row in self.object_list} - {None})
        told = f" · {counted(kinds, 'variété', 'variétés')}" if kinds else ""
        return f"{self.parent} · {count}{told}"

    @property
    def can_edit(self) -> bool:
        """Tell whether this user grows here."""
        return self.scope.opens(Action.EDIT_GARDENS, self.parent)

    def get_create_url(self) -> str:
        """Lead to a new crop, for who grows here."""
        return reverse("gardens:planting_create", args=[self.parent.pk]) if self.can_edit else ""

    def get_links(self) -> list[dict]:
        """Offer last year's plan, and the list as a file."""
        page = {"programme": self.parent.pk, "period": self.period}
        copy = {"label": "Reprendre le plan d’avant", "icon": "copy"}
        copy["url"] = reverse("gardens:plan_copy", kwargs=page)
        query = self.request.GET.urlencode()
        end = f"?{query}" if query else ""
        files = links(lambda kind: self._export(page, kind) + end)
        return [*([copy] if self.can_edit else []), *files]

    @staticmethod
    def _export(page: dict, kind: str) -> str:
        return reverse("gardens:planting_export", kwargs={**page, "kind": kind})

    def get_context_data(self, **kwargs) -> dict:
        """Add the gardens, each with its lines."""
        context = super().get_context_data(**kwargs)
        rows = list(context["object_list"])
        follows = rotation.too_soon(self.scope, rows)
        groups = [
            (garden, [line_of(row, follows) for row in of_garden])
            for garden, of_garden in crops.by_garden(rows)
        ]
        tabs = crop_tabs(self.request, self.parent, self.period, "planting_list")
        here = self.request.get_full_path()
        return context | {"groups": groups, "tabs": tabs, "can_edit": self.can_edit, "here": here}

    def get_table(self, rows: list[Planting]):
        """Return what an empty list says: the lines are drawn by the page."""
        return {"empty_state": self.get_empty_state()}


class OfPlanting(InProgramme):
    """A page about one crop."""

    model = Planting
    select_related = ("programme__territory", "species__family", "variety", "plot__garden__site")

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.object.programme

    def get_breadcrumbs(self) -> list:
        """Return the way back to the crop."""
        planting = self.object
        return [crumb_of(planting), (str(planting), self.get_success_url())]

    def get_success_url(self) -> str:
        """Go to the crop."""
        return reverse("gardens:planting_detail", args=[self.object.pk])


class PlantingDetail(OfPlanting, DetailPage):
    """A crop: its dates, what it follows, what was done to it, what it gave."""

    action = Action.VIEW_GARDENS
    template_name = "gardens/crops/detail.html"

    def get_subtitle(self) -> str:
        """Return where it grows."""
        return f"{self.object.plot.garden} · {self.object.plot}"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the year."""
        return super().get_breadcrumbs()[:1]

    def get_facts(self) -> list[tuple]:
        """Return what the card says."""
        row = self.object
        return [
            ("Famille", row.species.family.label),
            ("Mode", method_label(row)),
            ("Semis prévu", day(row.sow_on) if row.sow_on else ""),
            ("Plantation prévue", day(row.plant_on) if row.plant_on else ""),
            ("Première récolte prévue", day(row.harvest_on) if row.harvest_on else ""),
            ("Fin prévue", day(row.end_on) if row.end_on else ""),
            ("Semé le", day(row.sown_on) if row.sown_on else ""),
            ("Planté le", day(row.planted_on) if row.planted_on else ""),
            ("Arraché le", day(row.ended_on) if row.ended_on else ""),
            ("Plants", number(row.plant_count) if row.plant_count else ""),
            ("Surface", f"{number(row.area)} m²" if row.area else ""),
            ("Récolte attendue", kilograms(row.expected) if row.expected else ""),
            ("Semence bio", "oui" if row.is_organic_seed else "non"),
        ]

    def get_weighed(self) -> dict:
        """Return what was weighed on the crop, less what corrected it, and in all."""
        rows = Harvest.objects.for_scope(self.scope, self.action).of(self.object).order_by("-on")
        rows = list(rows.select_related("product"))
        wrong = corrected(self.scope, rows)
        kept = [(row, kept_of(row, wrong)) for row in rows]
        return {
            "weighings": [{"harvest": row, "kilograms": kg} for row, kg in kept if kg],
            "weighed": sum((kg for _, kg in kept), Decimal(0)),
        }

    def get_context_data(self, **kwargs) -> dict:
        """Add the facts, the weighings, the gestures and the warning."""
        row = self.object
        done = Operation.objects.for_scope(self.scope, self.action).of(row).described()
        follows = rotation.too_soon(self.scope, [row])
        return super().get_context_data(
            facts=[(label, value) for label, value in self.get_facts() if value],
            line=line_of(row, follows),
            operations=[
                {
                    "operation": one,
                    "quantity": operations.quantity_words(one.kind, one.quantity),
                }
                for one in done
            ],
            can_edit=self.scope.opens(Action.EDIT_GARDENS, row.programme),
            here=self.request.path,
            **self.get_weighed(),
            **kwargs,
        )


class PlantingDelete(OfPlanting, DeletePage):
    """Delete a crop noted by mistake."""

    action = Action.EDIT_GARDENS
    kept_message = (
        "Impossible de supprimer\u00a0: d’autres fiches s’y rattachent ({names}). "
        "Notez plutôt le jour de l’arrachage."
    )

    def get_success_url(self) -> str:
        """Go back to the year."""
        return crumb_of(self.object)[1]


def planting_or_404(request: HttpRequest, pk: int) -> Planting:
    """Return the crop to write on."""
    rows = Planting.objects.for_scope(request.scope, Action.EDIT_GARDENS)
    return get_or_404(rows.select_related("programme", "species", "variety"), pk=pk)


def back_of(request: HttpRequest, planting: Planting) -> HttpResponse:
    """Return to where the tap was made, the crop's page otherwise."""
    return redirect(next_of(request) or reverse("gardens:planting_detail", args=[planting.pk]))


@require_POST
@requires(Action.EDIT_GARDENS)
def planting_tap(request: HttpRequest, pk: int, gesture: str) -> HttpResponse:
    """Date a gesture today."""
    planting = planting_or_404(request, pk)
    if gesture not in crops.DATE_OF:
        raise Http404
    try:
        before = crops.mark(scope=request.scope, planting=planting, gesture=gesture)
    except StaleError:
        messages.error(request, MOVED)
        return back_of(request, planting)
    if before:
        undo = keeping_next(request, reverse("gardens:planting_undo", args=[planting.pk]))
        tell(request, planting, SAID[gesture], undo, before)
    else:
        messages.info(request, NOTHING_TO_DO)
    return back_of(request, planting)


@require_POST
@requires(Action.EDIT_GARDENS)
def planting_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take off the date a tap has just written."""
    planting = planting_or_404(request, pk)
    take_back(request, planting, crops.DATE_OF.values())
    return back_of(request, planting)


@require_safe
@requires(Action.EDIT_GARDENS)
def planting_rotation(request: HttpRequest, programme: int) -> HttpResponse:
    """Say what the crop being typed would follow too closely, if anything."""
    rows = Programme.objects.for_scope(request.scope, Action.EDIT_GARDENS)
    form = PlaceForm(request.GET, scope=request.scope, programme=get_or_404(rows, pk=programme))
    found = None
    if form.is_valid():
        said = form.cleaned_data
        place = rotation.Place(said["plot"], said["species"], form.season)
        found = rotation.too_soon_at(request.scope, place)
    return render(request, "gardens/crops/_rotation.html", {"too_soon": found})


@require_safe
@requires(Action.VIEW_GARDENS)
def planting_export(
    request: HttpRequest, programme: int, period: Period, kind: str
) -> HttpResponse:
    """Send the crops of the list as a file."""
    kind = kind_or_404(kind)
    parents = Programme.objects.for_scope(request.scope, Action.VIEW_GARDENS)
    parent = get_or_404(parents, pk=programme)
    rows = Planting.objects.for_scope(request.scope, Action.VIEW_GARDENS).of(parent)
    rows = rows.during(period).described()
    asked = PlantingFilter(request.GET, scope=request.scope, programme=parent)
    if asked.is_valid():
        rows = asked.narrow(rows)
    sheet = PlantingResource(scope=request.scope).sheet(
        rows, comments=(f"{parent}, {period.label}",)
    )
    return download(sheet, kind, f"cultures-{parent.pk}-{period.slug}")
