"""Pages of the tools: the list, a tool with its history, its photo, labels, exports."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from autoprod.core.formatting import counted, day, euros
from autoprod.core.pdf import response
from autoprod.core.scoping import Action
from autoprod.core.spreadsheets import download, kind_or_404, links
from autoprod.core.uploads import send
from autoprod.core.views import (
    CreatePage,
    DeletePage,
    DetailPage,
    ListPage,
    UpdatePage,
    get_or_404,
    requires,
)
from gardens.documents import tools as documents
from gardens.exports.tools import ToolResource
from gardens.forms.tools import ToolFilter, ToolForm, ToolPhotoForm
from gardens.models import Loan, Repair, Tool, ToolPhoto
from gardens.services import tools
from programmes.models import Programme
from programmes.views.programmes import InProgramme, crumbs_of


def list_url(programme_key: int) -> str:
    """Return the list of a programme's tools."""
    return reverse("gardens:tool_list", args=[programme_key])


def tool_url(tool_key: int) -> str:
    """Return the page of a tool."""
    return reverse("gardens:tool_detail", args=[tool_key])


def programme_or_404(request: HttpRequest, pk: int) -> Programme:
    """Return a programme whose gardens are open to the reader."""
    rows = Programme.objects.for_scope(request.scope, Action.VIEW_GARDENS)
    return get_or_404(rows.select_related("territory"), pk=pk)


