"""« Mes travaux »: each user sees the jobs they asked for, nobody else's."""

import mimetypes

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django.views.generic import DetailView, ListView
from django_htmx.http import HttpResponseStopPolling

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core import downloads
from autoprod.core.files import file_name
from autoprod.core.formatting import counted, moment
from autoprod.core.htmx import wants_part
from autoprod.core.tables import Column, table
from autoprod.core.views import PageMixin, get_or_404
from autoprod.jobs import limits, queue
from autoprod.jobs.enums import JobStatus
from autoprod.jobs.models import Job, JobQuerySet

TONES = {
    JobStatus.READY: "neutral",
    JobStatus.RUNNING: "blue",
    JobStatus.SUCCESSFUL: "green",
    JobStatus.FAILED: "red",
}
RIGHTS_CHANGED = (
    "Vos droits ont changé depuis que ce fichier a été préparé\u00a0: il n’est plus accessible. "
    "Demandez-en un nouveau."
)


def status_tag(status: str) -> str:
    """Return the state as a pill."""
    text = JobStatus(status).label
    return render_to_string("components/tag.html", {"text": text, "tone": TONES[status]})


COLUMNS = (
    Column("Travail", lambda job: job.label),
    Column("État", lambda job: job.status, status_tag),
    Column("Demandé le", lambda job: job.enqueued_at, moment),
    Column("Fini le", lambda job: job.finished_at, moment),
)


class OwnJobsMixin:
    """Rows of the user alone: another's job is a 404; without any membership, 403."""

    model = Job

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Refuse whoever has no right left: an old result may hold what they no longer see."""
        if request.scope.is_empty:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> JobQuerySet:
        """Return the user's jobs."""
        return Job.objects.owned_by(self.request.user)

    def get_job(self) -> Job:
        """Return the job of the URL, or raise Http404."""
        return get_or_404(self.get_queryset(), pk=self.kwargs["pk"])


class JobList(OwnJobsMixin, PageMixin, ListView):
    """The user's jobs, latest first."""

    template_name = "jobs/list.html"
    paginate_by = 50
    title = "Mes travaux"

    def get_subtitle(self) -> str:
        """Say what is here, and for how long."""
        days = counted(limits.keep().days, "jour", "jours")
        return f"Exports, imports et documents longs à préparer. Gardés {days} après leur fin."

    def get_context_data(self, **kwargs) -> dict:
        """Add the table."""
        context = super().get_context_data(**kwargs)
        context["table"] = table(
            COLUMNS,
            context["object_list"],
            caption=self.title,
            url=lambda job: reverse("jobs:detail", args=[job.pk]),
            empty_state={
                "icon": "clock",
                "title": "Aucun travail",
                "text": "Un export ou un import demandé se suit ici, et son fichier s’y retrouve.",
            },
        )
        return context


class JobDetail(OwnJobsMixin, PageMixin, DetailView):
    """One job: where it is, then what it made."""

    template_name = "jobs/detail.html"

    def get_title(self) -> str:
        """Return the job's label."""
        return self.object.label

    def get_subtitle(self) -> str:
        """Return when it was asked for, and the number to quote to the administrator."""
        return f"Travail n°\u00a0{self.object.pk}, demandé le {moment(self.object.enqueued_at)}"

    def get_breadcrumbs(self) -> list[tuple[str, str]]:
        """Return the way back to the list."""
        return [(JobList.title, reverse("jobs:list"))]

    def get_context_data(self, **kwargs) -> dict:
        """Add the colour of the state."""
        return super().get_context_data(tone=TONES[self.object.status], **kwargs)


class JobProgress(JobDetail):
    """The part of the page that changes; asked again until the job is finished."""

    template_name = "jobs/_progress.html"

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Answer the part, with the status that stops the polling once the job is finished."""
        if not wants_part(request):
            return redirect("jobs:detail", pk=self.get_job().pk)
        response = super().get(request, *args, **kwargs)
        if self.object.is_finished:
            response.status_code = HttpResponseStopPolling.status_code
        return response


class JobResult(OwnJobsMixin, View):
    """The file a job made."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Send the file as a download that no browser runs, guesses about or keeps.

        Whoever lost one of the rights held the day it was made asks for it again: it may hold what
        that right opened, and another administrator may have reset the account since.
        """
        job = self.get_job()
        if not job.result_file:
            raise Http404
        if not request.scope.covers(request.scope_on(timezone.localdate(job.finished_at))):
            messages.error(request, RIGHTS_CHANGED)
            return redirect("jobs:detail", pk=job.pk)
        record(request.scope, Verb.EXPORT, job)
        kind = mimetypes.guess_type(job.result_name)[0] or "application/octet-stream"
        name = file_name(job.result_name)
        return downloads.stored(job.result_file, filename=name, content_type=kind)


class JobRetry(OwnJobsMixin, View):
    """Ask again for a job that failed."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Put the job back, or say that it is not in error."""
        job = self.get_job()
        if queue.retry(job):
            messages.success(request, "Le travail est relancé.")
        else:
            messages.info(request, "Ce travail n’est pas en échec\u00a0: il n’y a rien à relancer.")
        return redirect("jobs:detail", pk=job.pk)


class JobDelete(JobDetail):
    """Delete a job and its file, after asking; one that runs is stopped."""

    template_name = "jobs/delete.html"

    def get_title(self) -> str:
        """Return the question."""
        return f"Supprimer «\u00a0{self.object.label}\u00a0»\u00a0?"

    def get_breadcrumbs(self) -> list[tuple[str, str]]:
        """Return the way back to the job."""
        own = (self.object.label, reverse("jobs:detail", args=[self.object.pk]))
        return [*super().get_breadcrumbs(), own]

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Delete."""
        queue.remove(self.get_job())
        messages.success(request, "Travail supprimé.")
        return redirect("jobs:list")
