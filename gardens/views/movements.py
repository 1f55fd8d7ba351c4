"""Pages of what leaves the lots: where to, corrections, cancellings, the list of a period."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from autoprod.core import spreadsheets
from autoprod.core.formatting import counted, day, kilograms
from autoprod.core.periods import Period
from autoprod.core.scoping import Action, ScopedQuerySet
from autoprod.core.views import ListPage, get_or_404, requires
from gardens.columns.lots import warning_of
from gardens.columns.movements import MOVEMENTS
from gardens.enums import DateKind, Destination
from gardens.exports.movements import MovementResource
from gardens.forms.movement_lists import MovementFilter
from gardens.forms.movements import (
    DESTINATIONS,
    CorrectionForm,
    OutForm,
    ProductOutForm,
    TakeBackForm,
)
from gardens.models import Lot, Movement
from gardens.models.food import CORRECTIONS, EATEN, INTO_A_LOT
from gardens.services.movements import correct, take, take_back
from gardens.services.stock import Share, agreed, plan, take_product
from gardens.views.lots import OnLot, movements_of
from gardens.views.stock import ActPage, stock_url, to_lot
from programmes.models import Programme
from programmes.views.periods import InPeriod


class ToDestination:
    """A page that sends food somewhere: the destination is in the address, then in the form."""

    template_name = "gardens/movements/out.html"
    submit_label = "Sortir du stock"

    @property
    def destination(self) -> Destination:
        """Return where it goes: what was sent, what the address says, the growers by default."""
        sent, allowed = self.request.POST.get("destination"), self.get_allowed()
        # What was sent is never turned into another: the ledger says why it refuses it.
        kinds, asked = (DESTINATIONS, sent) if sent else (allowed, self.request.GET.get("vers"))
        return next((kind for kind in kinds if kind.value == asked), allowed[0])

    def get_allowed(self) -> tuple[Destination, ...]:
        """Return where food may go from here."""
        return DESTINATIONS

    def get_form_kwargs(self) -> dict:
        """Give the form where it goes."""
        return super().get_form_kwargs() | {"destination": self.destination}

    def get_destinations(self) -> list[dict]:
        """Return the links from one destination to another, the rest of the address kept."""
        query = self.request.GET.copy()
        links = []
        for kind in self.get_allowed():
            query["vers"] = kind.value
            links.append(
                {
                    "label": kind.label,
                    "url": f"?{query.urlencode()}",
                    "current": kind == self.destination,
                }
            )
        return links

    def get_context_data(self, **kwargs) -> dict:
        """Add the destinations."""
        return super().get_context_data(destinations=self.get_destinations(), **kwargs)


class MovementCreate(ToDestination, OnLot):
    """Take kilograms out of one lot."""

    form_class = OutForm
    title = "Sortir du stock"

    def get_allowed(self) -> tuple[Destination, ...]:
        """Return where the lot may go; of a recalled one, first where nobody eats it.

        What was given before the recall is still to be noted, at its date.
        """
        if self.lot.recalled_on is None:
            return DESTINATIONS
        return tuple(sorted(DESTINATIONS, key=EATEN.__contains__))

    def act(self, form: OutForm) -> HttpResponse:
        """Take them."""
        movement = take(scope=self.scope, lot=self.lot.pk, out=form.out())
        said = f"{kilograms(movement.grams)} sortis\u00a0: {movement.get_destination_display()}."
        messages.success(self.request, said)
        return to_lot(self.parent.pk, self.lot.pk)

    def refused(self, form: OutForm, error: ValidationError) -> None:
        """Say what is left now: somebody may have taken some since the page was shown."""
        self._lot = None
        super().refused(form, error)

    def get_context_data(self, **kwargs) -> dict:
        """Add what the lot warns of."""
        lot = self.lot
        return super().get_context_data(
            lot=lot,
            warning=warning_of(lot, timezone.localdate()),
            is_past_best=lot.date_kind == DateKind.BEST_BEFORE
            and lot.expires_on < timezone.localdate(),
            **kwargs,
        )


class ProductOut(ToDestination, ActPage):
    """Take kilograms of a product out of its oldest lots: told first, done once agreed."""

    form_class = ProductOutForm
    title = "Sortir un produit"
    subtitle = "Les lots à manger les premiers sortent les premiers"

    def get_initial(self) -> dict:
        """Propose the product and the place one comes from."""
        asked = {"product": "produit", "site": "lieu"}
        told = {name: self.request.GET.get(key, "") for name, key in asked.items()}
        return {name: key for name, key in told.items() if key.isascii() and key.isdigit()}

    def act(self, form: ProductOutForm) -> HttpResponse:
        """Show what would leave each lot, or take it when that was agreed to."""
        out, wanted, shown = form.out(), form.wanted(), form.cleaned_data["shown"]
        if not shown:
            return self.ask(form, plan(scope=self.scope, wanted=wanted, out=out))
        try:
            done = take_product(scope=self.scope, wanted=wanted, out=out, shown=shown)
        except ValidationError as error:
            if getattr(error, "code", "") != "plan":
                raise
            messages.warning(self.request, error.message)
            return self.ask(form, plan(scope=self.scope, wanted=wanted, out=out))
        except Lot.DoesNotExist:
            return self.ask(form, plan(scope=self.scope, wanted=wanted, out=out))
        lots = counted(len(done), "lot", "lots")
        said = f"{kilograms(out.grams)} sortis de {lots}\u00a0: {out.destination.label}."
        messages.success(self.request, said)
        return redirect(stock_url(self.parent.pk))

    def ask(self, form: ProductOutForm, shares: list[Share]) -> HttpResponse:
        """Show the shares, with what to send back when they are right."""
        form.data = form.data.copy()
        form.data[form.add_prefix("shown")] = agreed(shares)
        today = timezone.localdate()
        lines = [{"share": share, "warning": warning_of(share.lot, today)} for share in shares]
        context = self.get_context_data(form=form, shares=lines, submit_label="Confirmer la sortie")
        return self.render_to_response(context)


class MovementCorrect(OnLot):
    """Say what was found: a wrong weighing, or a count that differs."""

    form_class = CorrectionForm
    title = "Corriger"

    def get_form_kwargs(self) -> dict:
        """Give the form what is left."""
        return super().get_form_kwargs() | {"lot": self.lot}

    def act(self, form: CorrectionForm) -> HttpResponse:
        """Write the difference."""
        movement = correct(scope=self.scope, lot=self.lot.pk, correction=form.correction())
        found = kilograms(form.cleaned_data["measured"])
        messages.success(
            self.request, f"{movement.get_destination_display()}\u00a0: {found}, noté."
        )
        return to_lot(self.parent.pk, self.lot.pk)

    def refused(self, form: CorrectionForm, error: ValidationError) -> None:
        """Say what is left now, and send it back next time."""
        self._lot = None
        form.lot = self.lot
        super().refused(form, error)
        form.show_again()


class MovementTakeBack(ActPage):
    """Take a movement back: it stays, and a line cancels it."""

    form_class = TakeBackForm
    title = "Annuler une sortie"
    submit_label = "Annuler cette sortie"

    @property
    def movement(self) -> Movement:
        """Return the movement of the URL; 404 outside the scope."""
        rows = Movement.objects.for_scope(self.scope, self.action)
        rows = rows.filter(lot__programme=self.parent).select_related("lot__product", "into")
        return get_or_404(rows, pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Answer 404 before anything for a movement outside the scope."""
        _ = self.movement
        return super().get(request, *args, **kwargs)

    def get_subtitle(self) -> str:
        """Return what is taken back."""
        row = self.movement
        kind = row.get_destination_display()
        said = f"{kilograms(row.grams)} de {row.lot.product}, {kind}, le {day(row.on)}."
        if row.into_id:
            return f"{said} Tout ce qui compose le lot {row.into.number} revient dans ses lots."
        return f"{said} La ligne reste\u00a0; une ligne inverse s’y ajoute."

    def get_breadcrumbs(self) -> list:
        """Return the way back to the lot."""
        lot = self.movement.lot
        url = reverse("gardens:lot_detail", args=[self.parent.pk, lot.pk])
        return [*super().get_breadcrumbs(), (str(lot), url)]

    def act(self, form: TakeBackForm) -> HttpResponse:
        """Take it back."""
        row = self.movement
        take_back(
            scope=self.scope,
            movement=row.pk,
            reason=form.cleaned_data["reason"],
            client_uuid=form.mark,
        )
        messages.success(self.request, "Sortie annulée\u00a0: le poids est revenu dans le lot.")
        return to_lot(self.parent.pk, row.lot_id)


