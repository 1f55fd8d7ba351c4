"""Pages of calendar feeds: one's own address for a programme, and what it answers."""

import hashlib
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import TemplateView

from autoprod.core.calendars import CALENDAR_TYPE
from autoprod.core.scoping import Action
from autoprod.core.views import PageMixin, ScopedMixin, get_or_404, requires
from programmes.exports.feeds import calendar
from programmes.models import Programme
from programmes.services import feeds
from programmes.views.programmes import InProgramme
from programmes.views.sessions import month_of, url_of

#: The address is a key: no link leads out with it, nothing between here and there keeps a copy.
_HEADERS = {
    "Content-Disposition": 'inline; filename="seances.ics"',
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


class CalendarFeedPage(ScopedMixin, PageMixin, InProgramme, TemplateView):
    """The user's own address: made or changed here, shown this once."""

    action = Action.VIEW_SESSIONS
    parent_model = Programme
    parent_kwarg = "programme"
    template_name = "programmes/feeds/detail.html"
    title = "Mon calendrier"

    def get_programme(self) -> Programme:
        """Return the programme the URL names."""
        return self.parent

    def get_subtitle(self) -> str:
        """Return the programme."""
        return str(self.parent)

    def get_breadcrumbs(self) -> list:
        """Return the way back to the sessions of this month."""
        return [month_of(self.parent, timezone.localdate())]

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Make an address in place of the one before, and show it."""
        secret = feeds.make(scope=self.scope, programme=self.parent)
        path = reverse("programmes:calendar_feed_read", args=[secret])
        address = request.build_absolute_uri(path)
        context = self.get_context_data(address=address, device=_subscription(address), **kwargs)
        return self.render_to_response(context)

    def get_context_data(self, **kwargs) -> dict:
        """Add the feed there is, and its address when it was just made."""
        feed = feeds.feed_of(self.scope, self.parent)
        shown = {"address": "", "device": "", "feed": feed} | kwargs
        return super().get_context_data(**shown | {"programme": self.parent})


def _subscription(address: str) -> str:
    """Return the address by which a telephone opens its calendar rather than its browser."""
    return f"webcal://{address.partition('://')[2]}"


@require_POST
@requires(Action.VIEW_SESSIONS)
def calendar_feed_revoke(request: HttpRequest, programme: int) -> HttpResponse:
    """Take back the user's address."""
    rows = Programme.objects.for_scope(request.scope, Action.VIEW_SESSIONS)
    row = get_or_404(rows, pk=programme)
    if feeds.revoke(scope=request.scope, programme=row):
        messages.success(request, "Adresse retirée. Les calendriers ne reçoivent plus rien.")
    return redirect("programmes:calendar_feed", programme=row.pk)


@login_not_required
@require_safe
def calendar_feed_read(request: HttpRequest, secret: str) -> HttpResponse:
    """Send the sessions to whoever has the address; nothing tells a lost right from no address."""
    reading = feeds.read(secret=secret)
    if reading is None:
        raise Http404
    today, programme = timezone.localdate(), reading.feed.programme
    rows = list(feeds.sessions_of(reading, on=today))
    feeds.note_reading(feed=reading.feed, on=today)

    def made(at: datetime) -> bytes:
        return calendar(
            programme, rows, made_at=at, link=lambda row: request.build_absolute_uri(url_of(row))
        )

    # The instant it is made would change the file each time: it is no part of what identifies it.
    etag = f'"{hashlib.sha256(made(reading.feed.created_at)).hexdigest()}"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(
        made(timezone.now()), content_type=CALENDAR_TYPE
    )
    for name, value in (_HEADERS | {"ETag": etag}).items():
        response[name] = value
    return response
