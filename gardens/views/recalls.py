"""Pages of recalls: one search lists all that became of lots; a recall blocks what is left."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from autoprod.core.formatting import counted, day
from autoprod.core.forms import KEY_DIGITS
from autoprod.core.pdf import response
from autoprod.core.scoping import Action, Scope, ScopedQuerySet
from autoprod.core.tables import table
from autoprod.core.views import PageMixin, ScopedMixin, get_or_404, requires
from gardens.columns.lots import TRACED, what
from gardens.columns.movements import MOVEMENTS
from gardens.documents.recalls import recall_pdf, words_of
from gardens.forms.recalls import LiftForm, RecallForm, RecallSearch
from gardens.models import Lot
from gardens.services.recalls import lift, recall, trace
from gardens.views.lots import OnLot, movements_of
from gardens.views.stock import ActPage, InStock, to_lot
from programmes.models import Programme

#: Lots that one search follows; beyond, it asks for more precision.
MOST = 100
_SHOWN = 50


def _keys(texts: list[str]) -> list[int]:
    """Return the keys an address names; what is no key is left out."""
    named = [text for text in texts[:MOST] if text.isascii() and text.isdigit()]
    return [int(text) for text in named if len(text) <= KEY_DIGITS]


def _lots(scope: Scope, programme: Programme, action: Action) -> ScopedQuerySet:
    rows = Lot.objects.for_scope(scope, action).of(programme)
    return rows.select_related("product", "variety").order_by("-on", "-pk")


class RecallSearchPage(InStock, ScopedMixin, PageMixin, TemplateView):
    """Find lots, and see at once where all of it went and what is left."""

    template_name = "gardens/recalls/search.html"
    title = "Retrouver un lot"
    subtitle = "Tout ce qu’il est devenu, et à qui le dire"

    def get_lots(self, form: RecallSearch) -> ScopedQuerySet:
        """Return the lots the address names, or those that match what was asked."""
        rows = _lots(self.scope, self.parent, self.action)
        if keys := _keys(self.request.GET.getlist("lot")):
            return rows.filter(pk__in=keys)
        return form.narrow(rows) if form.is_asked else rows.none()

    def get_context_data(self, **kwargs) -> dict:
        """Add the search, and all that became of the lots found."""
        form = RecallSearch(self.request.GET or None, scope=self.scope, programme=self.parent)
        keys = list(self.get_lots(form).values_list("pk", flat=True)[: MOST + 1])
        told = {
            "programme": self.parent,
            "form": form,
            "is_asked": form.is_asked or "lot" in self.request.GET,
            "has_more": len(keys) > MOST,
            "can_edit": self.can_edit(),
        }
        told |= self.get_trace(keys[:MOST]) if keys else {"trace": None}
        return super().get_context_data(**kwargs | told)

    def get_trace(self, keys: list[int]) -> dict:
        """Return what became of lots, for the page."""
        told = trace(self.scope, keys)
        followed = movements_of(self.scope).filter(lot__in=[lot.pk for lot in told.lots])
        page = Paginator(followed, _SHOWN).get_page(self.request.GET.get("page"))
        query = self.request.GET.copy()
        query.pop("page", None)
        named = "&".join(f"lot={key}" for key in keys)
        return {
            "trace": told,
            "lots": table(TRACED, told.lots, caption="Lots", url=self._lot_url),
            "movements": page,
            "table": table(MOVEMENTS, page.object_list, caption="Mouvements"),
            "query": query.urlencode(),
            "words": words_of(told.lots, told.asked),
            "recall_url": f"{reverse('gardens:recall_create', args=[self.parent.pk])}?{named}",
            "pdf_url": f"{reverse('gardens:recall_pdf', args=[self.parent.pk])}?{named}",
        }

    def _lot_url(self, lot: Lot) -> str:
        return reverse("gardens:lot_detail", args=[lot.programme_id, lot.pk])


@require_safe
@requires(Action.VIEW_GARDENS)
def recall_list_pdf(request: HttpRequest, programme: int) -> HttpResponse:
    """Send the list to print: the lots, who received some, what is left, the words to say."""
    programmes = Programme.objects.for_scope(request.scope, Action.VIEW_GARDENS)
    parent = get_or_404(programmes.select_related("territory"), pk=programme)
    rows = _lots(request.scope, parent, Action.VIEW_GARDENS)
    keys = rows.filter(pk__in=_keys(request.GET.getlist("lot"))).values_list("pk", flat=True)
    told = trace(request.scope, keys)
    movements = movements_of(request.scope).filter(lot__in=[lot.pk for lot in told.lots])
    return response(*recall_pdf(request.scope, parent, told, movements))


class RecallCreate(ActPage):
    """Block lots, and all they became: nobody is given any of it."""

    form_class = RecallForm
    title = "Rappeler"
    submit_label = "Rappeler ces lots"
    subtitle = "Plus rien n’en sort vers personne, tant que le rappel n’est pas levé"

    def get_form_kwargs(self) -> dict:
        """Offer the lots the address names, and those sent back."""
        keys = _keys([*self.request.GET.getlist("lot"), *self.request.POST.getlist("lots")])
        rows = _lots(self.scope, self.parent, self.action).filter(recalled_on=None)
        return super().get_form_kwargs() | {"lots": rows.filter(pk__in=keys)}

    def get_breadcrumbs(self) -> list:
        """Return the way back to the search."""
        url = reverse("gardens:recall_search", args=[self.parent.pk])
        return [*super().get_breadcrumbs(), (RecallSearchPage.title, url)]

    def act(self, form: RecallForm) -> HttpResponse:
        """Block them, and go to who must be told."""
        told = form.cleaned_data
        keys = [lot.pk for lot in told["lots"]]
        blocked = recall(scope=self.scope, lots=keys, reason=told["reason"])
        said = counted(len(blocked), "lot rappelé", "lots rappelés")
        messages.success(self.request, f"{said}. Voici qui prévenir.")
        named = "&".join(f"lot={key}" for key in keys)
        return redirect(f"{reverse('gardens:recall_search', args=[self.parent.pk])}?{named}")


class RecallLift(OnLot):
    """Let a lot go out again."""

    form_class = LiftForm
    title = "Lever le rappel"
    submit_label = "Lever le rappel"

    def get_subtitle(self) -> str:
        """Return which lot, since when and why."""
        lot = self.lot
        since = f"rappelé le {day(lot.recalled_on)}" if lot.recalled_on else "qui n’est pas rappelé"
        return f"{what(lot)}, lot {lot.number}, {since}. {lot.recall_reason}"

    def act(self, form: LiftForm) -> HttpResponse:
        """Let it go."""
        freed = lift(scope=self.scope, lot=self.lot.pk, reason=form.cleaned_data["reason"])
        said = counted(len(freed), "lot peut de nouveau sortir", "lots peuvent de nouveau sortir")
        messages.success(self.request, f"Rappel levé\u00a0: {said}.")
        return to_lot(self.parent.pk, self.lot.pk)
