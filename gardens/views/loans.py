"""Pages of loans and repairs: lend, give back, renew, what is late, the loans of a period."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from autoprod.core.formatting import day
from autoprod.core.periods import Period
from autoprod.core.scoping import Action
from autoprod.core.spreadsheets import download, kind_or_404, links
from autoprod.core.tables import Table
from autoprod.core.views import (
    CreatePage,
    DeletePage,
    DetailPage,
    ListPage,
    UpdatePage,
    requires,
)
from gardens.columns.tools import LOANS
from gardens.exports.tools import LoanResource
from gardens.forms.loans import LoanForm, RenewForm, RepairEndForm, RepairForm, ReturnForm
from gardens.models import Loan, Repair
from gardens.services import tools
from gardens.views.tools import OfTool, list_url, programme_or_404, tool_url
from programmes.models import Programme
from programmes.views.periods import InPeriod
from programmes.views.programmes import InProgramme, crumbs_of

BACK_ALREADY = "Cet outil est déjà rendu."
_OF_LOAN = ("tool__programme__territory",)


class LoanCreate(OfTool, CreatePage):
    """Lend a tool."""

    model = Loan
    form_class = LoanForm
    action = Action.EDIT_GARDENS
    submit_label = "Prêter"

    def get_title(self) -> str:
        """Return « Prêter Bêche 004 »."""
        return f"Prêter {self.parent}"

    def get_subtitle(self) -> str:
        """Return where the tool is."""
        card = tools.cards(self.scope, [self.parent])[0]
        return " · ".join(filter(None, [card.standing.label, card.note]))

    def get_fixed(self) -> dict:
        """Return the tool the URL names."""
        return {"tool": self.parent}

    @property
    def success_message(self) -> str:
        """Return « Bêche 004 : retour prévu le 3 mars 2016. »."""
        return f"{self.parent}\u00a0: retour prévu le {day(self.object.due_on)}."

    def get_success_url(self) -> str:
        """Go back to the list: the next tool is a tap away."""
        return list_url(self.parent.programme_id)


class OpenLoanPage(OfTool, UpdatePage):
    """A page about a loan that is not over; one that is leads back to the tool."""

    model = Loan
    parent_model = None
    action = Action.EDIT_GARDENS
    select_related = (*_OF_LOAN, "organisation", "session__kind", "site")

    def get_subtitle(self) -> str:
        """Return who has the tool since when."""
        holder = tools.holders(self.scope, [self.object])[self.object.pk]
        return f"Prêté {holder.to} depuis le {day(self.object.lent_on)}"

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Say that the tool is back when somebody was faster."""
        rows = Loan.objects.for_scope(self.scope, self.action).filter(pk=kwargs["pk"])
        if over := rows.filter(returned_on__isnull=False).first():
            messages.info(request, BACK_ALREADY)
            return redirect(tool_url(over.tool_id))
        return super().dispatch(request, *args, **kwargs)


class LoanReturn(OpenLoanPage):
    """Give a tool back."""

    form_class = ReturnForm
    submit_label = "Rendu"

    def get_title(self) -> str:
        """Return « Rendre Bêche 004 »."""
        return f"Rendre {self.object.tool}"

    @property
    def success_message(self) -> str:
        """Return « Bêche 004 rendu. », whatever its gender."""
        return f"{self.object.tool}\u00a0: retour noté."

    def get_success_url(self) -> str:
        """Go back to the list: the next tool is a tap away."""
        return list_url(self.object.tool.programme_id)


class LoanRenew(OpenLoanPage):
    """Let a loan last longer."""

    form_class = RenewForm
    submit_label = "Prolonger"

    def get_title(self) -> str:
        """Return « Prolonger le prêt de Bêche 004 »."""
        return f"Prolonger le prêt\u00a0: {self.object.tool}"

    @property
    def success_message(self) -> str:
        """Return until when."""
        return f"Prêt prolongé jusqu’au {day(self.object.due_on)}."


class LoanDelete(OfTool, DeletePage):
    """Delete a loan noted by mistake."""

    model = Loan
    parent_model = None
    action = Action.EDIT_GARDENS
    select_related = _OF_LOAN

    def get_title(self) -> str:
        """Return what is deleted."""
        return f"Supprimer le prêt du {day(self.object.lent_on)}\u00a0?"


class RepairCreate(OfTool, CreatePage):
    """Take a tool out of the loans until it is mended."""

    model = Repair
    form_class = RepairForm
    action = Action.EDIT_GARDENS
    submit_label = "Mettre en réparation"
    success_message = "En réparation\u00a0: l’outil ne se prête plus."

    def get_title(self) -> str:
        """Return the title."""
        return f"Mettre en réparation\u00a0: {self.parent}"

    def get_fixed(self) -> dict:
        """Return the tool the URL names."""
        return {"tool": self.parent}


