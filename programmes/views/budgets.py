"""Pages of budgets: both sides, the balance, who pays."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import FormView

from autoprod.core.formatting import day, day_range
from autoprod.core.scoping import Action
from autoprod.core.spreadsheets import kind_or_404
from autoprod.core.views import (
    CreatePage,
    DeletePage,
    DetailPage,
    ListPage,
    PageMixin,
    ScopedMixin,
    UpdatePage,
    get_or_404,
    requires,
)
from programmes.columns import BUDGETS
from programmes.exports.budgets import budget_file
from programmes.forms.budgets import BudgetForm, BudgetLineForm, ReopenForm
from programmes.models import Budget, BudgetLine, Edition, Programme
from programmes.services import budgets
from programmes.services.funding import chart_of_payers, sides_of
from programmes.views.programmes import InProgramme, crumbs_of

LIST = ("Budgets", reverse_lazy("programmes:budget_list"))


def url_of(budget: Budget) -> str:
    """Return the page of a budget."""
    return reverse("programmes:budget_detail", args=[budget.pk])


def crumbs_to(budget: Budget) -> list[tuple]:
    """Return the way back to a budget."""
    return [LIST, (f"{budget.edition.programme} · {budget.edition}", url_of(budget))]


class BudgetList(ListPage):
    """The budgets of the scope."""

    model = Budget
    action = Action.VIEW_BUDGET
    title = "Budgets"
    columns = BUDGETS
    select_related = ("edition__programme",)
    empty_icon = "euro"
    empty_title = "Aucun budget"
    empty_text = "Un budget s’ouvre depuis la page d’une édition."

    def get_queryset(self):
        """Return the budgets with their totals."""
        return super().get_queryset().with_totals()

    def row_url(self, row: Budget) -> str:
        """Lead to the budget."""
        return url_of(row)


class BudgetDetail(InProgramme, DetailPage):
    """A budget: charges and products face to face, the balance, the payers' shares."""

    model = Budget
    action = Action.VIEW_BUDGET
    template_name = "programmes/budgets/detail.html"
    select_related = ("edition__programme",)

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.object.edition.programme

    def get_title(self) -> str:
        """Return « Budget 2015 »."""
        return f"Budget {self.object.edition}"

    def get_subtitle(self) -> str:
        """Return the programme and the days."""
        edition = self.object.edition
        days = day_range(edition.starts_on, edition.ends_on)
        return f"{edition.programme} · {days} · {self.object.get_template_display()}"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [LIST]

    def get_context_data(self, **kwargs) -> dict:
        """Add the sides, the balance and the chart."""
        lines = BudgetLine.objects.for_scope(self.scope, Action.VIEW_BUDGET).of(self.object)
        lines = list(lines.select_related("account", "payer"))
        can_edit = self.scope.opens(Action.EDIT_BUDGET, self.get_programme())
        return super().get_context_data(
            balance=budgets.balance_of(self.object),
            sides=sides_of(lines, self.object.template),
            chart=chart_of_payers(lines),
            has_lines=bool(lines),
            validated=self.object.validated_on and day(self.object.validated_on),
            can_write=can_edit and not self.object.validated_on,
            can_reopen=can_edit and bool(self.object.validated_on),
            **kwargs,
        )


class BudgetCreate(InProgramme, CreatePage):
    """Open the budget of an edition."""

    model = Budget
    form_class = BudgetForm
    parent_model = Edition
    action = Action.EDIT_BUDGET
    title = "Ouvrir le budget"

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.parent.programme

    def get_fixed(self) -> dict:
        """Return the edition the URL names."""
        return {"edition": self.parent}

    def get_breadcrumbs(self) -> list:
        """Return the way back to the edition."""
        url = reverse("programmes:edition_detail", args=[self.parent.pk])
        return [*crumbs_of(self.parent.programme), (str(self.parent), url)]

    def get_success_url(self) -> str:
        """Go to the budget."""
        return url_of(self.object)


class LineMixin(InProgramme):
    """A page about a line: refused kindly once the budget is validated."""

    model = BudgetLine
    form_class = BudgetLineForm
    action = Action.EDIT_BUDGET

    def get_budget(self) -> Budget:
        """Return the budget of the line."""
        return self.parent or self.object.budget

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.get_budget().edition.programme

    def get_fixed(self) -> dict:
        """Return the budget of the line."""
        return {"budget": self.get_budget()}

    def get_breadcrumbs(self) -> list:
        """Return the way back to the budget."""
        return crumbs_to(self.get_budget())

    def get_success_url(self) -> str:
        """Go back to the budget."""
        return url_of(self.get_budget())


class LineCreate(LineMixin, CreatePage):
    """Add a line to a budget."""

    parent_model = Budget
    title = "Ajouter une ligne"


class LineUpdate(LineMixin, UpdatePage):
    """Edit a line."""

    select_related = ("budget__edition__programme", "account")

    def get_delete_url(self) -> str:
        """Lead to the deletion of the line."""
        return reverse("programmes:budget_line_delete", args=[self.object.pk])


class LineDelete(LineMixin, DeletePage):
    """Delete a line."""

    select_related = ("budget__edition__programme", "account")

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Delete under the budget's lock."""
        line = self.get_object()
        try:
            with budgets.writing(line.budget):
                return super().post(request, *args, **kwargs)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(url_of(line.budget))


@require_POST
@requires(Action.EDIT_BUDGET)
def budget_validate(request: HttpRequest, pk: int) -> HttpResponse:
    """Validate the budget, or say by how much it is out."""
    budget = get_or_404(Budget.objects.for_scope(request.scope, Action.EDIT_BUDGET), pk=pk)
    try:
        budgets.validate(scope=request.scope, budget=budget)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "Budget validé.")
    return redirect(url_of(budget))


class BudgetReopen(InProgramme, ScopedMixin, PageMixin, FormView):
    """Open a validated budget again, with a reason."""

    form_class = ReopenForm
    action = Action.EDIT_BUDGET
    parent_model = Budget
    parent_kwarg = "pk"
    template_name = "core/form.html"
    title = "Rouvrir le budget"
    subtitle = "Ses lignes pourront changer\u00a0; le motif reste dans le journal."

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.parent.edition.programme

    def get_breadcrumbs(self) -> list:
        """Return the way back to the budget."""
        return crumbs_to(self.parent)

    def get_context_data(self, **kwargs) -> dict:
        """Add the buttons."""
        return super().get_context_data(
            submit_label="Rouvrir", cancel_url=url_of(self.parent), delete_url="", **kwargs
        )

    def form_valid(self, form: ReopenForm) -> HttpResponse:
        """Open it again."""
        reason = form.cleaned_data["reason"]
        budgets.reopen(scope=self.scope, budget=self.parent, reason=reason)
        messages.success(self.request, "Budget rouvert.")
        return redirect(url_of(self.parent))


@require_safe
@requires(Action.VIEW_BUDGET)
def budget_export(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Send the lines of a budget as a spreadsheet, CSV or XLSX."""
    budget = get_or_404(Budget.objects.for_scope(request.scope, Action.VIEW_BUDGET), pk=pk)
    return budget_file(request.scope, budget, kind_or_404(kind))
