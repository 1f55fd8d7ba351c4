"""Pages of sessions: the planning of a period, a session, and what is done with it."""

from datetime import date
from functools import cached_property
from itertools import groupby

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from autoprod.core import panels
from autoprod.core.formatting import counted, day
from autoprod.core.periods import ONE_DAY, Kind, Period
from autoprod.core.scoping import Action, Scope
from autoprod.core.tables import Table, table
from autoprod.core.views import (
    CreatePage,
    DeletePage,
    DetailPage,
    ListPage,
    UpdatePage,
    get_or_404,
)
from programmes.forms.sessions import MORNING, HoursForm, SessionCopyForm, SessionForm
from programmes.models import Programme, Session, Workshop
from programmes.services import sessions
from programmes.views.periods import InPeriod
from programmes.views.programmes import InProgramme


def url_of(session: Session) -> str:
    """Return the page of a session."""
    return reverse("programmes:session_detail", args=[session.pk])


def month_of(programme: Programme, on: date) -> tuple[str, str]:
    """Return the way back to the planning of the month of a day."""
    month = Period.containing(on, Kind.MONTH)
    url = reverse("programmes:session_list", args=[programme.pk, month])
    return f"Séances, {month.label}", url


def planning_links(programme: Programme) -> list[dict]:
    """Return what every page of the planning leads to."""
    names = {"Créneaux": ("schedule_list", "calendar"), "Mon calendrier": ("calendar_feed", "link")}
    return [
        {"label": label, "url": reverse(f"programmes:{name}", args=[programme.pk]), "icon": icon}
        for label, (name, icon) in names.items()
    ]


def planning_tabs(programme: Programme, period: Period, current: str) -> list[dict]:
    """Return the three views of a planning, of the same days or of those around today in them."""
    today = timezone.localdate()
    on = today if period.contains(today) else period.start
    views = {
        "list": ("Liste", period),
        "month": ("Mois", Period.containing(on, Kind.MONTH)),
        "week": ("Semaine", Period.week_of(on)),
    }
    return [
        {
            "label": label,
            "url": reverse(f"programmes:session_{name}", args=[programme.pk, days]),
            "current": name == current,
        }
        for name, (label, days) in views.items()
        if days.has_address
    ]


def create_url(scope: Scope, programme: Programme, on: date | None = None) -> str:
    """Return where a session is added, on a day if any; empty when this user may not plan here."""
    if not scope.opens(Action.EDIT_SESSIONS, programme):
        return ""
    url = reverse("programmes:session_create", args=[programme.pk])
    return f"{url}?jour={on}" if on else url


def when(session: Session) -> str:
    """Return « Lundi 14 mars 2016, 8 h – 12 h »."""
    return f"{day(session.on, weekday=True)}, {session.hours}".capitalize()


def lines_of(request: HttpRequest, rows: list[Session]) -> list[dict]:
    """Return what each line says of a session: its state, and what higher floors add."""
    now = timezone.now()
    pieces = panels.shown("session_row", request.scope, rows) if rows else {}
    return [
        {"session": row, "state": sessions.state_of(row, now), "pieces": pieces[row.pk]}
        for row in rows
    ]


