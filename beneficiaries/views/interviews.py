"""Pages of interviews: written in one page, read by level, with their documents."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from autoprod.core.formatting import clock, day, hours
from autoprod.core.returns import ComesBack
from autoprod.core.scoping import Action
from autoprod.core.uploads import send
from autoprod.core.views import CreatePage, DeletePage, DetailPage, UpdatePage, requires
from beneficiaries.enums import InterviewState
from beneficiaries.forms.interviews import READERS, DocumentForm, InterviewForm
from beneficiaries.models import Enrolment, Interview, InterviewDocument, InterviewNote, Person
from beneficiaries.models.interviews import OwnDraftQuerySet
from beneficiaries.services import drafts, interviews
from beneficiaries.views.drafts import WithDraft
from beneficiaries.views.pathways import ForPerson, InPathway, person_url
from programmes.models import Programme, ReferenceCode

_STAY = ("enrolment__person", "enrolment__programme__territory", "mode", "kind", "led_by")
TONES = {
    InterviewState.PLANNED: "blue",
    InterviewState.HELD: "green",
    InterviewState.MISSED: "ochre",
    InterviewState.CANCELLED: "neutral",
}
#: The kinds proposed: to begin with, then every month; and after a call.
FIRST, MONTHLY, ONCE = "accueil", "mensuel", "ponctuel"
CALL = "telephone"
WITH_DOCUMENTS = (
    "Des documents sont gardés avec cet entretien\u00a0: supprimez-les d’abord, un par un."
)


def interview_url(interview: Interview) -> str:
    """Return the page of an interview."""
    return reverse("beneficiaries:interview_detail", args=[interview.pk])


def named(interview: Interview) -> str:
    """Return « Entretien du 12 novembre 2026 », « Rendez-vous du … » when it was not held."""
    is_held = interview.state == InterviewState.HELD
    return f"{'Entretien' if is_held else 'Rendez-vous'} du {day(interview.on)}"


class WriteInterview(WithDraft):
    """The page where an interview is written down, whether it was planned or not."""

    model = Interview
    form_class = InterviewForm
    template_name = "beneficiaries/interviews/form.html"
    action = Action.EDIT_PATHWAYS
    #: Whether the next appointment is asked too.
    is_followed = True

    def get_fixed(self) -> dict:
        """Return that it was held, and who leads one that was not yet."""
        return {"state": InterviewState.HELD, "led_by": self.request.user}

    def get_form_kwargs(self) -> dict:
        """Say whether the next appointment is asked."""
        return super().get_form_kwargs() | {"is_followed": self.is_followed}

    def get_success_url(self) -> str:
        """Go to the interview, where documents are added."""
        return interview_url(self.object)

    def get_proposed(self, stays) -> dict:
        """Return the first values: today, and the kind that comes next."""
        rows = Interview.objects.for_scope(self.scope, self.action).held()
        is_first = not rows.filter(enrolment__in=stays).exists()
        kinds = ReferenceCode.objects.for_scope(self.scope, self.action)
        kinds = kinds.in_list("interview_kinds").valid(timezone.localdate())
        kind = kinds.filter(code=FIRST if is_first else MONTHLY).first()
        return {"on": timezone.localdate(), "kind": kind and kind.pk}

    def get_context_data(self, **kwargs) -> dict:
        """Sort the fields by where they stand on the page."""
        context = super().get_context_data(**kwargs)
        form = context["form"]
        follow = [name for name in ("next_on", "next_at", "next_mode") if name in form.fields]
        return context | {
            "stay_field": form["enrolment"] if "enrolment" in form.fields else None,
            "when_fields": [form["on"], form["at"]],
            "length_fields": [form["quick"], form["minutes"]],
            "how_fields": [form["mode"], form["kind"]],
            "note_fields": [form[level] for level in form.levels],
            "next_fields": [form[name] for name in follow],
        }


class InterviewCreate(WriteInterview, ForPerson, CreatePage):
    """Write down an interview with somebody."""

    draft_url_name = "interview_draft"
    title = "Nouvel entretien"
    success_message = "Entretien enregistré."

    def get_subtitle(self) -> str:
        """Return with whom."""
        return str(self.parent)

    def get_drafts(self) -> OwnDraftQuerySet:
        """Return what this user was typing of a new interview of the person."""
        return drafts.own_of_person(self.scope, self.parent)

    def get_cancel_url(self) -> str:
        """Return to the person."""
        return person_url(self.parent.pk)

    def get_initial(self) -> dict:
        """Propose today and a kind, under what was being typed; what a call is when asked to."""
        proposed = self.get_proposed(self.get_stays())
        if "appel" in self.request.GET:
            proposed |= self.get_call()
        return proposed | super().get_initial()

    def get_call(self) -> dict:
        """Return how and what a call to ask after somebody is."""
        rows = ReferenceCode.objects.for_scope(self.scope, self.action).valid(timezone.localdate())
        mode = rows.in_list("interview_modes").filter(code=CALL).first()
        kind = rows.in_list("interview_kinds").filter(code=ONCE).first()
        return {"mode": mode and mode.pk, "kind": kind and kind.pk}

    def get_stays(self):
        """Return the stays of the person in the scope."""
        return Enrolment.objects.for_scope(self.scope, self.action).of(self.parent)

    def get_context_data(self, **kwargs) -> dict:
        """Add the appointments that may be this interview, or the next one."""
        rows = Interview.objects.for_scope(self.scope, self.action).filter(
            enrolment__person=self.parent, state=InterviewState.PLANNED
        )
        return super().get_context_data(planned=list(rows.order_by("on", "at", "pk")), **kwargs)


class InterviewUpdate(WriteInterview, InPathway, UpdatePage):
    """Correct an interview; each note has its own version."""

    draft_url_name = "interview_draft_over"
    select_related = _STAY
    is_followed = False

    def get_queryset(self):
        """Return the interviews that were held."""
        return super().get_queryset().held()

    def get_fixed(self) -> dict:
        """Return nothing: it was held, and who led it did."""
        return {}

    def get_drafts(self) -> OwnDraftQuerySet:
        """Return what this user was typing over the interview."""
        return drafts.own_of_interview(self.scope, self.object)

    def get_title(self) -> str:
        """Return which interview it is."""
        return named(self.object)

    def get_subtitle(self) -> str:
        """Return with whom."""
        return str(self.object.enrolment.person)


class InterviewHold(ComesBack, InterviewUpdate):
    """Write down an appointment as an interview that was held."""

    success_message = "Entretien enregistré."
    is_followed = True

    def get_title(self) -> str:
        """Return what is done."""
        return "Écrire l’entretien"

    def get_queryset(self):
        """Return any: what a colleague has written meanwhile is shown, nothing typed is lost."""
        return super(InterviewUpdate, self).get_queryset()

    def get_fixed(self) -> dict:
        """Return that it was held, by whoever writes it, unless a colleague already did."""
        is_held = self.object.state == InterviewState.HELD
        return {} if is_held else super(InterviewUpdate, self).get_fixed()

    def get_initial(self) -> dict:
        """Propose the day of the appointment, today when it is still to come."""
        proposed = self.get_proposed([self.object.enrolment])
        proposed["on"] = min(self.object.on, proposed["on"])
        return proposed | super().get_initial()


class InterviewDetail(InPathway, DetailPage):
    """One interview: each note under its own right, and its documents."""

    model = Interview
    action = Action.VIEW_PATHWAYS
    template_name = "beneficiaries/interviews/detail.html"
    select_related = _STAY

    def get_title(self) -> str:
        """Return which interview it is."""
        return named(self.object)

    def get_subtitle(self) -> str:
        """Return the hour, how long, how and with whom."""
        row = self.object
        facts = (
            str(row.enrolment.person),
            row.at and clock(row.at),
            row.minutes and hours(row.minutes),
            row.kind and row.kind.label,
            row.mode and row.mode.label,
            row.led_by and f"avec {row.led_by}",
        )
        return " · ".join(fact for fact in facts if fact)

    def get_notes(self) -> list[dict]:
        """Return the notes this user reads, the widest read first."""
        action = Action.VIEW_NOTES if self.scope.allows(Action.VIEW_NOTES) else Action.VIEW_PERSONS
        rows = InterviewNote.objects.for_scope(self.scope, action).of(self.object)
        notes = {row.level: row for row in rows.select_related("author")}
        return [
            {"row": notes[level], "label": label, "readers": readers}
            for level, (label, readers) in READERS.items()
            if level in notes
        ]

    def get_documents(self) -> list[InterviewDocument]:
        """Return the documents this user reads."""
        rows = InterviewDocument.objects.for_scope(self.scope, Action.VIEW_NOTES)
        return list(rows.of(self.object))

    def get_context_data(self, **kwargs) -> dict:
        """Add the notes, the documents, and what this user may do."""
        row, programme = self.object, self.object.enrolment.programme
        return super().get_context_data(
            notes=self.get_notes(),
            documents=self.get_documents(),
            tone=TONES[InterviewState(row.state)],
            is_held=row.state == InterviewState.HELD,
            is_planned=row.state == InterviewState.PLANNED,
            is_to_come=row.on > timezone.localdate(),
            can_edit=self.scope.opens(Action.EDIT_PATHWAYS, programme),
            can_delete=interviews.may_delete(self.scope, row),
            reads_documents=self.scope.opens(Action.VIEW_NOTES, programme),
            **kwargs,
        )


class InterviewDelete(ComesBack, InPathway, DeletePage):
    """Delete an interview: one's own, or an appointment that was not held."""

    model = Interview
    action = Action.EDIT_PATHWAYS
    select_related = _STAY

    def get_title(self) -> str:
        """Return the question."""
        is_held = self.object.state == InterviewState.HELD
        return f"Supprimer {'cet entretien' if is_held else 'ce rendez-vous'}\u00a0?"

    def get_subtitle(self) -> str:
        """Return which one it is, and with whom."""
        return f"{named(self.object)} · {self.object.enrolment.person}"

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Ask, or say whose it is."""
        self.object = self.get_object()
        if interviews.may_delete(self.scope, self.object):
            return super().get(request, *args, **kwargs)
        messages.error(request, interviews.NOT_YOURS)
        return redirect(interview_url(self.object))

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Delete it, or say what holds it."""
        self.object = self.get_object()
        try:
            interviews.delete(scope=self.scope, interview=self.object)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        except ProtectedError:
            messages.error(request, WITH_DOCUMENTS)
        else:
            messages.success(request, "Supprimé.")
            return redirect(self.get_success_url())
        return redirect(interview_url(self.object))


