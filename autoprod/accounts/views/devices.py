"""Enrolled devices: making one of this browser, opening it with its code, taking one away."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from autoprod.accounts import devices, sessions
from autoprod.accounts.forms import DeviceForm, UnlockForm
from autoprod.accounts.models import Device
from autoprod.core.devices import is_restricted, landing_of, leads_to_open
from autoprod.core.formatting import counted
from autoprod.core.returns import keeping_next, next_of
from autoprod.core.scoping import Action
from autoprod.core.views import requires


@sensitive_post_parameters()
@requires(Action.TICK_ATTENDANCE)
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Choose a name and a code for this browser; it then opens attendance with the code alone."""
    label = sessions.device_label(request.headers.get("User-Agent", "")) or "Cet appareil"
    form = DeviceForm(request.POST or None, initial={"label": label})
    if request.method == "POST" and form.is_valid():
        _, token = devices.enrol(
            request, label=form.cleaned_data["label"], code=form.cleaned_data["code"]
        )
        messages.success(request, "Cet appareil s’ouvre maintenant avec votre code.")
        response = redirect("accounts:profile")
        devices.remember(response, token)
        return response
    context = {"form": form, "former": devices.find(request)}
    return render(request, "accounts/device_enrol.html", context)


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def unlock(request: HttpRequest) -> HttpResponse:
    """Ask for the code of this browser's device; say how to enrol where there is none."""
    if request.user.is_authenticated:
        return redirect(_inside(request))
    form = UnlockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            device = devices.unlock(request, form.cleaned_data["code"])
        except devices.ClosedDeviceError:
            return _closed(request)
        except devices.WrongCodeError as error:
            form.add_error("code", _wrong(error.left))
        else:
            response = redirect(_inside(request))
            devices.remember(response, devices.token_of(request))
            request.device = device
            return response
    context = {"form": form, "device": devices.find(request), "next": next_of(request)}
    return render(request, "accounts/device_unlock.html", context)


def _inside(request: HttpRequest) -> str:
    """Return the page asked for where the session opens it, otherwise where one starts."""
    wanted = next_of(request)
    if not is_restricted(request):
        return wanted or reverse("core:home")
    return wanted if leads_to_open(wanted) else landing_of(request) or reverse("core:home")


def _wrong(left: int) -> str:
    return f"Ce n’est pas le bon code. Il vous reste {counted(left, 'essai', 'essais')}."


def _closed(request: HttpRequest) -> HttpResponse:
    messages.info(
        request,
        "Cet appareil ne s’ouvre plus avec un code. Connectez-vous avec votre mot de passe, puis "
        "choisissez un nouveau code dans « Mon compte ».",
    )
    response = redirect(keeping_next(request, reverse("accounts:login")))
    devices.forget(response)
    return response


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one of one's devices away."""
    device = Device.objects.of(request.user).filter(pk=pk, revoked_at=None).first()
    if device is None:
        raise Http404
    is_here = devices.find(request) == device
    devices.revoke(device, scope=request.scope)
    messages.success(request, f"« {device} » ne s’ouvre plus avec un code.")
    response = redirect("accounts:profile")
    if is_here:
        devices.forget(response)
    return response
