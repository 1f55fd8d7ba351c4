"""What an enrolled device is told, so that the roll is taken without network."""

from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from autoprod.core.formatting import clock_range, day, hours
from autoprod.core.periods import minutes_between
from autoprod.core.scoping import Action
from beneficiaries.services.rolls import state_of
from programmes.models import ReferenceCode, Session

#: Says to the device's service worker whether a roll may be kept; asks for the copy of one.
HEADER = "Autoprod-Offline"
KEEP = "keep"
#: How many rolls a device keeps ahead.
AHEAD = 12


def shown_state(request: HttpRequest, session: Session) -> str:
    """Return the state a roll is drawn in: a copy taken ahead is drawn as it will be used.

    Nothing is written before the session's hour for all that: the service refuses it.
    """
    state = state_of(session)
    is_ahead = state == "future" and request.headers.get(HEADER) == KEEP
    return "open" if is_ahead and getattr(request, "device", None) else state


def rolls_to_keep(request: HttpRequest) -> str:
    """Return the paths of the rolls of today and tomorrow, spaces between; empty for no device."""
    if not getattr(request, "device", None):
        return ""
    today = timezone.localdate()
    rows = Session.objects.for_scope(request.scope, Action.TICK_ATTENDANCE)
    rows = rows.open_to_ticking().on_days(today, today + timedelta(days=1))
    keys = rows.order_by("starts_at", "pk").values_list("pk", flat=True)[:AHEAD]
    return " ".join(reverse("beneficiaries:attendance_tick", args=[key]) for key in keys)


def offline_of(request: HttpRequest, session: Session, reasons: list[ReferenceCode]) -> dict | None:
    """Return what the page of a roll needs to work without network; None where no device is."""
    if not getattr(request, "device", None):
        return None
    return {
        "device": request.device.pk,
        "paths": rolls_to_keep(request),
        "planned": f"prévu {hours(minutes_between(session.starts_at, session.ends_at))}",
        "reasons": reasons,
    }


def told(request: HttpRequest, response: HttpResponse, session: Session) -> HttpResponse:
    """Return the page of a roll, saying to the service worker whether to keep it, under what name.

    A page seen before the session's hour is not kept: it has no buttons.
    """
    if not getattr(request, "device", None):
        response.headers[HEADER] = "no"
    elif shown_state(request, session) != "future":
        start, end = (at.astimezone(session.zone) for at in (session.starts_at, session.ends_at))
        label = f"{session}, {day(session.on, weekday=True)}, {clock_range(start, end)}"
        said = {"on": session.on, "label": label, "starts": session.starts_at.isoformat()}
        response.headers[HEADER] = urlencode(said)
    return response
