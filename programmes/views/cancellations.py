"""Pages that cancel a session, and plan it again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from autoprod.core.periods import local_day
from autoprod.core.scoping import Action
from autoprod.core.views import PageMixin, ScopedMixin, get_or_404, requires
from programmes.forms.sessions import CancelForm
from programmes.models import Session
from programmes.services import sessions
from programmes.views.sessions import LockedOnceClosed, SessionMixin, url_of, when


class SessionCancel(SessionMixin, LockedOnceClosed, ScopedMixin, PageMixin, FormView):
    """Say why a session does not take place."""

    once_ticked = sessions.TICKED
    form_class = CancelForm
    action = Action.EDIT_SESSIONS
    parent_model = Session
    parent_kwarg = "pk"
    template_name = "programmes/sessions/cancel.html"

    def get_session(self) -> Session:
        """Return the session the URL names."""
        return self.parent

    get_held = get_session

    def get_title(self) -> str:
        """Return « Annuler … »."""
        return f"Annuler {self.parent}\u00a0?"

    def get_subtitle(self) -> str:
        """Return which session."""
        return when(self.parent)

    def get_form_kwargs(self) -> dict:
        """Give the form its scope, and whose reasons it offers."""
        territory = self.parent.programme.territory_id
        return super().get_form_kwargs() | {"scope": self.scope, "territory": territory}

    def get_context_data(self, **kwargs) -> dict:
        """Add where « Garder la séance » leads; the deletion is on another page."""
        return super().get_context_data(cancel_url=url_of(self.parent), delete_url="", **kwargs)

    def form_valid(self, form: CancelForm) -> HttpResponse:
        """Note the reason."""
        session, reason = self.parent, form.cleaned_data["reason"]
        today = local_day(timezone.now(), session.zone)
        sessions.cancel(scope=self.scope, session=session, reason=reason, on=today)
        messages.success(self.request, "Séance annulée.")
        return redirect(url_of(session))


@require_POST
@requires(Action.EDIT_SESSIONS)
def session_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a cancelled session again."""
    rows = Session.objects.for_scope(request.scope, Action.EDIT_SESSIONS)
    session = get_or_404(rows, pk=pk)
    try:
        sessions.restore(scope=request.scope, session=session)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "Séance rétablie.")
    return redirect(url_of(session))
