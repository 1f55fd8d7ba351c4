"""The stock: what is left, by product or by place, the first to be eaten first."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.generic import FormView

from autoprod.core import devices, spreadsheets
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action, ScopedQuerySet
from autoprod.core.views import ListPage, PageMixin, ScopedMixin, get_or_404, requires
from gardens.columns.lots import warning_of
from gardens.exports.lots import stock_sheet
from gardens.forms.acts import ActForm
from gardens.forms.lots import StockFilter
from gardens.models import Lot
from gardens.services.stock import stock_on
from programmes.models import Programme
from programmes.views.programmes import InProgramme


def stock_url(programme: int) -> str:
    """Return the stock of a programme (its key)."""
    return reverse("gardens:stock_list", args=[programme])


class InStock(InProgramme):
    """A page under `/actions/<programme>/stock/`: 404 unless the programme is open to it."""

    parent_model = Programme
    parent_kwarg = "programme"
    action = Action.VIEW_GARDENS

    def get_programme(self) -> Programme:
        """Return the programme the URL names."""
        return self.parent

    def get_breadcrumbs(self) -> list[tuple[str, str]]:
        """Return the way back to the stock."""
        return [("Stock", stock_url(self.parent.pk))]

    def can_edit(self) -> bool:
        """Tell whether this user may write the ledger of the programme."""
        return self.scope.opens(Action.EDIT_GARDENS, self.parent)

    def is_at_desk(self) -> bool:
        """Tell whether all pages are open: the code of a device opens those of the spot only."""
        return not devices.is_restricted(self.request)


class ActPage(InStock, ScopedMixin, PageMixin, FormView):
    """A gesture of the ledger: what is refused stays typed, told beside its field."""

    action = Action.EDIT_GARDENS
    template_name = "core/form.html"
    submit_label = "Enregistrer"

    def get_form_kwargs(self) -> dict:
        """Give the form its scope and its programme."""
        return super().get_form_kwargs() | {"scope": self.scope, "programme": self.parent}

    def act(self, form: ActForm) -> HttpResponse:
        """Do what is asked and return the answer; ValidationError when it cannot be."""
        raise NotImplementedError

    def form_valid(self, form: ActForm) -> HttpResponse:
        """Do it, or show why not."""
        try:
            return self.act(form)
        except ValidationError as error:
            self.refused(form, error)
            return self.form_invalid(form)

    def refused(self, form: ActForm, error: ValidationError) -> None:
        """Tell the form why the ledger refused."""
        form.refuse(error)

    def get_context_data(self, **kwargs) -> dict:
        """Add the buttons."""
        buttons = {"submit_label": self.submit_label, "delete_url": ""}
        buttons["cancel_url"] = self.get_breadcrumbs()[-1][1]
        return super().get_context_data(**buttons | kwargs)


class StockList(InStock, ListPage):
    """What is left of each lot."""

    model = Lot
    title = "Stock"
    template_name = "gardens/stock/list.html"
    partial_template_name = "gardens/stock/_lots.html"
    select_related = ("product", "variety", "site", "balance")
    empty_icon = "carrot"
    empty_title = "Rien en stock"
    empty_text = "Une récolte pesée, un don ou un achat reçu apparaît ici jusqu’à ce qu’il sorte."

    @property
    def filter_form(self) -> partial:
        """Return the filter, with the products and places of the programme."""
        return partial(StockFilter, programme=self.parent)

    @property
    def by_place(self) -> bool:
        """Tell whether the lots are gathered by place rather than by product."""
        return self.request.GET.get("par") == "lieu"

    def get_subtitle(self) -> str:
        """Return whose stock it is."""
        return str(self.parent)

    def get_breadcrumbs(self) -> list:
        """Return nothing: the menu leads here."""
        return []

    def get_queryset(self) -> ScopedQuerySet:
        """Return the lots of which something is left, gathered, the first to be eaten first."""
        group = ("site__sort_key", "site_id") if self.by_place else ("product__sort_key",)
        group = group if self.by_place else (*group, "product_id")
        rows = super().get_queryset().in_stock()
        return rows.order_by(*group, F("expires_on").asc(nulls_last=True), "on", "pk")

    def get_groups(self, lots: list[Lot]) -> Iterator[dict]:
        """Yield each product (or place) of the page, with all that is left of it."""
        name = "site" if self.by_place else "product"
        keys = {getattr(lot, f"{name}_id") for lot in lots}
        rows = self.get_queryset().filter(**{f"{name}__in": keys}).order_by()
        sums = rows.values(name).annotate(kilograms=Sum("balance__left"))
        totals = {row[name]: row["kilograms"] for row in sums}
        today, groups = timezone.localdate(), {}
        for lot in lots:
            line = {"lot": lot, "warning": warning_of(lot, today)}
            groups.setdefault(getattr(lot, name), []).append(line)
        for group, lines in groups.items():
            yield {"group": group, "total": totals[group.pk], "lines": lines}

    def get_links(self) -> list[dict]:
        """Return the exports of what is left tonight."""
        if not self.is_at_desk():
            return []
        return spreadsheets.links(
            lambda kind: reverse("gardens:stock_export", args=[self.parent.pk, kind])
        )

    def get_tabs(self) -> list[dict]:
        """Return the two ways to gather the lots, the filters kept."""
        query = self.request.GET.copy()
        for name in ("par", "page"):
            query.pop(name, None)
        kept = f"&{query.urlencode()}" if query else ""
        return [
            {"label": "Par produit", "url": f"?{kept[1:]}", "current": not self.by_place},
            {"label": "Par lieu", "url": f"?par=lieu{kept}", "current": self.by_place},
        ]

    def get_context_data(self, **kwargs) -> dict:
        """Add the groups."""
        context = super().get_context_data(**kwargs)
        return context | {
            "programme": self.parent,
            "month": Period.containing(timezone.localdate(), Kind.MONTH),
            "groups": list(self.get_groups(list(context["object_list"]))),
            "by_place": self.by_place,
            "tabs": self.get_tabs(),
            "can_edit": self.can_edit(),
            "is_at_desk": self.is_at_desk(),
            "empty": self.get_empty_state(),
        }


@require_safe
@requires(Action.VIEW_GARDENS)
def stock_export(request: HttpRequest, programme: int, kind: str) -> HttpResponse:
    """Send what was left at the end of a day (`?le=2026-11-23`), tonight's by default."""
    spreadsheets.kind_or_404(kind)
    programmes = Programme.objects.for_scope(request.scope, Action.VIEW_GARDENS)
    parent = get_or_404(programmes, pk=programme)
    on = _day(request.GET.get("le", ""))
    rows: QuerySet[Lot] = stock_on(request.scope, parent, on)
    sheet = stock_sheet(request.scope, rows, on)
    return spreadsheets.download(sheet, kind, f"stock-{on.isoformat()}")


def _day(text: str) -> date:
    """Return the day of the address, today without one; 404 for what is no day."""
    if not text:
        return timezone.localdate()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error


def to_lot(programme: int, lot: int) -> HttpResponse:
    """Go to the page of a lot."""
    return redirect(reverse("gardens:lot_detail", args=[programme, lot]))
