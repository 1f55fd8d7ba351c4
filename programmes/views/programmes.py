"""Pages of programmes: « actions » on the screen."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.views.decorators.http import require_safe

from autoprod.core import panels
from autoprod.core.formatting import day
from autoprod.core.pdf import response
from autoprod.core.scoping import Action
from autoprod.core.tables import Table, table
from autoprod.core.views import (
    CreatePage,
    DetailPage,
    ListPage,
    UpdatePage,
    get_or_404,
    requires,
)
from programmes.columns import EDITIONS, PROGRAMMES
from programmes.documents import programmes as documents
from programmes.forms.programmes import ProgrammeForm
from programmes.models import Attachment, Edition, Objective, Partnership, Programme, Site

LIST = ("Actions", reverse_lazy("programmes:programme_list"))


def crumbs_of(programme: Programme) -> list[tuple]:
    """Return the way back to a programme."""
    return [LIST, (str(programme), reverse("programmes:programme_detail", args=[programme.pk]))]


class InProgramme:
    """A page about one programme: the top bar shows which."""

    def get_programme(self) -> Programme:
        """Return the programme the page is about."""
        return self.object

    def get_context_data(self, **kwargs) -> dict:
        """Tell the top bar."""
        self.request.shown_programme = self.get_programme().pk
        return super().get_context_data(**kwargs)


class ProgrammeList(ListPage):
    """The programmes of the scope."""

    model = Programme
    action = Action.VIEW_FRAME
    title = "Actions"
    columns = PROGRAMMES
    select_related = ("territory",)
    empty_icon = "sprout"
    empty_title = "Aucune action"
    create_url = reverse_lazy("programmes:programme_create")
    create_label = "Ouvrir une action"
    create_action = Action.CREATE_PROGRAMME

    def get_queryset(self):
        """Return the programmes with the number of their editions."""
        return super().get_queryset().with_edition_count()

    def row_url(self, row: Programme) -> str:
        """Lead to the programme."""
        return reverse("programmes:programme_detail", args=[row.pk])


class ProgrammeDetail(InProgramme, DetailPage):
    """A programme on one page: its editions, objectives, sites, partners and files."""

    model = Programme
    action = Action.VIEW_FRAME
    template_name = "programmes/programmes/detail.html"
    select_related = ("territory",)

    def get_subtitle(self) -> str:
        """Return the kind and since when."""
        since = f" · depuis le {day(self.object.started_on)}" if self.object.started_on else ""
        return f"{self.object.get_kind_display().capitalize()}{since}"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [LIST]

    def get_editions(self) -> Table:
        """Return the table of the editions."""
        return table(
            EDITIONS,
            Edition.objects.for_scope(self.scope, Action.VIEW_FRAME).of(self.object),
            caption="Éditions",
            url=lambda row: reverse("programmes:edition_detail", args=[row.pk]),
            empty_state={
                "icon": "calendar",
                "title": "Aucune édition",
                "text": "L’édition est l’année ou l’opération que l’on finance et évalue.",
            },
        )

    def get_rights(self) -> dict:
        """Return what this user may do here, button by button."""
        programme, territory = self.object, self.object.territory
        return {
            "can_edit": self.scope.opens(Action.EDIT_PROGRAMME, programme),
            "can_edit_partners": self.scope.opens(Action.EDIT_PARTNERS, programme),
            "can_edit_sites": self.scope.opens(Action.EDIT_SITES, territory),
            "can_see_files": self.scope.opens(Action.VIEW_ATTACHMENTS, programme),
        }

    def get_context_data(self, **kwargs) -> dict:
        """Add what hangs on the programme."""
        today, scope = timezone.localdate(), self.scope
        current = (
            Edition.objects.for_scope(scope, Action.VIEW_FRAME).of(self.object).covering(today)
        )
        objectives = Objective.objects.for_scope(scope, Action.VIEW_FRAME)
        sites = Site.objects.for_scope(scope, Action.VIEW_FRAME).used_by(self.object)
        links = Partnership.objects.for_scope(scope, Action.VIEW_FRAME).of(self.object)
        files = Attachment.objects.for_scope(scope, Action.VIEW_ATTACHMENTS).of(self.object)
        return super().get_context_data(
            editions=self.get_editions(),
            objectives=objectives.filter(edition__in=current).with_wording(today),
            sites=sites.select_related("kind", "district"),
            partners=links.active(today).by_role(),
            attachments=files,
            site_create_url=f"{reverse('programmes:site_create')}?programme={self.object.pk}",
            panels=panels.shown("programme_detail", scope, [self.object])[self.object.pk],
            **self.get_rights(),
            **kwargs,
        )


class ProgrammeCreate(CreatePage):
    """Open a programme."""

    model = Programme
    form_class = ProgrammeForm
    action = Action.CREATE_PROGRAMME
    title = "Ouvrir une action"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [LIST]

    def get_success_url(self) -> str:
        """Go to the programme."""
        return reverse("programmes:programme_detail", args=[self.object.pk])


class ProgrammeUpdate(InProgramme, UpdatePage):
    """Edit a programme."""

    model = Programme
    form_class = ProgrammeForm
    action = Action.EDIT_PROGRAMME
    select_related = ("territory",)

    def get_breadcrumbs(self) -> list:
        """Return the way back to the programme."""
        return crumbs_of(self.object)

    def get_success_url(self) -> str:
        """Go to the programme."""
        return reverse("programmes:programme_detail", args=[self.object.pk])


@require_safe
@requires(Action.VIEW_FRAME)
def programme_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the programme's sheet as a PDF."""
    rows = Programme.objects.for_scope(request.scope, Action.VIEW_FRAME)
    programme = get_or_404(rows.select_related("territory"), pk=pk)
    document, content = documents.programme_sheet(request.scope, programme)
    return response(document, content)
