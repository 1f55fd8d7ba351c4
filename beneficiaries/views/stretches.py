"""Somebody late, gone early, or off to another site: an hour of the session, in few taps."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from autoprod.core.htmx import wants_part
from autoprod.core.views import requires
from beneficiaries.enums import Presence
from beneficiaries.forms.stretches import HoursForm, InSessionForm, MoveForm
from beneficiaries.services import stretches
from beneficiaries.services.attendance import holding
from beneficiaries.services.roll_words import note_of
from beneficiaries.services.rolls import Row, roll_of, sites_of
from beneficiaries.views.attendance import bare, row_or_404, saved
from beneficiaries.views.rolls import A, crumbs_of, session_of, url_of
from programmes.models import Session


@dataclass(frozen=True)
class Question:
    """What is asked of somebody's stretches: a form, what saves it, and its words."""

    form: type[InSessionForm]
    act: Callable[..., Row]
    url: str
    title: str


HOURS = Question(HoursForm, stretches.set_hours, "attendance_hours", "Horaires")
MOVE = Question(MoveForm, stretches.change_site, "attendance_move", "Changement de site")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(A)
def attendance_hours(request: HttpRequest, pk: int, enrolment: int) -> HttpResponse:
    """Note when somebody came late or left early."""
    return _asked(request, pk, enrolment, HOURS)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(A)
def attendance_move(request: HttpRequest, pk: int, enrolment: int) -> HttpResponse:
    """Note that somebody goes to another site in the middle of the session."""
    return _asked(request, pk, enrolment, MOVE)


def _asked(request: HttpRequest, pk: int, enrolment: int, question: Question) -> HttpResponse:
    data, error = _with_proposal(request.POST), None
    if request.method == "POST":
        try:
            with holding(request.scope, pk) as session:
                form = question.form(data, session=session, sites=sites_of(session))
                if form.is_valid():
                    asked = {"session": session, "enrolment": enrolment, "tap": form.tap()}
                    return saved(request, session, question.act(scope=request.scope, **asked))
        except Session.DoesNotExist as missing:
            raise Http404 from missing
        except ValidationError as refusal:
            error = refusal
    return _page(request, pk, enrolment, question, error)


def _with_proposal(sent: QueryDict) -> QueryDict:
    """Return the form as if the hour of the button pressed had been typed."""
    data = sent.copy()
    for name in ("starts_at", "ends_at"):
        if proposed := sent.get(f"{name}_proposal"):
            data[name] = proposed
    return data


def _page(
    request: HttpRequest, pk: int, enrolment: int, question: Question, error: ValidationError | None
) -> HttpResponse:
    """Return the form in the row for HTMX, on a page otherwise; what was typed stays in it."""
    session = session_of(request, pk)
    row = row_or_404(session, enrolment)
    form = _form(request, session, row, question)
    if error:
        _tell(form, error, row)
    context = {"session": session, "row": row, "key": enrolment, "form": form}
    context["form_url"] = reverse(f"beneficiaries:{question.url}", args=[pk, enrolment])
    if wants_part(request):
        return bare(request, "beneficiaries/attendance/_hours.html", context)
    heading = _heading(session, row, question)
    return render(request, "beneficiaries/attendance/hours.html", context | heading)


def _form(request: HttpRequest, session: Session, row: Row, question: Question) -> InSessionForm:
    return question.form(
        _with_proposal(request.POST) if request.method == "POST" else None,
        session=session,
        sites=sites_of(session),
        row=row,
        initial={
            "version": row.line.version if row.line else 0,
            "client_uuid": uuid4(),
            "current_site": row.site.pk if row.site else None,
        },
        auto_id=f"id_{row.enrolment.pk}_%s",
    )


def _heading(session: Session, row: Row, question: Question) -> dict:
    named = roll_of(session).row(row.enrolment.pk)
    return {
        "title": f"{question.title}\u00a0: {named.name if named else row.enrolment.person}",
        "crumb": question.title,
        "breadcrumbs": [*crumbs_of(session), {"label": "Feuille", "url": url_of(session)}],
    }


def _tell(form: InSessionForm, error: ValidationError, row: Row) -> None:
    """Put a refusal beside its field, above them when it has none there.

    After a stale one, the next submit is made knowingly: it carries the version now told.
    """
    for name, errors in getattr(error, "error_dict", {None: [error]}).items():
        for one in errors:
            form.add_error(name if name in form.fields else None, one)
    if getattr(error, "code", "") == "stale":
        stored = Presence(row.status).label if row.status else "à pointer"
        told = " · ".join(filter(None, [stored, note_of(row, form.session)]))
        form.add_error(None, f"Enregistré entre-temps\u00a0: {told}.")
        form.data = form.data.copy()
        form.data["version"] = row.line.version if row.line else 0
