"""One-time links: opening one, choosing a password, asking for one."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from autoprod.accounts import links
from autoprod.accounts.enums import LinkKind
from autoprod.accounts.forms import ForgottenForm, NewPasswordForm
from autoprod.accounts.models import AccessLink, User
from autoprod.core.scoping import NOTHING

_LINK = "access_link"
_SENT = (
    "Si un compte existe à cette adresse, un message vient de partir avec un lien valable un jour. "
    "Rien reçu dans dix minutes ? Regardez dans les indésirables, puis recommencez."
)


def _closed(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/link_closed.html", status=410)


@login_not_required
@never_cache
@require_GET
def follow_link(request: HttpRequest, token: str) -> HttpResponse:
    """Open a link: keep its hash in the session and leave the address that holds the token.

    The form is on another address because a browser that may send no referrer sends a form with
    « Origin: null », which the CSRF check refuses. Opening uses nothing up: mail filters do it.
    """
    link = links.open_link(token)
    if link is None:
        response = _closed(request)
    else:
        request.session[_LINK] = link.token_hash
        response = redirect("accounts:link_password")
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def choose_password(request: HttpRequest) -> HttpResponse:
    """Choose the password of the account whose link was just opened."""
    link = links.find_link(request.session.get(_LINK, ""))
    if link is None:
        return _closed(request)
    if request.user.is_authenticated and request.user.pk != link.user.pk:
        return render(request, "accounts/link_other.html", {"link": link})
    form = NewPasswordForm(link.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _use(request, link, form.cleaned_data["new_password1"])
    return render(request, "accounts/link.html", {"form": form, "link": link})


def _use(request: HttpRequest, link: AccessLink, password: str) -> HttpResponse:
    request.session.pop(_LINK, None)
    if not links.use_link(link, password):
        return _closed(request)
    messages.success(request, "Votre mot de passe est enregistré. Connectez-vous.")
    return redirect("accounts:login")


class AnswerFirst(HttpResponseRedirect):
    """A redirect that works once the answer is gone: its delay tells nothing."""

    def __init__(self, url: str, work: Callable[[], None]) -> None:
        """Keep the work for after."""
        self._work = work
        super().__init__(url)

    def close(self) -> None:
        """Work, then close; the server calls it after the last byte (PEP 3333)."""
        work, self._work = self._work, lambda: None
        work()
        super().close()


def _send_reset(request: HttpRequest, email: str) -> None:
    user = User.objects.active().filter(email=User.objects.normalize_email(email)).first()
    # One message at a time: somebody else's insistence must not fill a mailbox.
    if user and not links.is_recent(user):
        path = links.make_link(user, LinkKind.RESET, scope=NOTHING)
        links.send_link(user, LinkKind.RESET, request.build_absolute_uri(path))


@login_not_required
@require_http_methods(["GET", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a new password: by e-mail, the same answer whether the account exists or not."""
    if not settings.EMAIL_ENABLED:
        return render(request, "accounts/forgotten.html", {"by_email": False})
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        messages.success(request, _SENT)
        email = form.cleaned_data["email"]
        return AnswerFirst(reverse("accounts:login"), lambda: _send_reset(request, email))
    return render(request, "accounts/forgotten.html", {"form": form, "by_email": True})
