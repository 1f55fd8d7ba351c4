"""Getting in and out: login, the demo's ready-made people, logout."""

from urllib.parse import urlencode

from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from autoprod.accounts import demo, lockout, second_factor, sessions
from autoprod.accounts.forms import LoginForm
from autoprod.accounts.journal import note
from autoprod.accounts.models import User
from autoprod.audit.enums import Verb
from autoprod.core.devices import is_restricted
from autoprod.core.scoping import NOTHING

_BACKEND = "django.contrib.auth.backends.ModelBackend"


def _enter(request: HttpRequest, user: User) -> None:
    if is_restricted(request):
        sessions.close_current(request)  # nothing of it stays in the one the password opens
    auth.login(request, user, backend=_BACKEND)
    sessions.open_session(request, user)
    note(request.scope, Verb.LOGIN, user)


class LoginPage(LoginView):
    """E-mail and password; open to whoever is not logged in."""

    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        """Show the form to whoever is in by the code of a device, too."""
        super().setup(request, *args, **kwargs)
        self.redirect_authenticated_user = not is_restricted(request)

    def get_redirect_url(self) -> str:
        """Return the page asked for when it is a path of ours, and not this one again."""
        url = super().get_redirect_url()
        return url if url.startswith("/") and not url.startswith(reverse("accounts:login")) else ""

    def form_valid(self, form: LoginForm) -> HttpResponse:
        """Open the session; a second factor is asked before anything else."""
        _enter(self.request, form.get_user())
        url = self.get_success_url()
        if second_factor.expect_code(self.request, form.get_user()):
            url = f"{reverse('accounts:second_factor')}?{urlencode({'next': url})}"
        return redirect(url)

    def form_invalid(self, form: LoginForm) -> HttpResponse:
        """Journal the refusal: the account's number when there is one, never what was typed."""
        if form.has_error(NON_FIELD_ERRORS, "invalid_login") and lockout.was_counted(self.request):
            typed = form.cleaned_data["username"]
            locked = getattr(self.request, "axes_locked_out", False)
            reason = "connexion refusée, compte bloqué" if locked else "connexion refusée"
            note(NOTHING, Verb.REFUSED, User.objects.filter(email=typed).first(), reason=reason)
        return super().form_invalid(form)

    def get_context_data(self, **kwargs) -> dict:
        """Add the demo's people, and whether a device's code opened the present session."""
        inside = is_restricted(self.request)
        return super().get_context_data(people=demo.people(), is_inside=inside, **kwargs)


@login_not_required
@require_POST
def enter_as(request: HttpRequest) -> HttpResponse:
    """Log in as one of the demo's people, without password; absent from a real base."""
    if not demo.is_open():
        raise Http404
    if request.user.is_authenticated and not is_restricted(request):
        return redirect("core:home")
    chosen = request.POST.get("user", "")
    user = next((user for user, _ in demo.people() if str(user.pk) == chosen), None)
    if user is None:
        raise Http404
    _enter(request, user)
    return redirect("core:home")


@login_not_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Log out; a session already over goes to the login page like any other."""
    if request.user.is_authenticated:
        note(request.scope, Verb.LOGOUT, request.user)
        sessions.close_current(request)
        messages.success(request, "Votre session est fermée. À bientôt !")
    return redirect("accounts:login")
