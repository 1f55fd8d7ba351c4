"""Pages of one programme over one period: both are in the URL (two tabs, links to share)."""

from django.http import Http404, HttpRequest

from autoprod.core.periods import Kind, Period
from programmes.models import Programme
from programmes.views.programmes import InProgramme


class InPeriod(InProgramme):
    """A page under `/actions/<programme>/<period>/`: the top bar shows and changes both.

    The programme must be open to the action of the page: 404 outside the scope. `get_queryset`
    gives the rows of the programme, the page narrows them to the period. `period_kinds` says which
    kinds the page takes: the others are 404, and neither the top bar nor the menu leads to them. A
    page that takes fewer of them from this reader says so in `request.shown_kinds`.
    """

    parent_model = Programme
    parent_kwarg = "programme"
    period_kinds: tuple[Kind, ...] = tuple(Kind)

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        """Tell the top bar which period is shown."""
        super().setup(request, *args, **kwargs)
        if self.period.kind not in self.period_kinds:
            raise Http404
        request.shown_period = self.period

    def get_programme(self) -> Programme:
        """Return the programme the URL names."""
        return self.parent

    @property
    def period(self) -> Period:
        """Return the period the URL names."""
        return self.kwargs["period"]

    def get_context_data(self, **kwargs) -> dict:
        """Give the page both."""
        return super().get_context_data(
            programme=self.get_programme(), period=self.period, **kwargs
        )
