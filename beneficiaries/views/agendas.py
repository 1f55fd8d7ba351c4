"""Pages of an agenda: a week or a month of appointments, and the file of one's own."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core import downloads
from autoprod.core.calendars import CALENDAR_TYPE
from autoprod.core.formatting import counted
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from autoprod.core.views import PageMixin, ScopedMixin, requires
from beneficiaries.enums import Whose
from beneficiaries.exports.agendas import calendar
from beneficiaries.models import Interview
from beneficiaries.services import agendas

#: Longer, it is no agenda but a list.
LONGEST = 31
#: Far from the years where « the week after » does not exist.
YEARS = range(1900, 2200)


class AgendaDetail(ScopedMixin, PageMixin, TemplateView):
    """The appointments of a week or of a month, by day, and who is still to be seen."""

    action = Action.EDIT_PATHWAYS
    template_name = "beneficiaries/agendas/detail.html"
    title = "Agenda"

    @property
    def period(self) -> Period:
        """Return the days shown: the address says them, otherwise it is this week."""
        period = self.kwargs.get("period") or Period.week_of(self.today)
        if period.days > LONGEST or period.start.year not in YEARS:
            raise Http404
        return period

    @property
    def whose(self) -> Whose:
        """Return whose agenda is shown: one's own, or the team's."""
        is_team = self.request.GET.get("whose") == Whose.TEAM
        return Whose.TEAM if is_team else Whose.MINE

    def get_subtitle(self) -> str:
        """Return the days and how many appointments they hold."""
        number = sum(len(day.rows) for day in self.days)
        return f"{self.period.label} · {counted(number, 'rendez-vous', 'rendez-vous')}"

    def get_tabs(self) -> list[dict]:
        """Return the two agendas of the same days."""
        return [
            {
                "label": label,
                "url": self.url(self.period, whose),
                "current": whose == self.whose,
            }
            for whose, label in ((Whose.MINE, "Mes rendez-vous"), (Whose.TEAM, "Toute l’équipe"))
        ]

    def url(self, period: Period, whose: Whose | None = None) -> str:
        """Return the address of other days, or of another agenda."""
        end = "?whose=team" if (whose or self.whose) == Whose.TEAM else ""
        return reverse("beneficiaries:agenda_period", args=[period]) + end

    def get_switchers(self) -> dict:
        """Return the addresses of what is before and after, of today, of the week, of the month."""
        period, day = self.period, self.today if self.period.contains(self.today) else None
        day = day or period.start
        return {
            "previous_url": self.url(period.previous()),
            "next_url": self.url(period.next()),
            "today_url": ""
            if period.contains(self.today)
            else self.url(
                Period.containing(self.today, Kind.MONTH)
                if period.kind == Kind.MONTH
                else Period.week_of(self.today)
            ),
            "other_label": "Par semaine" if period.kind == Kind.MONTH else "Par mois",
            "other_url": self.url(
                Period.week_of(day)
                if period.kind == Kind.MONTH
                else Period.containing(day, Kind.MONTH)
            ),
        }

    def get_context_data(self, **kwargs) -> dict:
        """Add the days, what is to write up and who is to be seen."""
        self.today = timezone.localdate()
        scope, whose, today = self.scope, self.whose, self.today
        self.days = agendas.days_of(scope, self.period, whose, today)
        before = agendas.to_write_up(scope, whose, today)[: agendas.MOST_BESIDE]
        places = agendas.to_place(scope, whose, today)
        return super().get_context_data(
            tabs=self.get_tabs(),
            days=self.days,
            today=today,
            is_team=whose == Whose.TEAM,
            several_programmes=len(scope.keys("programme", self.action)) > 1,
            before=[agendas.shown(row, today) for row in before],
            places=[agendas.waiting(one, today) for one in places[: agendas.MOST_BESIDE]],
            more=max(len(places) - agendas.MOST_BESIDE, 0),
            **self.get_switchers(),
            **kwargs,
        )


@require_safe
@requires(Action.EDIT_PATHWAYS)
def agenda_export(request: HttpRequest) -> HttpResponse:
    """Send one's own appointments to come as a calendar, which names nobody."""
    scope = request.scope
    rows = agendas.interviews_of(scope, Whose.MINE).to_come(timezone.localdate())
    rows = list(rows.select_related("enrolment__programme__territory"))
    label = f"Agenda\u00a0: {counted(len(rows), 'rendez-vous', 'rendez-vous')}"
    record(scope, Verb.EXPORT, kind=Interview._meta.label_lower, label=label)
    content = calendar(rows, made_at=timezone.now())
    return downloads.made(content, filename="agenda.ics", content_type=CALENDAR_TYPE)
