"""« Mon compte »: who I am here, my password, my second factor, my open devices."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from autoprod.accounts import second_factor, sessions
from autoprod.accounts.forms import PasswordChangeForm
from autoprod.accounts.journal import note
from autoprod.accounts.models import Device, UserSession
from autoprod.audit.enums import Verb
from autoprod.core.scoping import Action


@require_GET
def profile(request: HttpRequest) -> HttpResponse:
    """Show the account."""
    rows = UserSession.objects.of(request.user).alive()
    context = {
        "facts": [("Nom", request.user.get_full_name()), ("Adresse e-mail", request.user.email)],
        "device": second_factor.device_of(request.user),
        "codes_left": second_factor.codes_left(request.user),
        "required": request.scope.second_factor_required,
        "sessions": rows,
        "current_key": request.session.session_key,
        "enrolled": Device.objects.of(request.user).living(),
        "can_enrol": request.scope.allows(Action.TICK_ATTENDANCE),
    }
    return render(request, "accounts/profile.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Change the password; every other device is logged out."""
    form = PasswordChangeForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        former = request.session.session_key
        update_session_auth_hash(request, form.user)
        sessions.follow_key(request, former)
        sessions.revoke(request.user, keep=request.session.session_key, scope=request.scope)
        note(request.scope, Verb.ACCOUNT, request.user, changed=["password"])
        messages.success(
            request, "Votre mot de passe est changé. Vos autres appareils sont déconnectés."
        )
        return redirect("accounts:profile")
    return render(request, "accounts/password_change.html", {"form": form})


@require_POST
def close_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Close one of one's devices."""
    if not sessions.revoke_one(request.user, pk, scope=request.scope):
        raise Http404
    messages.success(request, "Cet appareil est déconnecté.")
    return redirect("accounts:profile")


@require_POST
def close_other_sessions(request: HttpRequest) -> HttpResponse:
    """Close every device but this one."""
    sessions.revoke(
        request.user,
        keep=request.session.session_key,
        keep_device=request.device,
        scope=request.scope,
    )
    messages.success(request, "Vos autres appareils sont déconnectés.")
    return redirect("accounts:profile")
