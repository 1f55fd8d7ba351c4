"""The second factor: giving a code, setting an application up, recovery codes, removing it."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from autoprod.accounts import second_factor, sessions
from autoprod.accounts.forms import CodeForm, PasswordCheckForm, SetupForm
from autoprod.accounts.journal import note
from autoprod.audit.enums import Verb
from autoprod.core.returns import next_of

_KEY = "second_factor_key"
_CODES = "second_factor_codes"


def _next_url(request: HttpRequest) -> str:
    return next_of(request) or reverse("core:home")


def own_device_first(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view that changes the second factor: whoever has one gives a code first.

    Otherwise a stolen password would be enough to replace it.
    """

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if request.user.is_verified() or not second_factor.device_of(request.user):
            return view(request)
        following = urlencode({"next": request.path})
        return redirect(f"{reverse('accounts:second_factor')}?{following}")

    return guarded


@require_http_methods(["GET", "POST"])
def give_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code; whoever has no application yet goes and sets one up."""
    if request.user.is_verified():
        return redirect(_next_url(request))
    if not second_factor.device_of(request.user):
        second_factor.excuse(request)
        return redirect("accounts:second_factor_setup")
    form = CodeForm(request.POST or None, user=request.user)
    if request.method == "POST":
        if form.is_valid():
            second_factor.accept(request, form.device)
            return redirect(_next_url(request))
        if form.has_error("code", "wrong"):
            note(request.scope, Verb.REFUSED, request.user, reason="code refusé")
    context = {"form": form, "next": _next_url(request)}
    return render(request, "accounts/second_factor.html", context)


@own_device_first
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Show the secret to an application, and keep it once a code proves that it is held."""
    key = request.session.setdefault(_KEY, second_factor.new_key())
    form = SetupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code, user = form.cleaned_data["code"], request.user
        if device := second_factor.confirm(user, key, code, scope=request.scope):
            return _equipped(request, device)
        form.add_error(
            "code",
            "Ce code ne correspond pas. Vérifiez l’heure de votre téléphone, attendez le code "
            "suivant, puis réessayez.",
        )
    context = {
        "form": form,
        "qr_code": second_factor.qr_code(request.user, key),
        "setup_url": second_factor.setup_url(request.user, key),
        "groups": second_factor.key_in_groups(key),
        "required": request.scope.second_factor_required,
        "replaced": request.user.is_verified(),
    }
    return render(request, "accounts/second_factor_setup.html", context)


def _equipped(request: HttpRequest, device) -> HttpResponse:
    """Verify this session, close the others, and show the recovery codes."""
    del request.session[_KEY]
    second_factor.accept(request, device)
    sessions.revoke(request.user, keep=request.session.session_key, scope=request.scope)
    return _show_new_codes(request)


def _show_new_codes(request: HttpRequest) -> HttpResponse:
    codes = second_factor.make_recovery_codes(request.user, scope=request.scope)
    request.session[_CODES] = codes
    return redirect("accounts:recovery_codes")


@require_GET
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Show the codes just made, once; later visits go back to the account."""
    codes = request.session.pop(_CODES, None)
    if not codes:
        return redirect("accounts:profile")
    return render(request, "accounts/recovery_codes.html", {"codes": codes})


@own_device_first
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def renew_recovery_codes(request: HttpRequest) -> HttpResponse:
    """Make ten other codes, after the password."""
    if not second_factor.device_of(request.user):
        return redirect("accounts:second_factor_setup")
    form = PasswordCheckForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _show_new_codes(request)
    return render(request, "accounts/recovery_codes_renew.html", {"form": form})


@own_device_first
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def take_away(request: HttpRequest) -> HttpResponse:
    """Remove the second factor, after the password; roles that need one change it instead."""
    if request.scope.second_factor_required or not second_factor.device_of(request.user):
        return redirect("accounts:profile")
    form = PasswordCheckForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        second_factor.remove(request.user, scope=request.scope)
        sessions.revoke(request.user, keep=request.session.session_key, scope=request.scope)
        messages.success(request, "La double vérification est retirée.")
        return redirect("accounts:profile")
    return render(request, "accounts/second_factor_remove.html", {"form": form})
