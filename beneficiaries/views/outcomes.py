"""Pages of outcomes, of their proofs, and of the survey of an edition."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from autoprod.core.periods import Period
from autoprod.core.scoping import Action
from autoprod.core.spreadsheets import download, kind_or_404
from autoprod.core.tables import Table
from autoprod.core.uploads import send
from autoprod.core.views import (
    CreatePage,
    DeletePage,
    ListPage,
    UpdatePage,
    requires,
)
from beneficiaries.columns.outcomes import OUTCOMES
from beneficiaries.exports.outcomes import OutcomeResource
from beneficiaries.forms.outcomes import OutcomeFilter, OutcomeForm, ProofForm, SurveyForm
from beneficiaries.models import Enrolment, Outcome, OutcomeProof, OutcomeSurvey, Person
from beneficiaries.services import outcomes
from beneficiaries.views.pathways import (
    CONFIDENTIAL,
    ForPerson,
    InPathway,
    export_links,
    person_url,
    programme_or_404,
)
from programmes.models import Edition, Programme
from programmes.views.periods import InPeriod
from programmes.views.programmes import InProgramme, crumbs_of

_STAY = ("enrolment__person", "enrolment__programme__territory", "kind")


class OutcomeCreate(ForPerson, CreatePage):
    """Note what a pathway led to."""

    model = Outcome
    form_class = OutcomeForm
    action = Action.EDIT_PATHWAYS
    title = "Ajouter une orientation"
    subtitle = "Ce qui a commencé\u00a0: un contrat, une formation. Une promesse n’en est pas une."
    success_message = "Orientation ajoutée."


class OutcomeUpdate(InPathway, UpdatePage):
    """Edit an outcome."""

    model = Outcome
    form_class = OutcomeForm
    action = Action.EDIT_PATHWAYS
    select_related = _STAY

    def get_delete_url(self) -> str:
        """Lead to the deletion of the outcome."""
        return reverse("beneficiaries:outcome_delete", args=[self.object.pk])


class OutcomeDelete(InPathway, DeletePage):
    """Delete an outcome whose proofs are gone."""

    model = Outcome
    action = Action.EDIT_PATHWAYS
    select_related = _STAY
    kept_message = (
        "Impossible de supprimer\u00a0: d’autres fiches s’y rattachent ({names}). Supprimez "
        "d’abord ses justificatifs."
    )


class OfOutcome(InPathway):
    """A page about a proof of an outcome."""

    model = OutcomeProof

    def get_stay(self) -> Enrolment:
        """Return the stay of the outcome."""
        return (self.parent or self.object.outcome).enrolment

    def get_person(self) -> Person:
        """Return whose outcome it is."""
        return self.get_stay().person

    def get_programme(self) -> Programme:
        """Return the programme of the stay, for the top bar."""
        return self.get_stay().programme


class ProofCreate(OfOutcome, CreatePage):
    """Keep a proof with an outcome."""

    form_class = ProofForm
    parent_model = Outcome
    parent_kwarg = "outcome"
    action = Action.EDIT_PATHWAYS
    title = "Ajouter un justificatif"
    submit_label = "Ajouter"
    success_message = "Justificatif ajouté."

    def get_subtitle(self) -> str:
        """Return the outcome."""
        return str(self.parent.kind)

    def get_fixed(self) -> dict:
        """Return the outcome the URL names."""
        return {"outcome": self.parent}


@require_safe
@requires(Action.VIEW_PATHWAYS)
def proof_download(request: HttpRequest, pk: int) -> FileResponse:
    """Send the proof, and write that it was read."""
    rows = OutcomeProof.objects.for_scope(request.scope, Action.VIEW_PATHWAYS)
    return send(request, rows.select_related("outcome__enrolment__programme"), pk)


class ProofDelete(OfOutcome, DeletePage):
    """Delete a proof."""

    action = Action.EDIT_PATHWAYS
    select_related = ("outcome__enrolment__person", "outcome__enrolment__programme")


class OutcomeList(InPeriod, ListPage):
    """The outcomes of a programme that start in a period."""

    model = Outcome
    action = Action.VIEW_PATHWAYS
    title = "Orientations"
    columns = OUTCOMES
    filter_form = OutcomeFilter
    empty_icon = "briefcase"
    empty_title = "Aucune orientation sur cette période"
    empty_text = "Une orientation se note depuis la page d’une personne."

    def get_queryset(self):
        """Return the outcomes of the programme."""
        rows = Outcome.objects.for_scope(self.scope, self.action).in_period(self.period)
        rows = rows.filter(enrolment__programme=self.parent)
        rows = rows.select_related("enrolment__person", "kind", "contract", "employer")
        return self.narrowed(rows.order_by("starts_on", "enrolment__person__sort_key", "pk"))

    def get_subtitle(self) -> str:
        """Return the period, and whether there may be more than what is listed."""
        said = f"Commencées\u00a0: {self.period.label}"
        if outcomes.is_open(self.scope, self.parent, self.period):
            said += ". Le relevé est ouvert\u00a0: cette liste est un minimum."
        return said

    def row_url(self, row: Outcome) -> str:
        """Lead to the person."""
        return person_url(row.enrolment.person_id)

    def get_table(self, rows: list[Outcome]) -> Table:
        """Return the table, each outcome with its category."""
        for row in rows:
            row.counts_as = outcomes.category_of(outcome=row).label
        return super().get_table(rows)

    def get_news_link(self) -> list[dict]:
        """Lead to those whose news are to be taken, for who writes pathways."""
        if not self.scope.opens(Action.EDIT_PATHWAYS, self.parent):
            return []
        url = reverse("beneficiaries:follow_up_list", args=[self.parent.pk])
        return [{"label": "Nouvelles à six mois", "url": url, "icon": "phone"}]

    def get_links(self) -> list[dict]:
        """Offer the steps, the news to take, and the export of what is shown."""
        page = {"programme": self.parent.pk, "period": self.period}
        url = reverse("beneficiaries:step_list", kwargs=page)
        return [
            {"label": "Démarches", "url": url, "icon": "flag"},
            *self.get_news_link(),
            *export_links(self.request, "beneficiaries:outcome_export", page),
        ]


@require_safe
@requires(Action.VIEW_PATHWAYS)
def outcome_export(request: HttpRequest, programme: int, period: Period, kind: str) -> HttpResponse:
    """Send the outcomes of the list as a file; its name names nobody."""
    kind, parent = kind_or_404(kind), programme_or_404(request, programme)
    rows = Outcome.objects.for_scope(request.scope, Action.VIEW_PATHWAYS).in_period(period)
    rows = rows.filter(enrolment__programme=parent)
    asked = OutcomeFilter(request.GET, scope=request.scope)
    if asked.is_valid():
        rows = asked.narrow(rows)
    comments = [f"{parent}, {period.label}", CONFIDENTIAL]
    if outcomes.is_open(request.scope, parent, period):
        comments.append("Le relevé est ouvert\u00a0: cette liste est un minimum")
    resource = OutcomeResource(
        scope=request.scope, category_of=lambda row: outcomes.category_of(outcome=row)
    )
    sheet = resource.sheet(
        rows.order_by("starts_on", "enrolment__person__sort_key", "pk"), comments=comments
    )
    return download(sheet, kind, f"orientations-{parent.pk}-{period.slug}")


class SurveyUpdate(InProgramme, UpdatePage):
    """Close the survey of the outcomes of an edition, or open it again."""

    model = OutcomeSurvey
    form_class = SurveyForm
    action = Action.EDIT_PATHWAYS
    parent_model = Edition
    parent_kwarg = "edition"
    subtitle = "Tant qu’il est ouvert, tout nombre d’orientations se lit «\u00a0au moins\u00a0»."

    def get_object(self, queryset=None) -> OutcomeSurvey:
        """Return the survey of the edition, a new one when nobody has opened it."""
        return self.get_queryset().first() or OutcomeSurvey(edition=self.parent)

    def get_title(self) -> str:
        """Return what is surveyed."""
        return "Relevé des orientations"

    def get_fixed(self) -> dict:
        """Return the edition the URL names."""
        return {"edition": self.parent}

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.parent.programme

    def get_breadcrumbs(self) -> list:
        """Return the way back to the edition."""
        return [*crumbs_of(self.parent.programme), (str(self.parent), self.get_success_url())]

    def get_success_url(self) -> str:
        """Go back to the edition."""
        return reverse("programmes:edition_detail", args=[self.parent.pk])
