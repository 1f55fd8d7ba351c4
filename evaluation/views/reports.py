"""Pages of bilans: the period on one page, its text, its publication, its documents."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.generic import FormView, TemplateView

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.files import file_response
from autoprod.core.pdf import response
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action, Scope
from autoprod.core.views import (
    ListPage,
    PageMixin,
    ScopedMixin,
    UpdatePage,
    get_or_404,
    requires,
)
from evaluation.columns.reports import REPORTS, name_of, when
from evaluation.documents.reports import KINDS, Draft, Subject, draft_of, printed
from evaluation.enums import Audience
from evaluation.forms.reports import NoteForm, PublishForm
from evaluation.models import Report, ReportNote
from evaluation.results import audience_of
from evaluation.services import reports as services
from programmes.models import Programme, Session
from programmes.views.periods import InPeriod
from programmes.views.programmes import InProgramme, crumbs_of

#: How many sessions to close are named before « et 12 autres ».
MOST_WAITING = 6
ALTERED = (
    "Le document enregistré n’est plus celui qui a été publié\u00a0: il n’est pas remis. "
    "Prévenez la personne qui administre l’installation."
)


def url_of(programme: Programme, period: Period) -> str:
    """Return the page of a bilan."""
    return reverse("evaluation:report_detail", args=[programme.pk, period])


def crumbs_to(programme: Programme) -> list[tuple]:
    """Return the way back to the bilans of a programme."""
    return [
        *crumbs_of(programme),
        ("Bilans", reverse("evaluation:report_list", args=[programme.pk])),
    ]


class ReportList(InProgramme, ListPage):
    """The bilans of a programme that were published, the last version of each."""

    model = Report
    action = Action.VIEW_FIGURES
    parent_model = Programme
    parent_kwarg = "programme"
    title = "Bilans"
    columns = REPORTS
    empty_icon = "file-text"
    empty_title = "Aucun bilan publié"
    empty_text = "Les chiffres d’un mois ou d’une année se lisent dès maintenant sur sa page."

    def get_programme(self) -> Programme:
        """Return the programme the URL names."""
        return self.parent

    def get_subtitle(self) -> str:
        """Return the programme."""
        return str(self.parent)

    def get_breadcrumbs(self) -> list:
        """Return the way back to the programme."""
        return crumbs_of(self.parent)

    def get_queryset(self):
        """Return those the reader may read."""
        return super().get_queryset().for_reader(self.scope).latest()

    def row_url(self, row: Report) -> str:
        """Lead to the page of the period, in the edition of the row."""
        return f"{url_of(self.parent, row.period)}?edition={row.audience}"

    def get_links(self) -> list[dict]:
        """Lead to what is not published yet: this month, the one before, the year."""
        month = Period.containing(timezone.localdate(), Kind.MONTH)
        year = Period.containing(timezone.localdate(), Kind.YEAR)
        return [
            {
                "label": when(period).capitalize(),
                "url": url_of(self.parent, period),
                "icon": "calendar-days",
            }
            for period in (month.previous(), month, year)
        ]


class InReport(InPeriod, ScopedMixin):
    """A page about the bilan of a month, a quarter or a year."""

    period_kinds = KINDS

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list, then to the bilan."""
        return [*crumbs_to(self.parent), (name_of(self.period), url_of(self.parent, self.period))]

    def get_draft(self, audience: Audience) -> Draft:
        """Return the bilan as it stands now, in an edition."""
        return draft_of(Subject(self.scope, self.parent, self.period, audience))

    def get_missing(self, draft: Draft) -> dict:
        """Return what is not in the figures yet, with the sessions to close for who sees them."""
        today = timezone.localdate()
        waiting = Session.objects.none()
        if draft.to_close and self.scope.opens(Action.VIEW_SESSIONS, self.parent):
            sessions = Session.objects.for_scope(self.scope, Action.VIEW_SESSIONS).of(self.parent)
            sessions = sessions.in_period(self.period).open_to_ticking().filter(on__lt=today)
            waiting = sessions.select_related("kind")[:MOST_WAITING]
        return {
            "is_over": self.period.end < today,
            "waiting": waiting,
            "others": draft.to_close - len(waiting) if waiting else 0,
        }