class SessionList(InPeriod, ListPage):
    """The planning of a programme over a period, day by day."""

    model = Session
    action = Action.VIEW_SESSIONS
    template_name = "programmes/sessions/list.html"
    partial_template_name = "programmes/sessions/_days.html"
    empty_icon = "calendar-days"
    empty_title = "Aucune séance sur cette période"
    empty_text = (
        "Une séance est une demi-journée sur un ou plusieurs sites, avec un seul appel. Pour une "
        "semaine qui revient, ouvrez «\u00a0Créneaux\u00a0»."
    )
    create_label = "Ajouter une séance"

    def get_queryset(self):
        """Return the sessions of the period."""
        return super().get_queryset().in_period(self.period).described()

    def get_title(self) -> str:
        """Return « Séances, mars 2016 »."""
        return f"Séances, {self.period.label}"

    def get_subtitle(self) -> str:
        """Return how many, and how many wait to be closed."""
        rows = self.get_queryset()
        held = rows.filter(cancelled_on=None).count()
        waiting = rows.to_close(timezone.now()).count()
        told = [counted(held, "séance", "séances")]
        told += [f"{waiting} à clôturer"] if waiting else []
        return f"{self.get_programme()} · {', dont '.join(told)}"

    def get_create_url(self) -> str:
        """Return where « Ajouter » leads, empty when this user may not plan here."""
        is_current = self.period.contains(timezone.localdate())
        on = None if is_current else self.period.start
        return create_url(self.scope, self.get_programme(), on)

    def get_links(self) -> list[dict]:
        """Lead to the weeks that come back, and to one's own calendar."""
        return planning_links(self.get_programme())

    def get_table(self, rows: list[Session]) -> Table:
        """Return no table: the days are drawn instead, or the empty state."""
        return table((), (), caption=self.get_title(), empty_state=self.get_empty_state())

    def get_context_data(self, **kwargs) -> dict:
        """Add the days, each with its sessions."""
        context = super().get_context_data(**kwargs)
        lines = lines_of(self.request, list(context["object_list"]))
        groups = groupby(lines, key=lambda line: line["session"].on)
        days, today = [(on, list(of_day)) for on, of_day in groups], timezone.localdate()
        # Told when there is something above it to skip.
        is_below = any(on == today for on, _ in days[1:])
        tabs = planning_tabs(self.get_programme(), self.period, "list")
        return context | {"days": days, "today": today, "today_is_listed": is_below, "tabs": tabs}


class SessionMixin(InProgramme):
    """A page about one session."""

    model = Session
    select_related = (
        "programme__territory",
        "kind",
        "theme",
        "leader",
        "schedule__kind",
        "cancel_reason",
    )

    def get_session(self) -> Session:
        """Return the session the page is about."""
        return self.object

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.get_session().programme

    def get_breadcrumbs(self) -> list:
        """Return the way back to the session."""
        session = self.get_session()
        return [month_of(session.programme, session.on), (str(session), url_of(session))]

    def get_success_url(self) -> str:
        """Go to the session."""
        return url_of(self.get_session())


class SessionDetail(SessionMixin, DetailPage):
    """A session: when, where, with whom, its workshops, and what higher floors add."""

    action = Action.VIEW_SESSIONS
    template_name = "programmes/sessions/detail.html"

    def get_queryset(self):
        """Return the sessions with their sites."""
        return super().get_queryset().described()

    def get_subtitle(self) -> str:
        """Return the day and the hours."""
        return when(self.object)

    def get_breadcrumbs(self) -> list:
        """Return the way back to the month."""
        return super().get_breadcrumbs()[:1]

    def get_context_data(self, **kwargs) -> dict:
        """Add the state, the workshops and the pieces of the floors above."""
        session, scope = self.object, self.scope
        workshops = Workshop.objects.for_scope(scope, Action.VIEW_SESSIONS).of(session)
        slots = ("session_detail", "session_actions")
        details, actions = (panels.shown(s, scope, [session])[session.pk] for s in slots)
        names = ("theme", "speaker", "session__programme__territory")
        return super().get_context_data(
            state=sessions.state_of(session, timezone.now()),
            workshops=workshops.select_related(*names),
            can_edit=scope.opens(Action.EDIT_SESSIONS, session.programme),
            panels=details,
            action_panels=actions,
            **kwargs,
        )


class LockedOnceClosed:
    """A page that writes: a closed session is refused kindly, before the form and after it."""

    #: What a page says that refuses a session from its first presence on.
    once_ticked = ""

    def get_held(self) -> Session:
        """Return the session that must be open."""
        return get_or_404(self.get_queryset(), pk=self.kwargs["pk"])

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Say what to do instead, when the session got closed while somebody was writing."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(url_of(self.get_held()))

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Show the form of an open session."""
        held = self.get_held()
        if held.is_closed:
            raise ValidationError(sessions.CLOSED)
        self.refuse_ticked(held)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Write under the session's lock: nobody closes it meanwhile."""
        with sessions.writing(self.get_held()) as held:
            self.refuse_ticked(held)
            return super().post(request, *args, **kwargs)

    def refuse_ticked(self, session: Session) -> None:
        """Raise ValidationError when the page refuses a session whose roll has begun."""
        if self.once_ticked and session.roll_begun_at:
            raise ValidationError(self.once_ticked)


