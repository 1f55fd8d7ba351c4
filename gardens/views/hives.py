"""Pages of an apiary: its hives, its honey, its register, its declarations."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from autoprod.core.formatting import counted, kilograms
from autoprod.core.pdf import response
from autoprod.core.scoping import Action
from autoprod.core.tables import Table, table
from autoprod.core.views import (
    CreatePage,
    DeletePage,
    DetailPage,
    UpdatePage,
    get_or_404,
    requires,
)
from gardens.columns.hives import HONEY
from gardens.documents import hives as documents
from gardens.forms.hives import ApiaryForm, DeclarationForm, HoneyForm
from gardens.models import Apiary, ApiaryDeclaration, Colony, HiveTreatment, HoneyHarvest
from gardens.services import hives
from programmes.models import Programme
from programmes.views.programmes import InProgramme, crumbs_of


def list_url(programme_key: int) -> str:
    """Return the apiaries of a programme."""
    return reverse("gardens:apiary_list", args=[programme_key])


def apiary_url(apiary_key: int) -> str:
    """Return the page of an apiary."""
    return reverse("gardens:apiary_detail", args=[apiary_key])


class OfApiary(InProgramme):
    """A page about an apiary: itself, or what hangs on it."""

    parent_model = Apiary
    parent_kwarg = "apiary"

    def get_apiary(self) -> Apiary:
        """Return the apiary."""
        return self.parent or getattr(self.object, "apiary", self.object)

    def get_programme(self) -> Programme:
        """Return the programme of the apiary."""
        return self.get_apiary().programme

    def get_breadcrumbs(self) -> list:
        """Return the way back to the apiary."""
        apiary, programme = self.get_apiary(), self.get_programme()
        crumbs = [*crumbs_of(programme), ("Ruchers", list_url(programme.pk))]
        return [*crumbs, (str(apiary), apiary_url(apiary.pk))]

    def get_cancel_url(self) -> str:
        """Return to the apiary."""
        return apiary_url(self.get_apiary().pk)

    def get_success_url(self) -> str:
        """Go back to the apiary."""
        return apiary_url(self.get_apiary().pk)


class ApiaryList(InProgramme, DetailPage):
    """The apiaries of a programme, with how many colonies live there."""

    model = Programme
    pk_url_kwarg = "programme"
    action = Action.VIEW_GARDENS
    template_name = "gardens/hives/list.html"

    def get_title(self) -> str:
        """Return what it is."""
        return "Ruchers"

    def get_subtitle(self) -> str:
        """Return whose apiaries they are."""
        return str(self.object)

    def get_breadcrumbs(self) -> list:
        """Return the way back to the programme."""
        return crumbs_of(self.object)

    def get_context_data(self, **kwargs) -> dict:
        """Add the apiaries."""
        rows = Apiary.objects.for_scope(self.scope, self.action).of(self.object)
        return super().get_context_data(
            apiaries=rows.with_colonies().select_related("site"),
            can_edit=self.scope.opens(Action.EDIT_GARDENS, self.object),
            **kwargs,
        )


class ApiaryDetail(OfApiary, DetailPage):
    """An apiary: each hive and what to do there, honey, declarations."""

    model = Apiary
    parent_model = None
    action = Action.VIEW_GARDENS
    template_name = "gardens/hives/apiary.html"
    select_related = ("site", "programme__territory")

    def get_subtitle(self) -> str:
        """Return where it is and how many colonies live there."""
        return self.object.site.name

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return super().get_breadcrumbs()[:-1]

    def get_honey(self) -> Table:
        """Return the table of the honey taken."""
        rows = HoneyHarvest.objects.for_scope(self.scope, self.action).of(self.object)
        return table(
            HONEY,
            rows.with_correction(),
            caption="Récoltes de miel",
            url=lambda row: reverse(
                "gardens:lot_detail", args=[self.object.programme_id, row.lot_id]
            ),
            empty_state={
                "icon": "hexagon",
                "title": "Pas encore de miel",
                "text": "Une récolte ouvre un lot du stock, comme celles du jardin.",
            },
        )

    def get_facts(self, living: int) -> list[tuple]:
        """Return what the card says."""
        row = self.object
        return [
            ("NAPI", row.number),
            ("Suivi par", row.keeper),
            ("Colonies", counted(living, "colonie", "colonies")),
            ("Site", row.site.name),
        ]

    def get_context_data(self, **kwargs) -> dict:
        """Add its hives and what hangs on it."""
        scope, apiary, today = self.scope, self.object, timezone.localdate()
        cards = hives.cards(scope, apiary, today)
        over = (
            Colony.objects.for_scope(scope, self.action).of(apiary).filter(ended_on__isnull=False)
        )
        declared = ApiaryDeclaration.objects.for_scope(scope, self.action).of(apiary)
        running = HiveTreatment.objects.for_scope(scope, self.action).running()
        return super().get_context_data(
            cards=cards,
            facts=self.get_facts(len(cards)),
            over=over.order_by("-ended_on", "pk"),
            honey=self.get_honey(),
            declarations=declared,
            to_declare=hives.asked_of(scope, apiary, today) if cards else None,
            running=running.filter(colony__apiary=apiary).exists(),
            can_edit=scope.opens(Action.EDIT_GARDENS, apiary.programme),
            **kwargs,
        )


class ApiaryCreate(InProgramme, CreatePage):
    """Add an apiary."""

    model = Apiary
    form_class = ApiaryForm
    parent_model = Programme
    parent_kwarg = "programme"
    action = Action.EDIT_GARDENS
    title = "Ajouter un rucher"
    success_message = "Rucher ajouté."

    def get_programme(self) -> Programme:
        """Return the programme the URL names."""
        return self.parent

    def get_fixed(self) -> dict:
        """Return the programme the URL names."""
        return {"programme": self.parent}

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [*crumbs_of(self.parent), ("Ruchers", list_url(self.parent.pk))]

    def get_success_url(self) -> str:
        """Go to the apiary."""
        return apiary_url(self.object.pk)


class ApiaryUpdate(OfApiary, UpdatePage):
    """Edit an apiary."""

    model = Apiary
    parent_model = None
    form_class = ApiaryForm
    action = Action.EDIT_GARDENS
    select_related = ("programme__territory",)

    def get_fixed(self) -> dict:
        """Return its programme, which its name is judged in."""
        return {"programme": self.object.programme}

    def get_delete_url(self) -> str:
        """Lead to the deletion of an apiary without hives."""
        return reverse("gardens:apiary_delete", args=[self.object.pk])


class ApiaryDelete(OfApiary, DeletePage):
    """Delete an apiary without hives."""

    model = Apiary
    parent_model = None
    action = Action.EDIT_GARDENS
    select_related = ("programme__territory",)
    kept_message = (
        "Impossible de supprimer\u00a0: d’autres fiches s’y rattachent ({names}), et le registre "
        "se garde cinq ans."
    )

    def get_success_url(self) -> str:
        """Go back to the list."""
        return list_url(self.object.programme_id)


class HoneyCreate(OfApiary, CreatePage):
    """Take honey: it is a lot of the stock."""

    model = HoneyHarvest
    form_class = HoneyForm
    action = Action.EDIT_GARDENS
    title = "Récolter du miel"

    def get_fixed(self) -> dict:
        """Return the apiary the URL names."""
        return {"apiary": self.parent}

    def get_apiary(self) -> Apiary:
        """Return the apiary the URL names."""
        return self.parent

    @property
    def success_message(self) -> str:
        """Return « 12 kg de miel : lot 2016-0042. »."""
        lot = self.object.lot
        return f"{kilograms(lot.grams)} de miel\u00a0: lot {lot.number}."


class DeclarationCreate(OfApiary, CreatePage):
    """Note that the colonies are declared this autumn."""

    model = ApiaryDeclaration
    form_class = DeclarationForm
    action = Action.EDIT_GARDENS
    title = "Noter la déclaration de ruches"
    subtitle = "Elle se fait en ligne, du 1er septembre au 31 décembre, dès la première ruche."
    success_message = "Déclaration notée."

    def get_fixed(self) -> dict:
        """Return the apiary the URL names."""
        return {"apiary": self.parent}


class DeclarationUpdate(OfApiary, UpdatePage):
    """Correct a declaration, or add its receipt."""

    model = ApiaryDeclaration
    parent_model = None
    form_class = DeclarationForm
    action = Action.EDIT_GARDENS
    select_related = ("apiary__programme__territory",)

    def get_fixed(self) -> dict:
        """Return its apiary, which its year is judged in."""
        return {"apiary": self.object.apiary}

    def get_delete_url(self) -> str:
        """Lead to the deletion of one noted by mistake."""
        return reverse("gardens:declaration_delete", args=[self.object.pk])


class DeclarationDelete(OfApiary, DeletePage):
    """Delete a declaration noted by mistake."""

    model = ApiaryDeclaration
    parent_model = None
    action = Action.EDIT_GARDENS
    select_related = ("apiary__programme__territory",)


@require_safe
@requires(Action.VIEW_GARDENS)
def apiary_register(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the register of an apiary over five years."""
    rows = Apiary.objects.for_scope(request.scope, Action.VIEW_GARDENS)
    apiary = get_or_404(rows.select_related("site", "programme__territory"), pk=pk)
    return response(*documents.register(request.scope, apiary, timezone.localdate()))