class RepairPage(OfTool, UpdatePage):
    """A page about a repair."""

    model = Repair
    parent_model = None
    action = Action.EDIT_GARDENS
    select_related = _OF_LOAN

    def get_subtitle(self) -> str:
        """Return what is broken."""
        return self.object.problem


class RepairUpdate(RepairPage):
    """Say better what is broken, or what it costs."""

    form_class = RepairForm

    def get_title(self) -> str:
        """Return the title."""
        return "Modifier la réparation"

    def get_delete_url(self) -> str:
        """Lead to the deletion of what was noted by mistake."""
        return reverse("gardens:repair_delete", args=[self.object.pk])


class RepairEnd(RepairPage):
    """Put a tool back in service."""

    form_class = RepairEndForm
    submit_label = "Remettre en service"
    success_message = "Remis en service."

    def get_title(self) -> str:
        """Return the title."""
        return f"Remettre en service\u00a0: {self.object.tool}"


class RepairDelete(OfTool, DeletePage):
    """Delete a repair noted by mistake."""

    model = Repair
    parent_model = None
    action = Action.EDIT_GARDENS
    select_related = _OF_LOAN


class LoanLate(InProgramme, DetailPage):
    """What is late, and the telephone of who has it."""

    model = Programme
    pk_url_kwarg = "programme"
    action = Action.VIEW_GARDENS
    template_name = "gardens/tools/late.html"

    def get_title(self) -> str:
        """Return what it is."""
        return "Outils en retard"

    def get_subtitle(self) -> str:
        """Return what to do."""
        return "Un appel suffit souvent\u00a0: rendu, ou prolongé."

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [*crumbs_of(self.object), ("Outils", list_url(self.object.pk))]

    def get_context_data(self, **kwargs) -> dict:
        """Add the loans."""
        rows = Loan.objects.for_scope(self.scope, self.action)
        return super().get_context_data(
            rows=tools.late(self.scope, rows.filter(tool__programme=self.object)),
            list_url=list_url(self.object.pk),
            can_edit=self.scope.opens(Action.EDIT_GARDENS, self.object),
            **kwargs,
        )


class LoanList(InPeriod, ListPage):
    """The loans of a period, those begun before included."""

    model = Loan
    action = Action.VIEW_GARDENS
    title = "Prêts d’outils"
    columns = LOANS
    empty_icon = "hammer"
    empty_title = "Aucun prêt sur cette période"
    empty_text = "Un prêt se note depuis la liste des outils."

    def get_queryset(self):
        """Return the loans of the programme's tools."""
        rows = Loan.objects.for_scope(self.scope, self.action).during(self.period)
        return self.narrowed(rows.filter(tool__programme=self.parent).described())

    def get_subtitle(self) -> str:
        """Return the period."""
        return f"Sortis ou encore dehors\u00a0: {self.period.label}"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the tools."""
        return [*crumbs_of(self.parent), ("Outils", list_url(self.parent.pk))]

    def row_url(self, row: Loan) -> str:
        """Lead to the tool."""
        return tool_url(row.tool_id)

    def get_table(self, rows: list[Loan]) -> Table:
        """Return the table, each loan with who had the tool."""
        rows = list(rows)
        who = tools.holders(self.scope, rows)
        for row in rows:
            row.holder = who[row.pk]
        return super().get_table(rows)

    def get_links(self) -> list[dict]:
        """Offer what is late, and the export of what is shown."""
        key = self.parent.pk
        late = reverse("gardens:loan_late", args=[key])
        return [
            {"label": "En retard", "url": late, "icon": "clock"},
            *links(lambda kind: reverse("gardens:loan_export", args=[key, self.period, kind])),
        ]


@require_safe
@requires(Action.VIEW_GARDENS)
def loan_export(request: HttpRequest, programme: int, period: Period, kind: str) -> HttpResponse:
    """Send the loans of a period as a file; its name names nobody."""
    kind, parent = kind_or_404(kind), programme_or_404(request, programme)
    rows = Loan.objects.for_scope(request.scope, Action.VIEW_GARDENS).during(period)
    rows = rows.filter(tool__programme=parent)
    who = tools.holders(request.scope, list(rows.described()))
    names = {key: holder.label for key, holder in who.items()}
    resource = LoanResource(scope=request.scope, names=names)
    today = f"Au {day(timezone.localdate())}"
    sheet = resource.sheet(
        rows.order_by("lent_on", "pk"), comments=[f"{parent}, {period.label}", today]
    )
    return download(sheet, kind, f"prets-{parent.pk}-{period.slug}")
