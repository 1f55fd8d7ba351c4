"""Pages of closed periods: the days when a programme plans nothing."""

from django.http import HttpResponse
from django.urls import reverse

from autoprod.core.formatting import counted, day_range
from autoprod.core.scoping import Action
from autoprod.core.views import CreatePage, DeletePage, ListPage
from programmes.columns import CLOSED_PERIODS
from programmes.forms.closed_periods import CANCEL, LEAVE, ClosedPeriodForm
from programmes.models import ClosedPeriod, Programme
from programmes.views.programmes import InProgramme
from programmes.views.schedules import list_of, planning_of


def closed_of(programme: Programme) -> tuple[str, str]:
    """Return the way back to the closed periods of a programme."""
    return "Fermetures", reverse("programmes:closed_period_list", args=[programme.pk])


class ClosedPeriodList(InProgramme, ListPage):
    """The closed periods of a programme, the last one first."""

    model = ClosedPeriod
    action = Action.VIEW_SESSIONS
    parent_model = Programme
    parent_kwarg = "programme"
    columns = CLOSED_PERIODS
    title = "Fermetures"
    empty_icon = "calendar"
    empty_title = "Aucune fermeture"
    empty_text = (
        "Congés, travaux, ponts\u00a0: les créneaux sautent ces jours-là. Les jours fériés le sont "
        "déjà."
    )
    create_label = "Ajouter une fermeture"

    def get_programme(self) -> Programme:
        """Return the programme the URL names."""
        return self.parent

    def get_queryset(self):
        """Return the closed periods, the last one first."""
        return super().get_queryset().order_by("-starts_on", "-pk")

    def get_subtitle(self) -> str:
        """Return the programme."""
        return str(self.parent)

    def get_breadcrumbs(self) -> list:
        """Return the way back to the schedules."""
        return [planning_of(self.parent), list_of(self.parent)]

    def get_create_url(self) -> str:
        """Return where « Ajouter » leads, empty when this user may not plan here."""
        if not self.scope.opens(Action.EDIT_SESSIONS, self.parent):
            return ""
        return reverse("programmes:closed_period_create", args=[self.parent.pk])

    def row_url(self, row: ClosedPeriod) -> str | None:
        """Lead to the deletion, for who may plan here."""
        if not self.get_create_url():
            return None
        return reverse("programmes:closed_period_delete", args=[row.pk])


class ClosedPeriodCreate(InProgramme, CreatePage):
    """Close days; sessions planned on them are told, and cancelled if so asked."""

    model = ClosedPeriod
    form_class = ClosedPeriodForm
    parent_model = Programme
    parent_kwarg = "programme"
    action = Action.EDIT_SESSIONS
    title = "Ajouter une fermeture"
    template_name = "programmes/closed_periods/form.html"

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.parent

    def get_fixed(self) -> dict:
        """Return the programme the URL names."""
        return {"programme": self.parent}

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [closed_of(self.parent)]

    def form_valid(self, form: ClosedPeriodForm) -> HttpResponse:
        """Save; first ask what becomes of the sessions planned on those days."""
        if form.cleaned_data["step"] in {CANCEL, LEAVE} or not form.planned():
            self.form = form
            return super().form_valid(form)
        return self.form_invalid(form)

    @property
    def success_message(self) -> str:
        """Return what became of the sessions."""
        number = self.form.cancelled
        told = f" {counted(number, 'séance annulée', 'séances annulées')}." if number else ""
        return f"Fermeture ajoutée.{told}"

    def get_success_url(self) -> str:
        """Go back to the list."""
        return closed_of(self.parent)[1]

    def get_context_data(self, **kwargs) -> dict:
        """Add the sessions planned on the days that were typed."""
        context = super().get_context_data(**kwargs)
        form = context["form"]
        is_typed = form.is_bound and not set(form.errors) - {"reason"}
        return context | {"planned": form.planned() if is_typed else []}


class ClosedPeriodDelete(InProgramme, DeletePage):
    """Open the days again; their cancelled sessions stay cancelled."""

    model = ClosedPeriod
    action = Action.EDIT_SESSIONS
    select_related = ("programme",)
    template_name = "programmes/closed_periods/delete.html"

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.object.programme

    def get_subtitle(self) -> str:
        """Return the days."""
        told = day_range(self.object.starts_on, self.object.ends_on)
        return told[:1].upper() + told[1:]

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [closed_of(self.object.programme)]

    def get_success_url(self) -> str:
        """Go back to the list."""
        return closed_of(self.object.programme)[1]