class SessionFormPage:
    """The form of a session: the day and the hours stand on one line."""

    template_name = "programmes/sessions/form.html"

    def get_context_data(self, **kwargs) -> dict:
        """Tell the fields of that line from the others."""
        context = super().get_context_data(**kwargs)
        visible = context["form"].visible_fields()
        first = {"day", "start", "end"}
        return context | {
            "hours_fields": [field for field in visible if field.name in first],
            "other_fields": [field for field in visible if field.name not in first],
        }


class SessionCreate(InProgramme, SessionFormPage, CreatePage):
    """Plan a session: proposed as the last one was, or as a copy of the one named by `?de=`."""

    model = Session
    form_class = SessionForm
    parent_model = Programme
    parent_kwarg = "programme"
    action = Action.EDIT_SESSIONS
    title = "Ajouter une séance"
    success_message = "Séance ajoutée au planning."

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.parent

    def get_fixed(self) -> dict:
        """Return the programme the URL names."""
        return {"programme": self.parent}

    def get_rows(self):
        """Return the sessions that may be copied."""
        return Session.objects.for_scope(self.scope, self.action).of(self.parent).described()

    @cached_property
    def copied(self) -> Session | None:
        """Return the session to copy, None when the address names none."""
        key = self.request.GET.get("de", "")
        return (
            get_or_404(self.get_rows(), pk=int(key)) if key.isdecimal() and len(key) < 18 else None
        )

    def get_form_class(self) -> type[SessionForm]:
        """Offer the workshops of a session that is copied."""
        return SessionCopyForm if self.copied else SessionForm

    def get_form_kwargs(self) -> dict:
        """Name the session that is copied."""
        return super().get_form_kwargs() | ({"copied": self.copied} if self.copied else {})

    def get_day(self) -> date:
        """Return the day the address names, today when it names none that a form would take."""
        try:
            named = date.fromisoformat(self.request.GET.get("jour", ""))
        except ValueError:
            return timezone.localdate()
        return named if 1900 <= named.year < 2200 else timezone.localdate()

    def get_initial(self) -> dict:
        """Return a copy on the next day, or today with the hours and sites of the last session."""
        if copied := self.copied:
            same = {name: getattr(copied, name) for name in ("title", "capacity")}
            codes = {"kind": copied.kind_id, "theme": copied.theme_id}
            return {"day": copied.on + ONE_DAY, **same, **codes, **_as_held(copied)}
        on = self.get_day()
        last = self.get_rows().latest_until(on).first()
        return {"day": on, **(_as_held(last) if last else MORNING)}

    def get_subtitle(self) -> str:
        """Return what is copied."""
        if not self.copied:
            return str(self.parent)
        return f"Copie de la séance du {day(self.copied.on, weekday=True)}. Choisissez le jour."

    def get_breadcrumbs(self) -> list:
        """Return the way back to the planning, or to the session copied."""
        if copied := self.copied:
            return [month_of(self.parent, copied.on), (str(copied), url_of(copied))]
        return [month_of(self.parent, self.get_day())]

    def get_success_url(self) -> str:
        """Go to the session."""
        return url_of(self.object)


def _as_held(session: Session) -> dict:
    """Return the hours, sites and leader of a session; a site closed since is left out."""
    sites = [site.pk for site in session.places if site.closed_on is None]
    return {**HoursForm.hours_of(session), "sites": sites, "leader": session.leader_id}


class SessionUpdate(SessionMixin, LockedOnceClosed, SessionFormPage, UpdatePage):
    """Edit a session that is not closed."""

    form_class = SessionForm
    action = Action.EDIT_SESSIONS

    def get_fixed(self) -> dict:
        """Return the programme, which does not change."""
        return {"programme": self.object.programme}

    def get_delete_url(self) -> str:
        """Lead to the deletion of the session."""
        return reverse("programmes:session_delete", args=[self.object.pk])


class SessionDelete(SessionMixin, LockedOnceClosed, DeletePage):
    """Delete a session planned by mistake."""

    action = Action.EDIT_SESSIONS
    once_ticked = sessions.ROLL_BEGUN
    kept_message = (
        "Impossible de supprimer\u00a0: d’autres fiches s’y rattachent ({names}). "
        "Annulez plutôt la séance, avec son motif."
    )

    def get_success_url(self) -> str:
        """Go back to the month."""
        return month_of(self.object.programme, self.object.on)[1]
