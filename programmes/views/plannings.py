"""Pages of a planning as a calendar: a month, which prints on one sheet, and a week."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import TemplateView

from autoprod.core.formatting import WEEKDAYS, counted
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from autoprod.core.views import PageMixin, ScopedMixin
from programmes.services import plannings
from programmes.views.periods import InPeriod
from programmes.views.sessions import create_url, planning_links, planning_tabs


class PlanningPage(InPeriod, ScopedMixin, PageMixin, TemplateView):
    """The days of a period in columns, from Monday to Sunday."""

    action = Action.VIEW_SESSIONS
    template_name = "programmes/plannings/detail.html"
    #: Which tab is this one.
    view = ""

    def get_title(self) -> str:
        """Return « Séances, mars 2016 »."""
        return f"Séances, {self.period.label}"

    def get_subtitle(self) -> str:
        """Return the programme, and how many sessions are held."""
        lines = [line for week in self.weeks for day in week for line in day.lines]
        held = sum(not line.session.is_cancelled for line in lines)
        return f"{self.parent} · {counted(held, 'séance', 'séances')}"

    def get_today(self) -> Period:
        """Return the period of this kind that today is in."""
        raise NotImplementedError

    def get_today_url(self) -> str:
        """Return where « Aujourd’hui » leads, empty when it is shown."""
        current = self.get_today()
        if current == self.period:
            return ""
        tabs = planning_tabs(self.parent, current, self.view)
        return next(tab["url"] for tab in tabs if tab["current"])

    def get_columns(self) -> list[dict]:
        """Return the seven days; those that nothing is held on leave room to the others."""
        empty = plannings.empty_weekdays(self.weeks)
        thin = [is_empty and not all(empty) for is_empty in empty]
        return [
            {"label": label, "is_thin": is_thin}
            for label, is_thin in zip(WEEKDAYS, thin, strict=True)
        ]

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Show the days; what the URL names is given to the page as rows."""
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs) -> dict:
        """Add the weeks and what leads elsewhere."""
        self.weeks = plannings.weeks_of(self.scope, self.parent, self.period, timezone.now())
        today = timezone.localdate()
        is_current = self.period.contains(today)
        return super().get_context_data(
            weeks=self.weeks,
            columns=self.get_columns(),
            view=self.view,
            today=today,
            today_url=self.get_today_url(),
            tabs=planning_tabs(self.parent, self.period, self.view),
            links=planning_links(self.parent),
            create_url=create_url(
                self.scope, self.parent, None if is_current else self.period.start
            ),
            day_url=create_url(self.scope, self.parent),
            **kwargs,
        )


class SessionMonth(PlanningPage):
    """A month, day by day: what hangs on the wall of the garden."""

    period_kinds = (Kind.MONTH,)
    view = "month"

    def get_today(self) -> Period:
        """Return this month."""
        return Period.containing(timezone.localdate(), Kind.MONTH)


class SessionWeek(PlanningPage):
    """A week, from Monday to Sunday."""

    period_kinds = (Kind.CUSTOM,)
    view = "week"

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        """Take weeks only: other days have the list."""
        super().setup(request, *args, **kwargs)
        if not self.period.is_week:
            raise Http404

    def get_today(self) -> Period:
        """Return this week."""
        return Period.week_of(timezone.localdate())