class MovementList(InPeriod, ListPage):
    """What left the stock of a programme over a period."""

    model = Movement
    action = Action.VIEW_GARDENS
    columns = MOVEMENTS
    title = "Sorties du stock"
    template_name = "gardens/movements/list.html"
    empty_icon = "carrot"
    empty_title = "Rien n’est sorti"
    empty_text = "Ce qui est partagé, donné, mis en panier ou composté apparaît ici, jour par jour."

    @property
    def filter_form(self) -> partial:
        """Return the filter, with the products and organisations of the programme."""
        return partial(MovementFilter, programme=self.parent)

    def get_queryset(self) -> ScopedQuerySet:
        """Return the movements of the period."""
        return self.narrowed(_movements(self.request, self.parent, self.period))

    def get_subtitle(self) -> str:
        """Return whose they are."""
        return str(self.parent)

    def get_breadcrumbs(self) -> list:
        """Return the way back to the stock."""
        return [("Stock", stock_url(self.parent.pk))]

    def row_url(self, row: Movement) -> str:
        """Lead to the lot."""
        return reverse("gardens:lot_detail", args=[self.parent.pk, row.lot_id])

    def get_links(self) -> list[dict]:
        """Return the exports of the period."""
        arguments = [self.parent.pk, self.period]
        return spreadsheets.links(
            lambda kind: reverse("gardens:movement_export", args=[*arguments, kind])
        )

    def get_context_data(self, **kwargs) -> dict:
        """Add the kilograms by destination."""
        sums = self.get_queryset().order_by().values("destination")
        told = {r["destination"]: r["kilograms"] for r in sums.annotate(kilograms=Sum("grams"))}
        totals = [(kind.label, told[kind]) for kind in Destination if told.get(kind)]
        # What becomes another lot stays in stock, as the figure « Produits sortis » counts it.
        kept = {*INTO_A_LOT, *CORRECTIONS}
        gone = sum(grams for kind, grams in told.items() if kind not in kept)
        return super().get_context_data(totals=totals, gone=gone, **kwargs)


def _movements(request: HttpRequest, programme: Programme, period: Period) -> ScopedQuerySet:
    """Return the movements of a programme over a period."""
    return movements_of(request.scope).filter(lot__programme=programme).in_period(period)


@require_safe
@requires(Action.VIEW_GARDENS)
def movement_export(
    request: HttpRequest, programme: int, period: Period, kind: str
) -> HttpResponse:
    """Send the movements of a period."""
    spreadsheets.kind_or_404(kind)
    programmes = Programme.objects.for_scope(request.scope, Action.VIEW_GARDENS)
    parent = get_or_404(programmes, pk=programme)
    rows = _movements(request, parent, period)
    sheet = MovementResource(scope=request.scope).sheet(rows, comments=[f"{parent}, {period}"])
    return spreadsheets.download(sheet, kind, f"sorties-{period.slug}")
