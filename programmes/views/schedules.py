"""Pages of schedules: the list, one of them, its form and the review before it is saved."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from autoprod.core import panels
from autoprod.core.formatting import WEEKDAYS, clock_range, counted, day_range
from autoprod.core.periods import ONE_DAY, Kind, Period
from autoprod.core.scoping import Action
from autoprod.core.tables import Table, table
from autoprod.core.views import CreatePage, DeletePage, DetailPage, ListPage, UpdatePage
from programmes.columns import SCHEDULES
from programmes.forms.schedules import LINES, SHOWN, USUAL, ScheduleForm
from programmes.models import Edition, Programme, Schedule, ScheduleSlot, Session, Site
from programmes.services import schedules
from programmes.views.programmes import InProgramme
from programmes.views.sessions import month_of

#: How many of the sessions to come the page of a schedule names.
SOON = 10
#: How many of the last sessions say what is usual.
RECENT = 20
_STEP, _SAVE, _CORRECT = "step", "save", "correct"


def url_of(schedule: Schedule) -> str:
    """Return the page of a schedule."""
    return reverse("programmes:schedule_detail", args=[schedule.pk])


def list_of(programme: Programme) -> tuple[str, str]:
    """Return the way back to the schedules of a programme."""
    return "Créneaux", reverse("programmes:schedule_list", args=[programme.pk])


def planning_of(programme: Programme) -> tuple[str, str]:
    """Return the way back to the sessions of this month."""
    return month_of(programme, timezone.localdate())


def week_told(slots: Iterable[ScheduleSlot]) -> list[tuple[str, str]]:
    """Return (« du lundi au jeudi », « 8 h – 12 h et 14 h – 16 h »), the same days together."""
    by_hours, by_days = defaultdict(list), defaultdict(list)
    for slot in slots:
        by_hours[slot.starts, slot.ends].append(slot.weekday)
    for hours, days in sorted(by_hours.items()):
        by_days[tuple(sorted(days))].append(clock_range(*hours))
    return [(_days_told(days), " et ".join(hours)) for days, hours in sorted(by_days.items())]


def _days_told(days: tuple[int, ...]) -> str:
    """Return « du lundi au jeudi », « mardi et samedi »."""
    names = [WEEKDAYS[day - 1] for day in days]
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"du {names[0]} au {names[-1]}"
    return " et ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


class ScheduleList(InProgramme, ListPage):
    """The schedules of a programme, those going on first."""

    model = Schedule
    action = Action.VIEW_SESSIONS
    parent_model = Programme
    parent_kwarg = "programme"
    columns = SCHEDULES
    title = "Créneaux"
    select_related = ("kind", "leader")
    empty_icon = "calendar-days"
    empty_title = "Aucun créneau"
    empty_text = (
        "Un créneau est une semaine type\u00a0: ses jours, ses heures, ses sites. Il crée les "
        "séances d’un coup, fériés et fermetures sautés."
    )
    create_label = "Ajouter un créneau"

    def get_programme(self) -> Programme:
        """Return the programme the URL names."""
        return self.parent

    def get_queryset(self):
        """Return the schedules, the one that ends last first."""
        return super().get_queryset().order_by("-ends_on", "-pk")

    def get_subtitle(self) -> str:
        """Return the programme."""
        return str(self.parent)

    def get_breadcrumbs(self) -> list:
        """Return the way back to the planning."""
        return [planning_of(self.parent)]

    def get_create_url(self) -> str:
        """Return where « Ajouter » leads, empty when this user may not plan here."""
        if not self.scope.opens(Action.EDIT_SESSIONS, self.parent):
            return ""
        return reverse("programmes:schedule_create", args=[self.parent.pk])

    def get_links(self) -> list[dict]:
        """Lead to the closed periods, which every schedule skips."""
        url = reverse("programmes:closed_period_list", args=[self.parent.pk])
        return [{"label": "Fermetures", "url": url, "icon": "circle-x"}]

    def get_table(self, rows: list[Schedule]) -> Table:
        """Return the schedules, each with its week."""
        slots = defaultdict(list)
        halves = ScheduleSlot.objects.for_scope(self.scope, self.action)
        for slot in halves.filter(schedule__in=rows):
            slots[slot.schedule_id].append(slot)
        for row in rows:
            row.week_told = " · ".join(", ".join(line) for line in week_told(slots[row.pk]))
        return table(
            self.columns,
            rows,
            caption=self.get_title(),
            url=url_of,
            empty_state=self.get_empty_state(),
        )


class ScheduleMixin(InProgramme):
    """A page about one schedule."""

    model = Schedule
    select_related = ("programme__territory", "kind", "theme", "leader")

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.object.programme

    def get_breadcrumbs(self) -> list:
        """Return the way back to the schedule."""
        return [list_of(self.object.programme), (str(self.object), url_of(self.object))]


class ScheduleDetail(ScheduleMixin, DetailPage):
    """A schedule: its week, the sessions to come, and what higher floors add."""

    action = Action.VIEW_SESSIONS
    template_name = "programmes/schedules/detail.html"

    def get_subtitle(self) -> str:
        """Return from when to when."""
        told = day_range(self.object.starts_on, self.object.ends_on)
        return told[:1].upper() + told[1:]

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return super().get_breadcrumbs()[:1]

    def get_context_data(self, **kwargs) -> dict:
        """Add the week, the sessions and the pieces of the floors above."""
        schedule, scope = self.object, self.scope
        rows = Session.objects.for_scope(scope, self.action).of(schedule)
        soon = rows.to_come(timezone.now())
        slots = ScheduleSlot.objects.for_scope(scope, self.action).of(schedule)
        sites = Site.objects.for_scope(scope, self.action).filter(schedules=schedule)
        return super().get_context_data(
            week=week_told(slots),
            sites=sites,
            soon=soon.select_related("programme__territory")[:SOON],
            held=rows.filter(cancelled_on=None).count(),
            to_come=soon.count(),
            can_edit=scope.opens(Action.EDIT_SESSIONS, schedule.programme),
            panels=panels.shown("schedule_detail", scope, [schedule])[schedule.pk],
            **kwargs,
        )


class ReviewedPage:
    """A form that shows what it would do before it does it: the same address, two pages."""

    form_class = ScheduleForm
    action = Action.EDIT_SESSIONS
    template_name = "programmes/schedules/form.html"
    review_template_name = "programmes/schedules/review.html"
    submit_label = "Vérifier"

    def form_valid(self, form: ScheduleForm) -> HttpResponse:
        """Save what was reviewed; otherwise show the review, or the form again to correct it."""
        match self.request.POST.get(_STEP):
            case step if step == _SAVE:
                return super().form_valid(form)
            case step if step == _CORRECT:
                return self.form_invalid(form)
        return self.show_review(form)

    def form_invalid(self, form: ScheduleForm) -> HttpResponse:
        """Show the review again when the sessions changed since it was read."""
        if form.has_error(NON_FIELD_ERRORS, schedules.TO_REVIEW):
            return self.show_review(form)
        return super().form_invalid(form)

    def show_review(self, form: ScheduleForm) -> HttpResponse:
        """Show what saving would do."""
        context = self.get_context_data(form=form, review=form.review())
        context["typed"] = [field for field in form if field.name not in form.ASKED]
        self.template_name = self.review_template_name
        return self.render_to_response(context)

    def get_success_url(self) -> str:
        """Go to the schedule."""
        return url_of(self.object)

    def get_context_data(self, **kwargs) -> dict:
        """Set the lines of hours apart."""
        context = super().get_context_data(**kwargs)
        form = context["form"]
        lines = [[form[f"{name}_{n}"] for name in ("days", "start", "end")] for n in LINES]
        opened = any(field.value() or field.errors for field in lines[-1])
        apart = {field.name for line in lines for field in line}
        others = [field for field in form.visible_fields() if field.name not in apart]
        days = [field for field in others if field.name in {"starts_on", "ends_on"}]
        return context | {
            "hour_lines": lines[:SHOWN],
            "more_lines": lines[SHOWN:],
            "more_is_open": opened,
            "day_fields": days,
            "other_fields": [field for field in others if field not in days],
        }


class ScheduleCreate(InProgramme, ReviewedPage, CreatePage):
    """Plan a week that comes back; proposed as the fiche's, on all the sites."""

    model = Schedule
    parent_model = Programme
    parent_kwarg = "programme"
    title = "Ajouter un créneau"

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.parent

    def get_fixed(self) -> dict:
        """Return the programme the URL names."""
        return {"programme": self.parent}

    def get_initial(self) -> dict:
        """Return the usual week, from tomorrow to the end of the edition, on every open site."""
        first = timezone.localdate() + ONE_DAY
        sites = Site.objects.for_scope(self.scope, self.action).used_by(self.parent).open(first)
        return {
            **USUAL,
            **self._as_usual(first),
            "sites": [site.pk for site in sites],
            "starts_on": first,
            "ends_on": self._last_day(first),
        }

    def _as_usual(self, first: date) -> dict:
        """Return the kind and the leader of most of the last sessions."""
        rows = Session.objects.for_scope(self.scope, self.action).of(self.parent)
        names = ("kind", "leader")
        last = list(rows.latest_until(first).values(*names)[:RECENT])
        counts = {name: Counter(row[name] for row in last) for name in names}
        return {name: count.most_common(1)[0][0] for name, count in counts.items() if count}

    def _last_day(self, first: date) -> date:
        editions = Edition.objects.for_scope(self.scope, Action.VIEW_FRAME).of(self.parent)
        current = editions.covering(first).first()
        return current.ends_on if current else Period.containing(first, Kind.YEAR).end

    def get_subtitle(self) -> str:
        """Return the programme."""
        return str(self.parent)

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [list_of(self.parent)]

    @property
    def success_message(self) -> str:
        """Return how many sessions there are now."""
        rows = Session.objects.for_scope(self.scope, self.action).of(self.object)
        return f"Créneau ajouté avec {counted(rows.count(), 'séance', 'séances')}."


