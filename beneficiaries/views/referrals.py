"""The « fiche de liaison » of an enrolment, and the answers to the prescriber."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST, require_safe

from autoprod.core.pdf import response
from autoprod.core.scoping import Action
from autoprod.core.views import CreatePage, DeletePage, UpdatePage, get_or_404, requires
from beneficiaries.documents.referrals import answer_letter
from beneficiaries.enums import ReferralAnswerKind
from beneficiaries.forms.referrals import AnswerForm, ReferralPageForm
from beneficiaries.models import Enrolment, Referral, ReferralAnswer
from beneficiaries.services import referrals
from beneficiaries.views.stays import OfStay, enrolments_url, undo_form


def kind_or_404(kind: str) -> ReferralAnswerKind:
    """Return the kind of answer an address names; Http404 for another word."""
    if kind not in ReferralAnswerKind.values:
        raise Http404
    return ReferralAnswerKind(kind)


class ReferralUpdate(OfStay, UpdatePage):
    """Write the « fiche de liaison » of an enrolment, the first time or again."""

    model = Referral
    form_class = ReferralPageForm
    parent_model = Enrolment
    title = "Fiche de liaison"
    success_message = "Fiche de liaison enregistrée."

    def get_object(self, queryset=None) -> Referral:
        """Return the one there is, a blank one the first time."""
        rows = Referral.objects.for_scope(self.scope, self.action).of(self.parent)
        return rows.first() or Referral(enrolment=self.parent)

    def get_form_kwargs(self) -> dict:
        """Edit what is there now: a colleague may have written it meanwhile."""
        return super().get_form_kwargs() | {"instance": self.get_object()}

    def get_fixed(self) -> dict:
        """Return the enrolment."""
        return {"enrolment": self.parent}

    def get_title(self) -> str:
        """Return what is written."""
        return self.title

    def get_delete_url(self) -> str:
        """Lead to the deletion of what is already there."""
        if not self.object.pk:
            return ""
        return reverse("beneficiaries:referral_delete", args=[self.object.pk])


class ReferralDelete(OfStay, DeletePage):
    """Delete a « fiche de liaison » written by mistake."""

    model = Referral
    select_related = ("enrolment__person", "enrolment__programme__territory")
    template_name = "beneficiaries/referrals/delete.html"

    def get_title(self) -> str:
        """Return the question."""
        return "Supprimer cette fiche de liaison\u00a0?"


class AnswerCreate(OfStay, CreatePage):
    """Answer the prescriber, with a message that leaves as it is written."""

    model = ReferralAnswer
    form_class = AnswerForm
    parent_model = Enrolment
    submit_label = "Noter la réponse"
    success_message = "Réponse notée\u00a0: la lettre est prête à imprimer."

    @property
    def kind(self) -> ReferralAnswerKind:
        """Return what is answered."""
        return kind_or_404(self.kwargs["kind"])

    def get_title(self) -> str:
        """Return what is answered."""
        return f"Répondre\u00a0: {self.kind.label.lower()}"

    def get_fixed(self) -> dict:
        """Return the kind, and the « fiche de liaison » when there is one."""
        rows = Referral.objects.for_scope(self.scope, self.action).of(self.parent)
        known = {"referral": row} if (row := rows.first()) else {}
        return {"kind": self.kind} | known

    def get_form_kwargs(self) -> dict:
        """Tell the form whose pathway it is."""
        return super().get_form_kwargs() | {"enrolment": self.parent}


@require_POST
@requires(Action.EDIT_PATHWAYS)
def answer_today(request: HttpRequest, enrolment: int, kind: str) -> HttpResponse:
    """Note that the prescriber is answered today, without a message."""
    rows = Enrolment.objects.for_scope(request.scope, Action.EDIT_PATHWAYS)
    stay = get_or_404(rows.select_related("programme"), pk=enrolment)
    said, today = kind_or_404(kind), timezone.localdate()
    try:
        row = referrals.answer(scope=request.scope, enrolment=stay, kind=said, on=today)
    except ValidationError as error:
        messages.info(request, " ".join(error.messages))
    else:
        undo = undo_form(request, reverse("beneficiaries:answer_undo", args=[row.pk]))
        text = "Réponse notée\u00a0: {}. La lettre est prête. {}"
        messages.success(request, format_html(text, said.label.lower(), undo))
    return redirect(enrolments_url(stay))


def _answer(request: HttpRequest, pk: int, action: Action) -> ReferralAnswer:
    rows = ReferralAnswer.objects.for_scope(request.scope, action)
    links = ("sent_by", "referral__enrolment__person", "referral__enrolment__referent")
    links += (
        "referral__enrolment__referred_by",
        "referral__enrolment__programme__territory",
    )
    return get_or_404(rows.select_related(*links), pk=pk)


@require_POST
@requires(Action.EDIT_PATHWAYS)
def answer_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an answer back."""
    row = _answer(request, pk, Action.EDIT_PATHWAYS)
    referrals.take_back(scope=request.scope, row=row)
    messages.success(request, "La réponse est annulée.")
    return redirect(enrolments_url(row.referral.enrolment))


@require_safe
@requires(Action.VIEW_PATHWAYS)
def answer_letter_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the letter of an answer."""
    row = _answer(request, pk, Action.VIEW_PATHWAYS)
    return response(*answer_letter(request.scope, row))
