"""Drafts of interviews: kept as one types, restored when the form opens, erased on demand."""

import secrets
from functools import cached_property

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from autoprod.core.formatting import clock
from autoprod.core.returns import keeping_next
from autoprod.core.scoping import Action
from autoprod.core.views import get_or_404, requires
from beneficiaries.enums import InterviewState
from beneficiaries.forms.interviews import InterviewForm
from beneficiaries.models import Enrolment, Interview, InterviewDraft, Person
from beneficiaries.models.interviews import OwnDraftQuerySet
from beneficiaries.services import drafts
from beneficiaries.services.drafts import Kept, Typing

#: What a draft keeps of the page, beside the notes.
NAMES = (*InterviewForm.base_fields, "version")
#: Longest name of a tab that is taken as one.
TAB_LENGTH = 32
WITH_NIR = (
    "Un texte semble contenir un numéro de sécurité sociale, que la loi interdit de garder ici, "
    "même en brouillon\u00a0: effacez-le. Le reste est gardé à {at}."
)
TOO_LONG = "Un texte est trop long pour être gardé\u00a0: raccourcissez-le. Le reste l’est à {at}."
NEWER = (
    "Un brouillon plus récent, de {at}, vient d’un autre onglet\u00a0: ce qui est écrit ici n’est "
    "pas gardé en brouillon."
)
GONE = (
    "Ce brouillon a été enregistré ou effacé depuis un autre onglet\u00a0: ce qui est écrit ici "
    "n’est pas gardé en brouillon."
)


class WithDraft:
    """A form page that starts from what its user was typing, and forgets it once saved."""

    draft_url_name = ""

    def get_drafts(self) -> OwnDraftQuerySet:
        """Return this user's drafts of the page."""
        raise NotImplementedError

    @cached_property
    def draft(self) -> InterviewDraft | None:
        """What this user was typing; None once the form is sent, which says it all."""
        found = None if self.request.method == "POST" else self.get_drafts().first()
        return found if drafts.fields_of(found) else None

    def get_initial(self) -> dict:
        """Start from the draft."""
        return super().get_initial() | drafts.fields_of(self.draft)

    def form_valid(self, form: InterviewForm) -> HttpResponse:
        """Save, then forget the draft."""
        response = super().form_valid(form)
        if response.status_code == 302:
            posted = self.request.POST
            tab, seen = posted.get("draft_tab", ""), posted.get("draft_seen", "")
            drafts.forget(self.get_drafts(), tab=tab, seen=seen)
        return response

    def get_context_data(self, **kwargs) -> dict:
        """Add what the script of the page sends with the draft."""
        posted = self.request.POST
        return super().get_context_data(
            draft=self.draft,
            draft_url=reverse(f"beneficiaries:{self.draft_url_name}", kwargs=self.kwargs),
            draft_tab=posted.get("draft_tab", "")[:TAB_LENGTH] or secrets.token_hex(8),
            draft_seen=posted.get("draft_seen", "") or drafts.stamp(self.draft),
            **kwargs,
        )


@require_POST
@requires(Action.EDIT_PATHWAYS)
def interview_draft(request: HttpRequest, person: int) -> HttpResponse:
    """Keep what is typed of a new interview, or erase it."""
    persons = Person.objects.for_scope(request.scope, Action.EDIT_PATHWAYS)
    parent = get_or_404(persons, pk=person)
    rows = drafts.own_of_person(request.scope, parent)
    if "erase" in request.POST:
        return _erase(request, rows, reverse("beneficiaries:interview_create", args=[person]))
    stays = Enrolment.objects.for_scope(request.scope, Action.EDIT_PATHWAYS).of(parent)
    chosen = request.POST.get("enrolment", "")
    chosen = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else 0
    stay = stays.filter(pk=chosen).first() or stays.order_by("-left_on", "pk").first()
    return _keep(request, rows, stay, None)


@require_POST
@requires(Action.EDIT_PATHWAYS)
def interview_draft_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what is typed over an interview, or erase it."""
    interviews = Interview.objects.for_scope(request.scope, Action.EDIT_PATHWAYS)
    interview = get_or_404(interviews.select_related("enrolment"), pk=pk)
    rows = drafts.own_of_interview(request.scope, interview)
    if "erase" in request.POST:
        is_held = interview.state == InterviewState.HELD
        page = "interview_update" if is_held else "interview_hold"
        return _erase(request, rows, reverse(f"beneficiaries:{page}", args=[pk]))
    return _keep(request, rows, interview.enrolment, interview)


def _erase(request: HttpRequest, rows: OwnDraftQuerySet, form_url: str) -> HttpResponse:
    rows.delete()
    messages.success(request, "Brouillon effacé.")
    return redirect(keeping_next(request, form_url))


def _keep(
    request: HttpRequest, rows: OwnDraftQuerySet, stay: Enrolment, interview: Interview | None
) -> JsonResponse:
    author = int(request.scope.actor_key)
    typing = _typing(request.POST)
    kept = drafts.keep(rows=rows, author=author, enrolment=stay, interview=interview, typing=typing)
    return JsonResponse(
        {
            "said": _said(kept),
            "seen": drafts.stamp(kept.draft),
            "isBehind": kept.is_behind,
            "isWhole": not (kept.is_behind or kept.with_nir or kept.too_long),
        }
    )


def _typing(posted: QueryDict) -> Typing:
    turn = posted.get("turn", "")
    return Typing(
        fields={name: posted[name] for name in NAMES if name in posted},
        tab=posted.get("draft_tab", "")[:TAB_LENGTH],
        turn=int(turn) if turn.isascii() and turn.isdigit() and len(turn) < 10 else 0,
        seen=posted.get("draft_seen", ""),
        insists="insists" in posted,
    )


def _said(kept: Kept) -> str:
    """Return what became of what is typed, in words; empty when there is nothing to keep."""
    at = clock(timezone.localtime(kept.draft.saved_at)) if kept.draft else ""
    if kept.is_behind:
        return NEWER.format(at=at) if kept.draft else GONE
    if kept.with_nir:
        return WITH_NIR.format(at=at)
    if kept.too_long:
        return TOO_LONG.format(at=at)
    return f"Brouillon gardé à {at}" if at else ""