class OfInterview(InPathway):
    """A page about a document of an interview."""

    model = InterviewDocument
    action = Action.EDIT_PATHWAYS

    def get_interview(self) -> Interview:
        """Return the interview."""
        return self.parent or self.object.interview

    def get_stay(self) -> Enrolment:
        """Return the stay of the interview."""
        return self.get_interview().enrolment

    def get_person(self) -> Person:
        """Return whose interview it is."""
        return self.get_stay().person

    def get_programme(self) -> Programme:
        """Return the programme of the stay, for the top bar."""
        return self.get_stay().programme

    def get_success_url(self) -> str:
        """Go back to the interview."""
        return interview_url(self.get_interview())


class DocumentCreate(OfInterview, CreatePage):
    """Keep a document with an interview."""

    form_class = DocumentForm
    parent_model = Interview
    parent_kwarg = "interview"
    action = Action.VIEW_NOTES
    title = "Ajouter un document"
    submit_label = "Ajouter"
    success_message = "Document ajouté."

    def get_fixed(self) -> dict:
        """Return the interview the URL names."""
        return {"interview": self.parent}


@require_safe
@requires(Action.VIEW_NOTES)
def document_download(request: HttpRequest, pk: int) -> FileResponse:
    """Send the document, and write that it was read."""
    rows = InterviewDocument.objects.for_scope(request.scope, Action.VIEW_NOTES)
    return send(request, rows.select_related("interview__enrolment__programme"), pk)


class DocumentDelete(OfInterview, DeletePage):
    """Delete a document."""

    action = Action.VIEW_NOTES
    select_related = (
        "interview__enrolment__person",
        "interview__enrolment__programme__territory",
    )
