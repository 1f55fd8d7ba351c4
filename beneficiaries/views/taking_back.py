"""What one gesture added to several persons is taken back by one button, which names its rows."""

from collections.abc import Iterable

from django.core import signing
from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string

#: Within the day, by who has the page of the message.
_WITHIN = 24 * 60 * 60
_SALT = "beneficiaries.taken-back."


def button(request: HttpRequest, url: str, rows: Iterable[Model], *, what: str) -> str:
    """Return the button of a message; `what` keeps the rows of one gesture from another's."""
    keys = signing.dumps([row.pk for row in rows], salt=_SALT + what, compress=True)
    context = {"url": url, "added": keys}
    return render_to_string("beneficiaries/pathways/_undo.html", context, request)


def keys_of(request: HttpRequest, *, what: str) -> list[int]:
    """Return the keys that the button sends back; none once it is too late, or forged."""
    try:
        return signing.loads(request.POST.get("added", ""), salt=_SALT + what, max_age=_WITHIN)
    except signing.BadSignature:
        return []