class OfTools(InProgramme):
    """A page about the tools of a programme, or about one of them."""

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.parent

    def get_tool(self) -> Tool | None:
        """Return the tool the page is about, None for a page about them all."""
        return None

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list, then to the tool."""
        programme, tool = self.get_programme(), self.get_tool()
        crumbs = [*crumbs_of(programme), ("Outils", list_url(programme.pk))]
        return [*crumbs, (str(tool), tool_url(tool.pk))] if tool else crumbs


class OfTool(OfTools):
    """A page about one tool: itself, or what hangs on it, noted or to note."""

    parent_model = Tool
    parent_kwarg = "tool"

    def get_tool(self) -> Tool:
        """Return the tool."""
        return self.parent or getattr(self.object, "tool", self.object)

    def get_programme(self) -> Programme:
        """Return the programme of the tool."""
        return self.get_tool().programme

    def get_cancel_url(self) -> str:
        """Return to the tool."""
        return tool_url(self.get_tool().pk)

    def get_success_url(self) -> str:
        """Go back to the tool."""
        return tool_url(self.get_tool().pk)


class ToolList(OfTools, ListPage):
    """The tools of a programme, where each one is, and what to do with it in a tap."""

    model = Tool
    parent_model = Programme
    parent_kwarg = "programme"
    action = Action.VIEW_GARDENS
    title = "Outils"
    template_name = "gardens/tools/list.html"
    partial_template_name = "gardens/tools/_rows.html"
    filter_form = ToolFilter
    select_related = ("kind", "site")
    empty_icon = "hammer"
    empty_title = "Aucun outil"
    empty_text = "Donnez un numéro à chaque outil\u00a0: il se prête et se rend en deux appuis."
    create_label = "Ajouter un outil"
    create_action = Action.EDIT_GARDENS

    def get_breadcrumbs(self) -> list:
        """Return the way back to the programme."""
        return crumbs_of(self.parent)

    def get_subtitle(self) -> str:
        """Return whose tools they are."""
        return f"Outillothèque · {self.parent}"

    def get_create_url(self) -> str:
        """Return where « Ajouter un outil » leads."""
        if not self.scope.opens(self.create_action, self.parent):
            return ""
        return reverse("gardens:tool_create", args=[self.parent.pk])

    def get_links(self) -> list[dict]:
        """Offer what is late, the labels to print and the export."""
        key, year = self.parent.pk, str(timezone.localdate().year)
        query = f"?{asked}" if (asked := self.request.GET.urlencode()) else ""
        return [
            {
                "label": "Prêts",
                "url": reverse("gardens:loan_list", args=[key, year]),
                "icon": "history",
            },
            {
                "label": "Étiquettes",
                "url": reverse("gardens:tool_labels", args=[key]),
                "icon": "printer",
            },
            *links(lambda kind: reverse("gardens:tool_export", args=[key, kind]) + query),
        ]

    def get_context_data(self, **kwargs) -> dict:
        """Add a card for each tool, and how many are late."""
        context = super().get_context_data(**kwargs)
        loans = Loan.objects.for_scope(self.scope, self.action)
        late = loans.late(timezone.localdate()).filter(tool__programme=self.parent).count()
        return context | {
            "cards": tools.cards(self.scope, list(context["object_list"])),
            "late": late,
            "programme": self.parent,
            "can_edit": self.scope.opens(Action.EDIT_GARDENS, self.parent),
            "can_override": self.scope.opens(Action.EDIT_PROGRAMME, self.parent),
        }


class ToolDetail(OfTool, DetailPage):
    """A tool: what it is, who has it, who had it, what was mended."""

    model = Tool
    parent_model = None
    action = Action.VIEW_GARDENS
    template_name = "gardens/tools/detail.html"
    select_related = ("kind", "site", "giver", "programme__territory")

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return super().get_breadcrumbs()[:-1]

    def get_facts(self) -> list[tuple]:
        """Return what the card says."""
        row = self.object
        return [
            ("Numéro", row.number),
            ("Catégorie", row.kind.label if row.kind else ""),
            ("Rangé à", row.site.name if row.site else ""),
            ("Accessoires", row.accessories),
            ("Valeur", euros(row.value) if row.value is not None else ""),
            ("Donné par", row.giver.name if row.giver else ""),
            ("Acquis le", day(row.acquired_on) if row.acquired_on else ""),
        ]

    def get_context_data(self, **kwargs) -> dict:
        """Add its card, its photo and its history."""
        tool, scope = self.object, self.scope
        loans = list(Loan.objects.for_scope(scope, self.action).of(tool).described())
        who = tools.holders(scope, loans)
        for loan in loans:
            loan.holder = who[loan.pk]
        return super().get_context_data(
            card=tools.cards(scope, [tool])[0],
            facts=self.get_facts(),
            photo=ToolPhoto.objects.for_scope(scope, self.action).of(tool).first(),
            loans=loans,
            count=counted(len(loans), "prêt", "prêts"),
            repairs=Repair.objects.for_scope(scope, self.action).of(tool),
            can_edit=scope.opens(Action.EDIT_GARDENS, tool.programme),
            can_override=scope.opens(Action.EDIT_PROGRAMME, tool.programme),
            **kwargs,
        )


class ToolCreate(OfTools, CreatePage):
    """Add a tool."""

    model = Tool
    form_class = ToolForm
    parent_model = Programme
    parent_kwarg = "programme"
    action = Action.EDIT_GARDENS
    title = "Ajouter un outil"
    success_message = "Outil ajouté."

    def get_fixed(self) -> dict:
        """Return the programme the URL names."""
        return {"programme": self.parent}

    def get_success_url(self) -> str:
        """Go to the tool."""
        return tool_url(self.object.pk)


class ToolUpdate(OfTool, UpdatePage):
    """Edit a tool: lost, retired or found again included."""

    model = Tool
    parent_model = None
    form_class = ToolForm
    action = Action.EDIT_GARDENS
    select_related = ("programme__territory",)

    def get_fixed(self) -> dict:
        """Return the programme it belongs to, which its number is judged in."""
        return {"programme": self.object.programme}

    def get_delete_url(self) -> str:
        """Lead to the deletion of a tool that was never lent."""
        return reverse("gardens:tool_delete", args=[self.object.pk])


class ToolDelete(OfTool, DeletePage):
    """Delete a tool nothing is known of."""

    model = Tool
    parent_model = None
    action = Action.EDIT_GARDENS
    select_related = ("programme__territory",)
    kept_message = (
        "Impossible de supprimer\u00a0: d’autres fiches s’y rattachent ({names}). "
        "Dites plutôt qu’il est perdu ou réformé."
    )

    def get_success_url(self) -> str:
        """Go back to the list."""
        return list_url(self.object.programme_id)


class ToolPhotoCreate(OfTool, CreatePage):
    """Add the photo of a tool, or put another in its place."""

    model = ToolPhoto
    form_class = ToolPhotoForm
    action = Action.EDIT_GARDENS
    title = "Photo de l’outil"
    success_message = "Photo ajoutée."

    def get_fixed(self) -> dict:
        """Return the tool the URL names."""
        return {"tool": self.parent}


class ToolPhotoDelete(OfTool, DeletePage):
    """Take the photo of a tool away."""

    model = ToolPhoto
    parent_model = None
    action = Action.EDIT_GARDENS
    select_related = ("tool__programme__territory",)


@require_safe
@requires(Action.VIEW_GARDENS)
def tool_photo(request: HttpRequest, pk: int) -> FileResponse:
    """Send the photo of a tool, and write that it was seen."""
    rows = ToolPhoto.objects.for_scope(request.scope, Action.VIEW_GARDENS)
    return send(request, rows.select_related("tool__programme"), pk)


@require_safe
@requires(Action.VIEW_GARDENS)
def tool_labels(request: HttpRequest, programme: int) -> HttpResponse:
    """Send the labels of the tools in service."""
    parent = programme_or_404(request, programme)
    rows = Tool.objects.for_scope(request.scope, Action.VIEW_GARDENS).of(parent).in_use()
    return response(*documents.labels(request.scope, parent, list(rows.order_by("number", "pk"))))


@require_safe
@requires(Action.VIEW_GARDENS)
def tool_export(request: HttpRequest, programme: int, kind: str) -> HttpResponse:
    """Send the tools of the list as a file."""
    kind, parent = kind_or_404(kind), programme_or_404(request, programme)
    rows = Tool.objects.for_scope(request.scope, Action.VIEW_GARDENS).of(parent)
    asked = ToolFilter(request.GET, scope=request.scope)
    if asked.is_valid():
        rows = asked.narrow(rows)
    words = {card.tool.pk: card.words for card in tools.cards(request.scope, list(rows))}
    resource = ToolResource(scope=request.scope, words=words)
    sheet = resource.sheet(rows.order_by("number", "pk"), comments=[str(parent)])
    return download(sheet, kind, f"outils-{parent.pk}")
