"""Stacks of scanned statements: uploaded, read, and what became of their pages."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseStopPolling

from autoprod.accounts.models import User
from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import day, moment
from autoprod.core.htmx import PartialMixin, wants_part
from autoprod.core.periods import Kind, Period
from autoprod.core.tables import Column
from autoprod.core.uploads import send
from autoprod.core.views import CreatePage, DetailPage, ListPage, get_or_404, requires
from autoprod.jobs.models import Job
from autoprod.jobs.queue import enqueue_for
from beneficiaries.enums import PageState
from beneficiaries.forms.statement_scans import StatementScanForm
from beneficiaries.models import StatementScan, StatementScanPage
from beneficiaries.services.statement_scans import ACTION
from beneficiaries.tasks.statement_scans import read_scan
from beneficiaries.views.statement_months import StatementMonth, month_url
from programmes.models import Programme
from programmes.views.periods import InPeriod
from programmes.views.programmes import InProgramme

COLUMNS = (
    Column("Déposée le", lambda scan: scan.uploaded_at, moment),
    Column("Signés le", lambda scan: scan.signed_on, day),
    Column("Pages", lambda scan: scan.page_count, align="end"),
    Column("Classées", lambda scan: scan.filed, align="end"),
    Column("À regarder", lambda scan: scan.doubtful, align="end"),
)


def month_shown(scan: StatementScan) -> Period:
    """Return the month the list of stacks is opened on: the one they were signed in."""
    return Period.containing(scan.signed_on, Kind.MONTH)


def crumbs_of(programme: Programme, period: Period) -> list[tuple[str, str]]:
    """Return the way back to the stacks."""
    url = reverse("beneficiaries:statement_scan_list", args=[programme.pk, period])
    return [
        (StatementMonth.title, month_url(programme.pk, period)),
        (StatementScanList.title, url),
    ]


def ask_reading(user: User, scan: StatementScan) -> Job:
    """Ask for a stack to be read; the pages already filed stay as they are."""
    return enqueue_for(user, read_scan, f"Pile numérisée n°\u00a0{scan.pk}", scan=scan.pk)


class StatementScanList(InPeriod, ListPage):
    """The stacks of a programme, the last one first, whatever their months."""

    model = StatementScan
    action = ACTION
    period_kinds = (Kind.MONTH,)
    columns = COLUMNS
    title = "Piles numérisées"
    empty_icon = "layers"
    empty_title = "Aucune pile"
    empty_text = "Numérisez d’un coup les états signés\u00a0: chaque page est classée par son code."
    create_label = "Déposer une pile"
    create_action = ACTION

    def get_queryset(self):
        """Count the pages of each stack."""
        states = {"filed": PageState.FILED, "doubtful": PageState.DOUBTFUL}
        counts = {
            name: Count("pages", filter=Q(pages__state=state)) for name, state in states.items()
        }
        return super().get_queryset().annotate(**counts).order_by("-uploaded_at", "-pk")

    def get_subtitle(self) -> str:
        """Return the programme, and that the list is not of the month alone."""
        return f"{self.parent} · tous les mois, la dernière pile en premier"

    def get_create_url(self) -> str:
        """Lead to the upload."""
        arguments = [self.parent.pk, self.period]
        return reverse("beneficiaries:statement_scan_create", args=arguments)

    def get_breadcrumbs(self) -> list:
        """Return the way back to the statements of the month."""
        return crumbs_of(self.parent, self.period)[:1]

    def row_url(self, row: StatementScan) -> str:
        """Lead to the stack."""
        return reverse("beneficiaries:statement_scan_detail", args=[row.pk])


class StatementScanCreate(InPeriod, CreatePage):
    """Upload a stack; it is read at once, by a job."""

    model = StatementScan
    form_class = StatementScanForm
    action = ACTION
    period_kinds = (Kind.MONTH,)
    title = "Déposer une pile"
    submit_label = "Déposer et lire"
    success_message = "Pile déposée\u00a0: la lecture commence."

    def get_fixed(self) -> dict:
        """Return the programme the URL names."""
        return {"programme": self.parent}

    def get_subtitle(self) -> str:
        """Say what it does."""
        return f"{self.parent} · les états signés sur papier, numérisés d’un coup"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the stacks."""
        return crumbs_of(self.parent, self.period)

    def form_valid(self, form: StatementScanForm) -> HttpResponse:
        """Keep it, then ask for the reading."""
        answer = super().form_valid(form)
        if form.is_valid():
            ask_reading(self.request.user, self.object)
        return answer

    def get_success_url(self) -> str:
        """Go to the stack, where its reading is followed."""
        return reverse("beneficiaries:statement_scan_detail", args=[self.object.pk])


class StatementScanDetail(InProgramme, PartialMixin, DetailPage):
    """One stack: how far it is read, the pages to look at, where the others went."""

    model = StatementScan
    action = ACTION
    select_related = ("programme__territory",)
    template_name = "beneficiaries/statement_scans/detail.html"
    partial_template_name = "beneficiaries/statement_scans/_stack.html"

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Answer, with the status that stops asking once the stack is read or in failure."""
        response = super().get(request, *args, **kwargs)
        if not wants_part(request):
            record(self.scope, Verb.READ, self.object)
        elif not self.is_reading:
            response.status_code = HttpResponseStopPolling.status_code
        return response

    def get_programme(self) -> Programme:
        """Return the programme of the stack."""
        return self.object.programme

    def get_title(self) -> str:
        """Return which stack it is."""
        return f"Pile du {day(timezone.localdate(self.object.uploaded_at))}"

    def get_subtitle(self) -> str:
        """Return what was told of it."""
        return f"{self.object.programme} · états signés le {day(self.object.signed_on)}"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the stacks."""
        return crumbs_of(self.object.programme, month_shown(self.object))

    def get_context_data(self, **kwargs) -> dict:
        """Add the pages by state, and the job of who asked for the reading."""
        rows = StatementScanPage.objects.for_scope(self.scope, ACTION).of(self.object)
        related = ("file__statement__enrolment__person", "file__statement__enrolment__programme")
        pages = list(rows.select_related(*related, "handled_by"))
        jobs = Job.objects.owned_by(self.request.user).filter(task=read_scan.module_path)
        job = jobs.filter(kwargs__scan=self.object.pk).first()
        self.is_reading = not pages and job is not None and not job.is_finished
        return super().get_context_data(
            scan=self.object,
            job=job,
            is_reading=self.is_reading,
            is_read=bool(pages),
            by_state={state.value: [p for p in pages if p.state == state] for state in PageState},
            **kwargs,
        )


@require_POST
@requires(ACTION)
def statement_scan_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask again for a stack that was not read to its end."""
    scan = get_or_404(StatementScan.objects.for_scope(request.scope, ACTION), pk=pk)
    ask_reading(request.user, scan)
    messages.success(request, "La lecture reprend.")
    return redirect(reverse("beneficiaries:statement_scan_detail", args=[scan.pk]))


@require_safe
@requires(ACTION)
def statement_scan_download(request: HttpRequest, pk: int) -> FileResponse:
    """Send the whole stack as it was uploaded."""
    return send(request, StatementScan.objects.for_scope(request.scope, ACTION), pk)