class ReportDetail(InReport, PageMixin, TemplateView):
    """The bilan of a period as it stands now, beside what was published of it."""

    action = Action.VIEW_FIGURES
    template_name = "evaluation/reports/detail.html"

    def get_title(self) -> str:
        """Return « Bilan de mars 2016 »."""
        return name_of(self.period)

    def get_subtitle(self) -> str:
        """Return what the head of the document says."""
        return self.draft.subtitle

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return crumbs_to(self.parent)

    def get_audience(self) -> Audience:
        """Return the reader's own edition; the team may look at the committee's."""
        if self.request.GET.get("edition") == Audience.DIFFUSION:
            return Audience.DIFFUSION
        return audience_of(self.scope, {self.parent.pk})

    def get_published(self) -> dict:
        """Return what was published: versions, the last of this edition, what changed since."""
        rows = Report.objects.for_scope(self.scope, Action.VIEW_FIGURES)
        rows = rows.over(self.parent, self.period).for_reader(self.scope)
        openable = set(rows.to_download(self.scope).values_list("pk", flat=True))
        versions = [(row, row.pk in openable) for row in rows.order_by("-number", "-audience")]
        own = [row for row, _ in versions if row.audience == self.draft.subject.audience]
        last = own[0] if own else None
        return {
            "versions": versions,
            "published": last,
            "changes": services.differences(last, self.draft) if last else [],
            "is_note_changed": bool(last) and last.note != self.draft.note,
        }

    def get_editions(self) -> list[dict]:
        """Return the two editions, for who may read both."""
        if audience_of(self.scope, {self.parent.pk}) == Audience.DIFFUSION:
            return []
        return [
            {
                "label": audience.label.capitalize(),
                "url": f"?edition={audience.value}",
                "current": audience == self.draft.subject.audience,
            }
            for audience in Audience
        ]

    def get_context_data(self, **kwargs) -> dict:
        """Add the draft, what was published, and what this user may do.

        What the URL names comes as keywords too: the page has it already.
        """
        self.draft = self.get_draft(self.get_audience())
        return super().get_context_data(
            draft=self.draft,
            editions=self.get_editions(),
            sees_team_edition=self.scope.opens(Action.VIEW_INTERNAL_FIGURES, self.parent),
            can_edit=self.scope.opens(Action.EDIT_REPORTS, self.parent),
            **self.get_published(),
            **self.get_missing(self.draft),
        )


class NoteUpdate(InReport, UpdatePage):
    """Write what marked the period."""

    model = ReportNote
    form_class = NoteForm
    action = Action.EDIT_REPORTS
    success_message = "Texte enregistré."

    def get_object(self, queryset=None) -> ReportNote:
        """Return the text of the period; a new one the first time."""
        rows = ReportNote.objects.for_scope(self.scope, Action.EDIT_REPORTS)
        return rows.over(self.parent, self.period).first() or ReportNote()

    def get_form_kwargs(self) -> dict:
        """Read the text again when somebody else wrote it first."""
        self.object = self.object or self.get_object()
        return super().get_form_kwargs()

    def get_fixed(self) -> dict:
        """Return what the URL names."""
        days = {"starts_on": self.period.start, "ends_on": self.period.end}
        return {"programme": self.parent, **days}

    def get_title(self) -> str:
        """Return what is asked."""
        return f"Ce qui a marqué\u00a0: {when(self.period)}"

    def get_success_url(self) -> str:
        """Go back to the bilan."""
        return url_of(self.parent, self.period)


class ReportPublish(InReport, PageMixin, FormView):
    """Freeze the bilan in both editions, after saying what is still missing."""

    form_class = PublishForm
    action = Action.EDIT_REPORTS
    template_name = "evaluation/reports/publish.html"

    def get_title(self) -> str:
        """Return the question."""
        return f"Publier le {name_of(self.period)[:1].lower()}{name_of(self.period)[1:]}\u00a0?"

    def get_form_kwargs(self) -> dict:
        """Say which version it would be."""
        number = services.next_number(self.scope, self.parent, self.period)
        return super().get_form_kwargs() | {"number": number}

    def get_context_data(self, **kwargs) -> dict:
        """Add what is missing, and the way back."""
        draft = self.get_draft(audience_of(self.scope, {self.parent.pk}))
        return super().get_context_data(
            draft=draft,
            cancel_url=url_of(self.parent, self.period),
            **self.get_missing(draft),
            **kwargs,
        )

    def form_valid(self, form: PublishForm) -> HttpResponse:
        """Publish; when somebody did meanwhile, ask again."""
        try:
            services.publish(
                scope=self.scope,
                programme=self.parent,
                period=self.period,
                number=form.version,
                reason=form.cleaned_data.get("reason", ""),
            )
        except IntegrityError:
            return self.form_invalid(self.get_form())
        messages.success(self.request, "Bilan publié dans ses deux éditions.")
        return redirect(url_of(self.parent, self.period))


def _edition(scope: Scope, programme: Programme, period: Period, edition: str) -> Audience:
    """Return the edition asked for: 403 without the right, 404 when it is not for this reader."""
    if edition not in Audience.values or period.kind not in KINDS:
        raise Http404
    if edition == Audience.INTERNAL:
        if not scope.allows(Action.VIEW_INTERNAL_FIGURES):
            raise PermissionDenied
        if not scope.opens(Action.VIEW_INTERNAL_FIGURES, programme):
            raise Http404
    return Audience(edition)


@require_safe
@requires(Action.VIEW_FIGURES)
def report_pdf(request: HttpRequest, programme: int, period: Period, edition: str) -> HttpResponse:
    """Send the bilan as it stands now, in one of its editions."""
    rows = Programme.objects.for_scope(request.scope, Action.VIEW_FIGURES)
    found = get_or_404(rows.select_related("territory"), pk=programme)
    audience = _edition(request.scope, found, period, edition)
    document, content = printed(Subject(request.scope, found, period, audience))
    return response(document, content)


@require_safe
@requires(Action.VIEW_FIGURES)
def report_file(request: HttpRequest, pk: int) -> FileResponse | HttpResponse:
    """Send a published bilan: the very bytes that were published, or nothing."""
    rows = Report.objects.for_scope(request.scope, Action.VIEW_FIGURES)
    report = get_or_404(rows.to_download(request.scope).select_related("programme"), pk=pk)
    if not services.is_intact(report):
        messages.error(request, ALTERED)
        return redirect(url_of(report.programme, report.period))
    record(request.scope, Verb.READ, report)
    return file_response(report)
