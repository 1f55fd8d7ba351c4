"""Pages of lots: one lot and its story, what is received, cooked, carried elsewhere."""

from decimal import Decimal

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from autoprod.core.formatting import celsius, counted, day, euros, kilograms, percent
from autoprod.core.rounding import share
from autoprod.core.scoping import Action, Scope, ScopedQuerySet
from autoprod.core.tables import table
from autoprod.core.views import DetailPage, UpdatePage, get_or_404
from gardens.columns.lots import expiry_of, warning_of, what
from gardens.columns.movements import OF_A_LOT
from gardens.enums import Origin
from gardens.forms.lots import MORE, LotForm, SlipForm, TransferForm
from gardens.forms.transformations import LotsFilter, TransformationForm
from gardens.models import GiftNote, Lot, Movement
from gardens.services.lots import receive
from gardens.services.prices import Estimate, estimate
from gardens.services.transformations import transfer, transform
from gardens.views.stock import ActPage, InStock, stock_url, to_lot

_SHOWN = 50
_RELATED = ("product", "variety", "site", "balance", "supplier", "through", "harvest")


def movements_of(scope: Scope) -> ScopedQuerySet:
    """Return the movements of the scope with what a line of a table says of them."""
    rows = Movement.objects.for_scope(scope, Action.VIEW_GARDENS)
    names = ("lot__product", "lot__site", "organisation", "session__kind", "into", "reverses")
    reversed_by = Movement.objects.for_scope(scope, Action.VIEW_GARDENS)
    is_reversed = Exists(reversed_by.filter(reverses=OuterRef("pk")))
    return rows.select_related(*names).annotate(is_reversed=is_reversed).order_by("-on", "-pk")


class LotDetail(InStock, DetailPage):
    """A lot: where it comes from, what is left, what left and where to, what it became."""

    model = Lot
    template_name = "gardens/lots/detail.html"
    select_related = _RELATED

    def get_title(self) -> str:
        """Return « Courgette, lot 2026-0042 »."""
        return f"{what(self.object)}, lot {self.object.number}"

    def get_subtitle(self) -> str:
        """Return where it comes from and where it is."""
        lot = self.object
        return f"{lot.get_origin_display()} du {day(lot.on)} · {lot.site}"

    def get_facts(self, sources: list[Movement], value: Estimate | None) -> list[tuple]:
        """Return what the card says."""
        lot = self.object
        facts = [
            ("Reste", kilograms(lot.balance.left)),
            ("Pesait", kilograms(lot.grams)),
            ("Pièces", lot.pieces),
            ("Date limite", expiry_of(lot)),
            ("Donné ou vendu par", lot.supplier and lot.supplier.name),
            ("Commandé ou livré par", lot.through and lot.through.name),
            ("Bordereau n°", lot.slip),
            ("Lot du fournisseur", lot.supplier_lot),
            ("Température à l’arrivée", None if lot.temperature is None else _degrees(lot)),
            ("Valeur estimée" if lot.value is None else "Valeur", value and euros(value.value)),
            ("Coût", lot.cost and euros(lot.cost)),
            ("Financement", "Crédits publics" if lot.is_public_money else ""),
            ("Conduite", "Bio" if lot.is_organic else ""),
            ("Rendement", _yield(lot, sources)),
            ("Motif du rappel", lot.recall_reason),
        ]
        return [(label, value) for label, value in facts if value not in (None, "")]

    def get_value(self) -> Estimate | None:
        """Return the value written, or an estimate from the reference price, with its source."""
        lot = self.object
        if lot.value is not None:
            return Estimate(lot.value, lot.value_source)
        return estimate(self.scope, self.parent.territory, lot.product, lot.grams, lot.on)

    def get_page(self) -> Page:
        """Return the page of movements asked for."""
        rows = movements_of(self.scope).filter(lot=self.object)
        return Paginator(rows, _SHOWN).get_page(self.request.GET.get("page"))

    def get_context_data(self, **kwargs) -> dict:
        """Add the facts, the movements, and the lots it comes from and became."""
        lot, page, value = self.object, self.get_page(), self.get_value()
        sources = list(movements_of(self.scope).filter(into=lot, reverses=None, is_reversed=False))
        became = movements_of(self.scope).filter(lot=lot, reverses=None, is_reversed=False)
        return super().get_context_data(
            programme=self.parent,
            warning=warning_of(lot, timezone.localdate()),
            facts=self.get_facts(sources, value),
            value=value,
            movements=page,
            table=table(OF_A_LOT, page.object_list, caption="Sorties", url=self._take_back_url),
            empty=_NOTHING_LEFT_IT,
            sources=sources,
            became=became.exclude(into=None)[:_SHOWN],
            notes=GiftNote.objects.for_scope(self.scope, Action.VIEW_GARDENS)
            .filter(movements__lot=lot)
            .distinct(),
            can_edit=self.can_edit(),
            is_at_desk=self.is_at_desk(),
            is_empty=lot.balance.left == 0,
            **kwargs,
        )

    def _take_back_url(self, row: Movement) -> str | None:
        """Lead from a movement to its cancelling, while it can be."""
        is_open = self.can_edit() and self.is_at_desk()
        if row.reverses_id or row.is_reversed or not is_open:
            return None
        return reverse("gardens:movement_take_back", args=[self.parent.pk, row.pk])


_NOTHING_LEFT_IT = "Rien n’en est encore sorti."


def _degrees(lot: Lot) -> str:
    return celsius(lot.temperature)


