"""The harvests of a period: by product, by garden, one by one, and as a file."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from autoprod.core.formatting import kilograms
from autoprod.core.periods import Period
from autoprod.core.scoping import Action
from autoprod.core.spreadsheets import download, kind_or_404, links
from autoprod.core.views import ListPage, requires
from gardens.columns.harvests import HARVESTS
from gardens.exports.harvests import HarvestResource
from gardens.forms.harvests import HarvestFilter
from gardens.models import Harvest
from gardens.services.harvest_totals import corrected, kept_of, totals_of
from gardens.views.harvests import programme_of
from programmes.views.periods import InPeriod


class HarvestList(InPeriod, ListPage):
    """The weighings of a period, the last day first, under their totals."""

    model = Harvest
    action = Action.VIEW_GARDENS
    template_name = "gardens/harvests/list.html"
    partial_template_name = ""
    paginate_by = 25
    columns = HARVESTS
    select_related = ("product", "variety", "site", "weighed_by", "lot__balance")
    empty_icon = "scale"
    empty_title = "Aucune récolte sur cette période"
    empty_text = "Pesez au jardin depuis un téléphone, ou saisissez une fiche papier."
    create_label = "Peser une récolte"

    def get_queryset(self):
        """Return the harvests of the period that the filters ask for."""
        return super().get_queryset().in_period(self.period)

    def narrowed(self, rows):
        """Return those of the rows that the filter form asks for."""
        asked = self.get_asked() or None
        self.filter = HarvestFilter(asked, scope=self.scope, programme=self.parent)
        if self.filter.is_bound and self.filter.is_valid():
            return self.filter.narrow(rows)
        return rows

    def get_title(self) -> str:
        """Return « Récoltes, mars 2016 »."""
        return f"Récoltes, {self.period.label}"

    def get_subtitle(self) -> str:
        """Return the programme."""
        return str(self.get_programme())

    def get_create_url(self) -> str:
        """Return the scales' page, for who may weigh here."""
        if not self.scope.opens(Action.EDIT_GARDENS, self.parent):
            return ""
        return reverse("gardens:harvest_weigh", args=[self.parent.pk])

    def row_url(self, row: Harvest) -> str:
        """Lead to the lot, where each thing that left it may be corrected."""
        return reverse("gardens:lot_detail", args=[self.parent.pk, row.lot.pk])

    def get_table(self, rows: list[Harvest]):
        """Return the table, each row with what it weighs once corrected."""
        rows = list(rows)
        wrong = corrected(self.scope, rows)
        for row in rows:
            row.kept = kept_of(row, wrong)
        return super().get_table(rows)

    def get_context_data(self, **kwargs) -> dict:
        """Add the totals of all the pages, and the files."""
        page = {"programme": self.parent.pk, "period": self.period}
        return super().get_context_data(
            totals=totals_of(self.scope, self.get_queryset()),
            can_weigh=bool(self.get_create_url()),
            files=links(
                lambda kind: reverse("gardens:harvest_export", kwargs={**page, "kind": kind})
            ),
            **kwargs,
        )


@require_safe
@requires(Action.VIEW_GARDENS)
def harvest_export(request: HttpRequest, programme: int, period: Period, kind: str) -> HttpResponse:
    """Send the harvests of a period as a file, a line each; nobody is named."""
    kind, parent = kind_or_404(kind), programme_of(request, programme, Action.VIEW_GARDENS)
    rows = Harvest.objects.for_scope(request.scope, Action.VIEW_GARDENS).of(parent)
    rows = rows.in_period(period).order_by("on", "pk")
    wrong = corrected(request.scope, rows)
    total = kilograms(totals_of(request.scope, rows).total)
    sheet = HarvestResource(scope=request.scope, corrections=wrong).sheet(
        rows, comments=(str(parent), period.label, f"Total\u00a0: {total}")
    )
    return download(sheet, kind, f"recoltes-{parent.pk}-{period.slug}")
