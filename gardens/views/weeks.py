"""Page of the week in the garden: what is to do, one tap each, and to print."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from autoprod.core.formatting import counted, day
from autoprod.core.periods import Period
from autoprod.core.scoping import Action
from autoprod.core.views import PageMixin, ScopedMixin
from gardens.services import weeks
from gardens.views.crops import crop_tabs, year_of
from programmes.models import Programme
from programmes.views.programmes import InProgramme

#: Far from the years where « the week after » does not exist.
YEARS = range(1900, 2200)


class WeekDetail(InProgramme, ScopedMixin, PageMixin, TemplateView):
    """What is to do in the gardens of a programme during a week: this one unless the URL says."""

    parent_model = Programme
    parent_kwarg = "programme"
    action = Action.VIEW_GARDENS
    template_name = "gardens/weeks/detail.html"

    def get_programme(self) -> Programme:
        """Return the programme the URL names."""
        return self.parent

    @property
    def period(self) -> Period:
        """Return the week; 404 for other days."""
        period = self.kwargs.get("period") or Period.week_of(timezone.localdate())
        if period.start.year not in YEARS or not period.is_week:
            raise Http404
        return period

    def get_title(self) -> str:
        """Return « Cette semaine au jardin », or the days of another week."""
        if self.period.contains(timezone.localdate()):
            return "Cette semaine au jardin"
        return f"Au jardin, {self.period.label}"

    def get_subtitle(self) -> str:
        """Return how much there is to do."""
        count = counted(len(self.week.all), "chose à faire", "choses à faire")
        return f"{self.parent} · {self.period.label} · {count}"

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Show the week."""
        today = timezone.localdate()
        self.week = weeks.week_of(self.scope, [self.parent.pk], self.period, today)
        return self.render_to_response(self.get_context_data())

    def get_days(self) -> list[dict]:
        """Return the days that have something, in order."""
        days: dict = {}
        for task in self.week.tasks:
            days.setdefault(task.due, []).append(task)
        return [
            {"on": on, "label": day(on, weekday=True).capitalize(), "tasks": tasks}
            for on, tasks in sorted(days.items())
        ]

    def _url(self, period: Period) -> str:
        if period.contains(timezone.localdate()):
            return reverse("gardens:week_detail", args=[self.parent.pk])
        return reverse("gardens:week_of_days", args=[self.parent.pk, period])

    def get_context_data(self, **kwargs) -> dict:
        """Add the days, what waits, and the other weeks."""
        today = timezone.localdate()
        is_current = self.period.contains(today)
        return super().get_context_data(
            waiting=self.week.waiting,
            days=self.get_days(),
            today=today,
            previous_url=self._url(self.period.previous()),
            next_url=self._url(self.period.next()),
            today_url="" if is_current else self._url(Period.week_of(today)),
            tabs=crop_tabs(self.request, self.parent, year_of(self.period), "week_detail"),
            can_edit=self.scope.opens(Action.EDIT_GARDENS, self.parent),
            programme=self.parent,
            here=self.request.path,
            **kwargs,
        )