def _yield(lot: Lot, sources: list[Movement]) -> str:
    """Return « 80 % : 4 kg de 5 kg » of a lot that was cooked."""
    if lot.origin != Origin.TRANSFORMATION or not sources:
        return ""
    used = sum((row.grams for row in sources), Decimal(0))
    return f"{percent(share(lot.grams, used))}\u00a0: {kilograms(lot.grams)} de {kilograms(used)}"


class LotUpdate(InStock, UpdatePage):
    """Put right what was badly noted of a lot."""

    model = Lot
    form_class = LotForm
    action = Action.EDIT_GARDENS
    select_related = ("programme__territory", "product")

    def get_breadcrumbs(self) -> list:
        """Return the way back to the lot."""
        return [*super().get_breadcrumbs(), (str(self.object), self.get_success_url())]

    def get_success_url(self) -> str:
        """Go to the lot."""
        return reverse("gardens:lot_detail", args=[self.parent.pk, self.object.pk])


class SlipPage(ActPage):
    """Receive what is on a slip: several products at once."""

    form_class = SlipForm
    template_name = "gardens/lots/receive.html"
    origin = Origin.DONATION

    def get_form_kwargs(self) -> dict:
        """Give the form where it comes from, and how many lines were shown."""
        kwargs = super().get_form_kwargs() | {"origin": self.origin}
        asked = self.request.POST.get("lines", "")
        if asked.isascii() and asked.isdigit() and len(asked) < 3:
            kwargs["count"] = int(asked)
        return kwargs

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Save, or show the same page with more lines and what is typed so far."""
        if "more" not in request.POST:
            return super().post(request, *args, **kwargs)
        known = self.get_form_kwargs()
        count = known.get("count", 1) + MORE
        for name in ("data", "files"):
            known.pop(name)
        known |= {"count": count, "initial": {**request.POST.dict(), "lines": count}}
        return self.render_to_response(self.get_context_data(form=SlipForm(**known)))

    def act(self, form: SlipForm) -> HttpResponse:
        """Open the lots."""
        lots = receive(scope=self.scope, slip=form.slip_told(), lines=form.lines_told())
        numbers = ", ".join(lot.number for lot in lots)
        said = counted(len(lots), "lot reçu", "lots reçus")
        messages.success(self.request, f"{said}\u00a0: {numbers}.")
        return redirect(stock_url(self.parent.pk))


class Donation(SlipPage):
    """Receive what somebody gives."""

    title = "Recevoir un don"


class Purchase(SlipPage):
    """Receive what was bought."""

    title = "Recevoir un achat"
    origin = Origin.PURCHASE


class Transformation(ActPage):
    """Cook several lots into one."""

    form_class = TransformationForm
    template_name = "gardens/lots/transform.html"
    title = "Transformer"
    subtitle = "Ce que l’on prend dans les lots, et ce que l’on en fait"

    @cached_property
    def lots_filter(self) -> LotsFilter:
        """Return the choice of the product whose lots come first."""
        asked = self.request.GET if "produit" in self.request.GET else None
        return LotsFilter(asked, scope=self.scope, programme=self.parent)

    def get_form_kwargs(self) -> dict:
        """Show first the lot one comes from, and those of the product chosen."""
        first = {"first": self.request.GET.get("lot", ""), "before": self.lots_filter.product}
        return super().get_form_kwargs() | first

    def get_context_data(self, **kwargs) -> dict:
        """Add the choice of a product, for who has more lots than the page shows."""
        return super().get_context_data(lots_filter=self.lots_filter, **kwargs)

    def act(self, form: TransformationForm) -> HttpResponse:
        """Take from the lots and open the one they become."""
        lot = transform(scope=self.scope, made=form.made(), ingredients=form.ingredients())
        messages.success(self.request, f"Lot {lot.number} fait.")
        return to_lot(self.parent.pk, lot.pk)


class OnLot(ActPage):
    """A gesture on one lot."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Start without the lot."""
        self._lot = None
        return super().dispatch(request, *args, **kwargs)

    @property
    def lot(self) -> Lot:
        """Return the lot of the URL; 404 outside the scope."""
        if self._lot is None:
            rows = Lot.objects.for_scope(self.scope, self.action).of(self.parent)
            self._lot = get_or_404(rows.select_related(*_RELATED), pk=self.kwargs["pk"])
        return self._lot

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Answer 404 before anything for a lot outside the scope."""
        _ = self.lot
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Answer 404 before anything for a lot outside the scope."""
        _ = self.lot
        return super().post(request, *args, **kwargs)

    def get_subtitle(self) -> str:
        """Return which lot, and what is left of it."""
        lot = self.lot
        left = kilograms(lot.balance.left)
        return f"{what(lot)}, lot {lot.number} · {lot.site} · il en reste {left}"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the lot."""
        url = reverse("gardens:lot_detail", args=[self.parent.pk, self.lot.pk])
        return [*super().get_breadcrumbs(), (str(self.lot), url)]


class Transfer(OnLot):
    """Carry some of a lot to another place."""

    form_class = TransferForm
    title = "Changer de lieu"

    def act(self, form: TransferForm) -> HttpResponse:
        """Carry it."""
        there = transfer(scope=self.scope, lot=self.lot.pk, move=form.move())
        said = f"{kilograms(there.grams)} portés à {there.site}\u00a0: lot {there.number}."
        messages.success(self.request, said)
        return to_lot(self.parent.pk, there.pk)
