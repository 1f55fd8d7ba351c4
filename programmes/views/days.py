"""Pages of a session's day: its counts in a tap, its note, its photo."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from autoprod.core.htmx import wants_part
from autoprod.core.scoping import Action
from autoprod.core.uploads import send
from autoprod.core.views import CreatePage, DeletePage, UpdatePage, get_or_404, requires
from programmes.forms.days import CountsForm, NoteForm, PhotoForm
from programmes.models import Session, SessionPhoto
from programmes.services import days
from programmes.views.sessions import LockedOnceClosed, SessionMixin, url_of


def _back(request: HttpRequest, session: Session) -> str:
    """Return the page one came from, when it is of this house; the session's otherwise."""
    url = request.POST.get("next") or request.GET.get("next", "")
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(url, hosts, require_https=request.is_secure())
    return url if is_ours and url.startswith("/") else url_of(session)


@require_POST
@requires(Action.EDIT_SESSIONS)
def session_counts(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the counts of a session; answer them for HTMX, otherwise go back."""
    rows = Session.objects.for_scope(request.scope, Action.EDIT_SESSIONS)
    session = get_or_404(rows.select_related("programme__territory", "kind"), pk=pk)
    form, fault = CountsForm(request.POST, session=session), ""
    if form.is_valid():
        try:
            days.change(scope=request.scope, session=session, changes=form.changes)
        except ValidationError as error:
            fault = " ".join(error.messages)
    else:
        fault = f"Écrivez un nombre, de 0 à {days.MOST}."
    if not wants_part(request):
        if fault:
            messages.error(request, fault)
        return redirect(_back(request, session))
    session.refresh_from_db(fields=["headcount"])
    panel = days.of_sessions(request.scope, [session]).get(session.pk)
    return render(request, "programmes/days/_counts.html", {"panel": panel, "fault": fault})


@require_POST
@requires(Action.EDIT_SESSIONS)
def session_lead(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the user leads the session."""
    rows = Session.objects.for_scope(request.scope, Action.EDIT_SESSIONS)
    session = get_or_404(rows, pk=pk)
    try:
        days.lead(scope=request.scope, session=session)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(_back(request, session))


class ComesBack:
    """A page that is left for the one it was opened from."""

    def get_success_url(self) -> str:
        """Return where one came from, the session's page when nothing says it."""
        return _back(self.request, self.get_session())

    def get_cancel_url(self) -> str:
        """Return where one came from."""
        return self.get_success_url()


class SessionNote(ComesBack, SessionMixin, LockedOnceClosed, UpdatePage):
    """Write the note of the day, in two lines."""

    form_class = NoteForm
    action = Action.EDIT_SESSIONS
    title = "Note du jour"

    def get_title(self) -> str:
        """Return « Note du jour »."""
        return self.title


class PhotoMixin(ComesBack, SessionMixin):
    """A page about the photo of the day."""

    model = SessionPhoto
    action = Action.EDIT_SESSIONS
    select_related = ("session__programme__territory", "session__kind")

    def get_session(self) -> Session:
        """Return the session of the photo."""
        return self.parent or self.object.session


class PhotoCreate(PhotoMixin, CreatePage):
    """Add the photo of the day, or put another in its place."""

    form_class = PhotoForm
    parent_model = Session
    title = "Photo du jour"

    def get_fixed(self) -> dict:
        """Return the session the URL names."""
        return {"session": self.parent}


class PhotoDelete(PhotoMixin, DeletePage):
    """Take the photo of the day away."""


@require_safe
@requires(Action.VIEW_SESSIONS)
def photo_download(request: HttpRequest, pk: int) -> FileResponse:
    """Send the photo, and write that it was seen."""
    rows = SessionPhoto.objects.for_scope(request.scope, Action.VIEW_SESSIONS)
    return send(request, rows.select_related("session__programme"), pk)
