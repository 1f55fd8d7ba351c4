"""The tab of papers of a person's page, what is printed from it, and what was handed over."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_safe
from django.views.generic import FormView

from autoprod.core.pdf import response
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action, Scope
from autoprod.core.views import (
    CreatePage,
    DeletePage,
    PageMixin,
    ScopedMixin,
    UpdatePage,
    get_or_404,
    requires,
)
from beneficiaries.documents.booklets import booklet
from beneficiaries.documents.certificates import certificate
from beneficiaries.documents.letters import letter
from beneficiaries.documents.papers import current, stays_of
from beneficiaries.forms.papers import CertificateForm, LetterForm, PaperForm
from beneficiaries.models import Enrolment, Paper, Person
from beneficiaries.services import papers
from beneficiaries.views.pathways import ForPerson, InPathway
from beneficiaries.views.person_files import OfPerson, PersonFile

TAB = "person_papers"


def printed_for(scope: Scope, pk: int) -> tuple[Person, list[Enrolment]]:
    """Return a person and their stays that the scope may print; 404 without any."""
    people = Person.objects.for_scope(scope, Action.VIEW_PATHWAYS)
    person = get_or_404(people, pk=pk)
    stays = stays_of(scope, person)
    if not stays:
        raise Http404
    return person, stays


@require_safe
@requires(Action.VIEW_PATHWAYS)
def booklet_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the person's own booklet."""
    return response(*booklet(request.scope, *printed_for(request.scope, pk)))


class PersonPapers(PersonFile):
    """What can be printed for somebody, what was handed over, the files kept with them."""

    action = Action.VIEW_PATHWAYS
    tab = TAB
    template_name = "beneficiaries/papers/list.html"

    def get_context_data(self, **kwargs) -> dict:
        """Add the papers."""
        context = super().get_context_data(**kwargs)
        person, scope = self.object, self.scope
        stays = stays_of(scope, person)
        return context | {
            "printable": papers.printable(person, stays),
            "handed_over": papers.handed_over(scope, person),
            "kept": papers.kept(scope, person),
            "can_hand_over": self.opens(Action.EDIT_PATHWAYS),
            "today": timezone.localdate(),
            "month": Period.containing(timezone.localdate(), Kind.MONTH),
            "programme": current(stays).programme,
        }


class PrintPage(OfPerson, ScopedMixin, PageMixin, FormView):
    """A paper that asks a few things first, then comes as a PDF."""

    action = Action.VIEW_PATHWAYS
    parent_model = Person
    parent_kwarg = "person"
    template_name = "core/form.html"
    tab = TAB

    def get_person(self) -> Person:
        """Return whose paper it is."""
        return self.parent

    def get_form_kwargs(self) -> dict:
        """Give the form the stays that may be printed."""
        stays = printed_for(self.scope, self.parent.pk)[1]
        return super().get_form_kwargs() | {"scope": self.scope, "stays": stays}

    def get_subtitle(self) -> str:
        """Return who it is for."""
        return str(self.parent)

    def get_context_data(self, **kwargs) -> dict:
        """Add the buttons."""
        return super().get_context_data(
            submit_label="Préparer le PDF",
            cancel_url=self.get_success_url(),
            delete_url="",
            **kwargs,
        )


class CertificatePrint(PrintPage):
    """« Attestation de participation » between two days."""

    form_class = CertificateForm
    title = "Attestation de participation"

    def get_initial(self) -> dict:
        """Propose the whole stay."""
        stay, today = current(printed_for(self.scope, self.parent.pk)[1]), timezone.localdate()
        ends_on = min(stay.left_on or today, today)
        return {"stay": stay.pk, "starts_on": stay.entered_on, "ends_on": ends_on}

    def form_valid(self, form: CertificateForm) -> HttpResponse:
        """Send the certificate."""
        said = {"with_activities": form.cleaned_data["with_activities"]}
        return response(*certificate(self.scope, form.chosen(), form.period(), **said))


class LetterPrint(PrintPage):
    """« Lettre d’orientation » to an organisation, with the person."""

    form_class = LetterForm
    title = "Lettre d’orientation"

    def form_valid(self, form: LetterForm) -> HttpResponse:
        """Send the letter."""
        signed_by = self.request.user.get_full_name()
        return response(*letter(self.scope, form.chosen(), form.letter(), signed_by=signed_by))


class PaperCreate(ForPerson, CreatePage):
    """Note that a paper was handed over; one tap sends today, what and for which stay."""

    model = Paper
    form_class = PaperForm
    action = Action.EDIT_PATHWAYS
    tab = TAB
    title = "Noter une remise"
    success_message = ""

    def get_fixed(self) -> dict:
        """Return who hands it over."""
        return {"handed_by": self.request.user}

    def form_valid(self, form: PaperForm) -> HttpResponse:
        """Save it, and offer to take it back."""
        answer = super().form_valid(form)
        if form.is_valid() and form.instance.pk:
            undo = {"url": reverse("beneficiaries:paper_delete", args=[form.instance.pk])}
            button = render_to_string("beneficiaries/pathways/_undo.html", undo, self.request)
            messages.success(self.request, format_html("Remise notée. {}", button))
        return answer


class PaperUpdate(InPathway, UpdatePage):
    """Mend what was noted of a hand-over."""

    model = Paper
    form_class = PaperForm
    action = Action.EDIT_PATHWAYS
    tab = TAB
    select_related = ("enrolment__person", "enrolment__programme__territory")

    def get_title(self) -> str:
        """Return what is mended."""
        return "Modifier une remise"

    def get_delete_url(self) -> str:
        """Lead to the deletion."""
        return reverse("beneficiaries:paper_delete", args=[self.object.pk])


class PaperDelete(InPathway, DeletePage):
    """Take back a hand-over noted by mistake."""

    model = Paper
    action = Action.EDIT_PATHWAYS
    tab = TAB
    select_related = ("enrolment__person", "enrolment__programme")

    def get_title(self) -> str:
        """Return the question."""
        return f"Effacer la remise\u00a0: {self.object.get_kind_display()}\u00a0?"
