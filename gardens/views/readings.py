"""Page of readings: rain water, compost, watering over a year."""

from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView

from autoprod.core.periods import Kind
from autoprod.core.scoping import Action
from autoprod.core.views import PageMixin, ScopedMixin
from gardens.forms.crops import GardensFilter
from gardens.services import readings
from gardens.views.crops import crop_tabs
from programmes.views.periods import InPeriod


class ReadingList(InPeriod, ScopedMixin, PageMixin, TemplateView):
    """What was measured over a year, kind by kind, month by month."""

    action = Action.VIEW_GARDENS
    template_name = "gardens/readings/list.html"
    period_kinds = (Kind.YEAR,)

    def get_title(self) -> str:
        """Return « Relevés, année 2026 »."""
        return f"Relevés, {self.period.label}"

    def get_subtitle(self) -> str:
        """Return the programme."""
        return str(self.parent)

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Show the readings of the garden asked for, or of all."""
        self.filter = GardensFilter(request.GET or None, scope=self.scope, programme=self.parent)
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs) -> dict:
        """Add the kinds."""
        is_asked = self.filter.is_bound and self.filter.is_valid()
        garden = self.filter.cleaned_data.get("garden") if is_asked else None
        return super().get_context_data(
            kinds=readings.readings_of(self.scope, self.parent, self.period, garden),
            filter_form=self.filter,
            tabs=crop_tabs(self.request, self.parent, self.period, "reading_list"),
            can_edit=self.scope.opens(Action.EDIT_GARDENS, self.parent),
            here=self.request.path,
            **kwargs,
        )
