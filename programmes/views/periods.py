"""Pages of one programme over one period: both are in the URL (two tabs, links to share)."""

from autoprod.core.periods import Period
from programmes.models import Programme
from programmes.views.programmes import InProgramme


class InPeriod(InProgramme):
    """A page under `/actions/<programme>/<period>/`: the top bar shows and changes both.

    The programme must be open to the action of the page: 404 outside the scope. `get_queryset`
    gives the rows of the programme, the page narrows them to the period.
    """

    parent_model = Programme
    parent_kwarg = "programme"

    def get_programme(self) -> Programme:
        """Return the programme the URL names."""
        return self.parent

    @property
    def period(self) -> Period:
        """Return the period the URL names."""
        return self.kwargs["period"]

    def get_context_data(self, **kwargs) -> dict:
        """Tell the top bar, and the page."""
        self.request.shown_period = self.period
        return super().get_context_data(
            programme=self.get_programme(), period=self.period, **kwargs
        )