class ScheduleUpdate(ScheduleMixin, ReviewedPage, UpdatePage):
    """Change a schedule; the sessions to come that nobody touched follow."""

    success_message = "Créneau modifié."

    def get_fixed(self) -> dict:
        """Return the programme, which does not change."""
        return {"programme": self.object.programme}

    def get_subtitle(self) -> str:
        """Return what follows and what stays."""
        return (
            "Les séances à venir suivent. Celles qui ont eu lieu, ont un appel ou ont été "
            "déplacées à la main restent comme elles sont."
        )

    def get_delete_url(self) -> str:
        """Lead to the deletion of the schedule."""
        return reverse("programmes:schedule_delete", args=[self.object.pk])


class ScheduleDelete(ScheduleMixin, DeletePage):
    """Delete a schedule made by mistake, with its sessions."""

    action = Action.EDIT_SESSIONS
    template_name = "programmes/schedules/delete.html"

    def get_context_data(self, **kwargs) -> dict:
        """Add how many sessions go."""
        rows = Session.objects.for_scope(self.scope, self.action).of(self.object)
        return super().get_context_data(session_count=rows.count(), **kwargs)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Delete, or say what holds the schedule."""
        self.object = self.get_object()
        back = list_of(self.object.programme)[1]
        try:
            number = schedules.delete(scope=self.scope, schedule=self.object)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(url_of(self.object))
        told = counted(number, "séance", "séances")
        messages.success(request, f"Créneau supprimé, avec {told}.")
        return redirect(back)
