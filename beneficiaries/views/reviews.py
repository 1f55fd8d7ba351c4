"""Monthly bilans: of one person as a PDF, of several persons as a job."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.generic import FormView

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.pdf import response
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action, Scope
from autoprod.core.views import PageMixin, ScopedMixin, get_or_404, requires
from autoprod.jobs.queue import enqueue_for
from beneficiaries.documents import reviews as documents
from beneficiaries.documents.papers import current
from beneficiaries.enums import Part
from beneficiaries.forms.reviews import ReviewsForm
from beneficiaries.models import Enrolment, Person
from beneficiaries.tasks.reviews import print_reviews
from programmes.models import Programme
from programmes.views.periods import InPeriod


def batch_links(scope: Scope, programme: Programme, period: Period) -> list[dict]:
    """Return the link to the bilans of a month of a period: this one, otherwise the nearest.

    None for who may not see the pathways of the programme.
    """
    if not scope.opens(Action.VIEW_PATHWAYS, programme):
        return []
    day = min(max(timezone.localdate(), period.start), period.end)
    month = Period.containing(day, Kind.MONTH)
    url = reverse("beneficiaries:review_batch", args=[programme.pk, month])
    return [{"label": "Bilans individuels", "url": url, "icon": "file-text"}]


@require_safe
@requires(Action.VIEW_PATHWAYS)
def review_pdf(request: HttpRequest, pk: int, period: Period) -> HttpResponse:
    """Send the bilan of a person over a month in which they took part."""
    scope = request.scope
    person = get_or_404(Person.objects.for_scope(scope, Action.VIEW_PATHWAYS), pk=pk)
    stays = documents.stays_in(scope, person, period)
    if period.kind != Kind.MONTH or not stays:
        raise Http404
    sheets = [documents.facts_of(scope, stays, period)]
    name = f"bilan-{person.pk}-{period.slug}"
    printed = documents.reviews(current(stays).programme, period, sheets, filename=name)
    record(scope, Verb.DOCUMENT, person, label=documents.label_of(person, period))
    return response(*printed)


class ReviewBatch(InPeriod, ScopedMixin, PageMixin, FormView):
    """Choose whose bilans of a month are made; they come in one file, as a job."""

    form_class = ReviewsForm
    action = Action.VIEW_PATHWAYS
    period_kinds = (Kind.MONTH,)
    template_name = "core/form.html"
    title = "Bilans individuels"

    def get_people(self) -> QuerySet:
        """Return the stays of the month."""
        rows = Enrolment.objects.for_scope(self.scope, self.action).of(self.parent)
        return rows.during(self.period).select_related("person", "programme")

    def get_form_kwargs(self) -> dict:
        """Give the form who is offered."""
        return super().get_form_kwargs() | {"people": self.get_people()}

    def get_initial(self) -> dict:
        """Tick the participants."""
        rows = self.get_people().filter(part=Part.PARTICIPANT)
        return {"people": list(rows.values_list("pk", flat=True))}

    def get_subtitle(self) -> str:
        """Return what is made, and of which month."""
        return f"{self.parent} · {self.period.label} · à la suite, chaque personne sur sa page"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the persons of the month."""
        url = reverse("beneficiaries:person_list", args=[self.parent.pk, self.period])
        return [("Personnes", url)]

    def get_context_data(self, **kwargs) -> dict:
        """Add the buttons."""
        cancel_url = self.get_breadcrumbs()[-1][1]
        return super().get_context_data(
            submit_label="Préparer les bilans", cancel_url=cancel_url, delete_url="", **kwargs
        )

    def form_valid(self, form: ReviewsForm) -> HttpResponse:
        """Ask for the file, and go to the page of the job."""
        job = enqueue_for(
            self.request.user,
            print_reviews,
            f"Bilans individuels, {self.period.label}",
            programme=self.parent.pk,
            period=self.period.slug,
            people=[row.pk for row in form.cleaned_data["people"]],
        )
        return redirect(reverse("jobs:detail", args=[job.pk]))
